// What the desk shows: screens and panels that are swapped in, times that run, hints.

import { restoreFields } from "./desk-fields.js";
import { chooseOutcome, showBothTimes, suggestOutcome } from "./desk-outcome.js";
import { fetchPart, swap } from "./desk-send.js";
import { playTone } from "./desk-tone.js";
import { runningTime, serverNow } from "./live.js";

export const desk = document.querySelector("[data-desk]");
let numbersTimer = 0;
let arriving = null; // the call whose screen is on its way

export const frame = () => desk.querySelector("[data-kind]");
export const script = () => desk.querySelector("[data-script]");
export const attempt = () => frame().dataset.attempt || "";

export function hint(text, bad = false) {
  const place = desk.querySelector("[data-desk-hint]");
  place.textContent = text;
  place.hidden = !text;
  place.classList.toggle("is-bad", bad);
}

export function refreshTimes() {
  for (const element of desk.querySelectorAll("[data-since]")) {
    element.textContent = runningTime((serverNow() - Date.parse(element.dataset.since)) / 1000);
  }
  for (const bar of desk.querySelectorAll("[data-wrap-up]")) {
    bar.value = (serverNow() - Date.parse(bar.dataset.wrapUp)) / 1000;
    bar.parentElement.classList.toggle("is-over", bar.value >= bar.max);
  }
  for (const clock of desk.querySelectorAll("[data-zone-clock]")) {
    const options = { timeZone: clock.dataset.zoneClock, hour: "numeric", minute: "2-digit" };
    const text = new Intl.DateTimeFormat(document.documentElement.lang, options).format(serverNow());
    if (clock.textContent !== text) clock.textContent = text;
  }
}

export function settle() {
  refreshTimes();
  suggestOutcome();
  showBothTimes();
  restoreFields();
}

export async function showScreen(url = "/desk/screen") {
  swap(frame(), await fetchPart(url));
  settle();
}

export async function showBar() {
  swap(desk.querySelector("[data-bar]"), await fetchPart("/desk/bar"));
  refreshTimes();
}

export async function showScript() {
  if (!script()) return;
  swap(script(), await fetchPart(`/desk/call/${attempt()}/script`));
  settle();
}

export async function showOutcome({ keep = false } = {}) {
  const id = attempt();
  const html = await fetchPart(`/desk/call/${id}/outcome`);
  const panel = desk.querySelector("[data-outcome-panel]");
  if (!panel || attempt() !== id) return;
  const typed = keep ? typedOutcome() : [];
  swap(panel, html);
  settle();
  if (keep) retypeOutcome(typed);
}

function typedOutcome() {
  const form = desk.querySelector("[data-outcome-form]");
  return form ? [...new FormData(form)] : [];
}

function retypeOutcome(typed) {
  const form = desk.querySelector("[data-outcome-form]");
  if (!form || form.hidden) return;
  const code = typed.find(([name]) => name === "code");
  if (code && code[1]) chooseOutcome(code[1]);
  for (const [name, value] of typed) {
    const field = form.elements[name];
    if (!field || name === "csrf_token" || !value) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
  }
  showBothTimes();
}

export async function showNumbers() {
  const answer = await fetch(desk.dataset.numbersUrl, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer && answer.ok) desk.querySelector("[data-numbers]").innerHTML = await answer.text();
}

// Own sales show at once; those of others only move one's place, so a whole floor need not ask in the same moment.
export function numbersChanged(change = {}) {
  const wait = !("user_id" in change) || String(change.user_id) === desk.dataset.agent ? 100 : 1000 + Math.random() * 3000;
  clearTimeout(numbersTimer);
  numbersTimer = setTimeout(showNumbers, wait);
}

export async function arrive(id) {
  if (attempt() === String(id) || arriving === id) return;
  arriving = id;
  try {
    await showScreen(`/desk/call/${id}`);
  } finally {
    arriving = null;
  }
  playTone();
  const name = frame().dataset.leadName;
  desk.querySelector("[data-announce]").textContent = desk.dataset.textCall.replace("{name}", name);
}
