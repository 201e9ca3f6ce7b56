// The telephone of the desk: puts its parts together and keeps them in step with the server.

import { frame } from "../desk-screen.js";
import { post as send, thisWindow } from "../desk-send.js";
import { Check } from "./check.js";
import { Keys } from "./keys.js";
import { Line } from "./line.js";
import { OwnPhone } from "./own.js";

const post = (url, values) => send(url, values, "application/json");

async function read() {
  const answer = await fetch("/telephone", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`telephone: ${answer.status}`);
  return answer.json();
}

function showLine(strip, line) {
  const place = strip.querySelector("[data-phone-state]");
  place.dataset.phoneState = line.state;
  for (const button of strip.querySelectorAll("[data-phone-again], [data-phone-take]")) {
    button.hidden = !button.dataset.when.split(" ").includes(line.state);
  }
  place.querySelector("[data-quality]").dataset.quality = line.quality;
  strip.querySelector("[data-phone-mute]").hidden = line.own || line.state === "elsewhere"; // no microphone of ours
}

function startLine(strip, keys) {
  const line = new Line({ post, read, audio: strip.querySelector("[data-phone-audio]") });
  const check = new Check(strip.querySelector("[data-phone-dialog]"), line);
  const own = new OwnPhone(strip.querySelector("[data-phone-own]"), line, read);
  const mute = strip.querySelector("[data-phone-mute]");
  for (const name of ["state", "quality"]) line.addEventListener(name, () => showLine(strip, line));
  line.addEventListener("mute", () => {
    mute.setAttribute("aria-pressed", String(line.muted));
    keys.say(line.muted ? strip.dataset.textMuted : keys.talk ? keys.wordsFor(keys.talk) : "");
  });
  mute.addEventListener("click", () => line.mute(!line.muted));
  strip.querySelector("[data-phone-check]").addEventListener("click", () => check.show());
  strip.querySelector("[data-phone-again]").addEventListener("click", () => line.open());
  strip.querySelector("[data-phone-take]").addEventListener("click", () => line.open({ take: true }));
  window.addEventListener("beforeunload", (event) => keys.talk && event.preventDefault());
  if (own.isWanted) own.begin();
  else line.open();
  if (!check.wasDone && !own.isWanted) check.show();
  return line;
}

// Another carrier has another telephone, and the page's rules on where it may connect are those of its own.
function watchCarrier(strip) {
  const look = () => {
    if (frame().dataset.carrier !== strip.dataset.carrier) location.reload();
  };
  new MutationObserver(look).observe(frame().parentElement, { childList: true });
}

export function startTelephone(push) {
  const strip = document.querySelector("[data-phone]");
  if (!strip) return;
  const keys = new Keys(strip, post);
  const line = strip.dataset.carrier === "asterisk" ? startLine(strip, keys) : null;
  const refresh = () => read().then(({ talk }) => keys.show(talk)).catch(() => {});
  push.on("talk", (news) => {
    if (news.what === "talk_begun" && line) line.mute(false); // nobody greets a callee in silence
    keys.hear(news);
  });
  if (line) {
    push.on("line", ({ state }) => (state === "closed" && !line.own ? line.open() : line.look()));
    push.on("telephone", ({ window: other }) => other !== thisWindow && line.halt("elsewhere"));
  }
  push.onState((state) => {
    if (state !== "open") return;
    refresh();
    if (line) line.look(); // what was said before we listened was not heard
  });
  watchCarrier(strip);
}
