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

async function post(url, values) {
  const answer = await fetch(url, { method: "POST", headers: headers(), body: new URLSearchParams(values) });
  if ([200, 409, 422, 503].includes(answer.status)) show(await answer.text());
}

async function renew(url) {
  const answer = await fetch(url, { headers: headers() });
  if (answer.ok) show(await answer.text());
}

export function startListening(floor, words, push) {
  const url = words.listeningUrl;
  const stop = (why) => {
    closePhone();
    return post(`${url}/stop`, { why });
  };
  const begin = async (agent, mode) => {
    if (words.carrier === "asterisk") {
      const state = await openPhone(push);
      if (state !== "ready") return tell(floor, state === "blocked" ? words.noMicrophone : words.noTelephone);
      speak(mode);
    }
    await post(url, { agent, mode });
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
