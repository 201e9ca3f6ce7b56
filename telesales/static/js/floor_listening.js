// Taking part in an agent's call: a button on the card begins, the bar at the foot changes the mode and stops.

import { tell } from "./floor_orders.js";
import { closePhone, openPhone, speak } from "./floor_phone.js";

function headers() {
  return { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, Accept: "text/html" };
}

function bar() {
  return document.querySelector("[data-listening]");
}

// A part of our own server's page (escaped there). What had the focus keeps it.
function show(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const had = bar().contains(document.activeElement) && document.activeElement.dataset.listen;
  const fresh = holder.content.firstElementChild;
  bar().replaceWith(fresh);
  const again = had && fresh.querySelector(`[data-listen="${had}"]`);
  if (again) again.focus();
  markCards();
}

// The card of the agent whose call it is says so.
export function markCards() {
  const agent = bar().dataset.agent || "";
  for (const button of document.querySelectorAll("[data-listen-card]")) {
    button.setAttribute("aria-pressed", String(button.closest("[data-id]").dataset.id === agent));
  }
}

let turn = 0; // an answer that was asked for in an earlier one is out of date

async function post(url, values) {
  turn += 1;
  const answer = await fetch(url, { method: "POST", headers: headers(), body: new URLSearchParams(values) });
  if (answer.status === 503) closePhone(); // the network was not told: nothing may be heard that nobody knows of
  if (![200, 409, 422, 503].includes(answer.status)) return;
  const html = await answer.text();
  turn += 1;
  show(html);
}

// Without a connection the bar stays as it is: the next news asks again.
async function renew(url) {
  const asked = turn;
  const answer = await fetch(url, { headers: headers() }).catch(() => null);
  const html = answer && answer.ok ? await answer.text() : "";
  if (html && asked === turn) show(html);
}

export function startListening(floor, words, push) {
  const url = words.listeningUrl;
  const failed = () => tell(floor, words.failed);
  const stop = (why) => {
    closePhone();
    return post(`${url}/stop`, { why }).catch(failed);
  };
  const begin = async (agent, mode) => {
    if (words.carrier === "asterisk") {
      const state = await openPhone(push);
      if (state !== "ready") return tell(floor, state === "blocked" ? words.noMicrophone : words.noTelephone);
      speak(mode);
    }
    await post(url, { agent, mode }).catch(failed);
  };
  document.addEventListener("click", (event) => {
    const card = event.target.closest("[data-listen-card]");
    const mode = event.target.closest("[data-listen]");
    if (card && card.getAttribute("aria-pressed") === "true") stop("asked");
    else if (card) begin(card.closest("[data-id]").dataset.id, "listen");
    else if (mode) begin(mode.dataset.listenAgent, mode.dataset.listen);
    else if (event.target.closest("[data-stop-listening]")) stop("asked");
  });
  push.on("listening", () => renew(url));
  push.on("supervision", ({ mode, why }) => {
    if (mode !== "stop" || !why) return;
    tell(floor, words.noTelephone);
    stop("line_lost");
  });
  window.addEventListener("pagehide", () => {
    if (!bar().dataset.agent) return;
    const body = new URLSearchParams({ why: "page_closed", csrf_token: headers()["X-CSRFToken"] });
    navigator.sendBeacon(`${url}/stop`, body);
  });
  if (!bar().dataset.agent) renew(url);
}
