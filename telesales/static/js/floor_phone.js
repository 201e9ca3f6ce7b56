// The supervisor's own telephone: opened with the first listening, closed with the page or when listening is stopped.

import { post as send, thisWindow } from "./desk-send.js";
import { Line } from "./phone/line.js";

const NO_WAY = ["blocked", "off", "elsewhere"];
const LONGEST_WAIT = 15000;

let line = null;

const post = (url, values) => send(url, values, "application/json");

async function read() {
  const answer = await fetch("/telephone", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`telephone: ${answer.status}`);
  return answer.json();
}

function make(push) {
  const audio = document.createElement("audio");
  audio.dataset.phoneAudio = "";
  document.body.append(audio);
  const made = new Line({ post, read, audio });
  push.on("line", ({ state }) => (state === "closed" ? made.halt("off") : made.look()));
  push.on("telephone", ({ window: other }) => other !== thisWindow && made.halt("elsewhere"));
  push.onState((state) => state === "open" && made.look()); // what was said before we listened was not heard
  return made;
}

// Resolves to the state in which it came to rest.
export function openPhone(push) {
  line ||= make(push);
  if (line.state === "connected") return Promise.resolve("ready");
  return new Promise((resolve) => {
    const end = (state) => {
      clearTimeout(timer);
      line.removeEventListener("state", look);
      resolve(state);
    };
    const look = () => {
      if (line.state === "connected") end("ready");
      else if (NO_WAY.includes(line.state)) end(line.state);
    };
    const timer = setTimeout(() => end("away"), LONGEST_WAIT);
    line.addEventListener("state", look);
    line.open({ take: true }).then(look, () => end("away"));
  });
}

// Who only listens is not heard, whatever the network does.
export function speak(mode) {
  if (line) line.mute(mode === "listen");
}

export function closePhone() {
  if (!line || line.state === "off") return;
  line.halt("off");
  post("/telephone/close").catch(() => {});
}
