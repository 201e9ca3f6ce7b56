// What the desk shows: screens and panels that are swapped in, times that run, hints.

import { restoreFields } from "./desk-fields.js";
import { chooseOutcome, showBothTimes, suggestOutcome } from "./desk-outcome.js";
import { fetchPart, readFragment, swap } from "./desk-send.js";
import { playTone } from "./desk-tone.js";
import { runningTime, serverNow } from "./live.js";

export const desk = document.querySelector("[data-desk]");
let numbersTimer = 0;
let arriving = null; // the call whose screen is on its way
// Answers may come in another order than they were asked for: an older one never replaces a newer one.
let asked = 0;
const shown = { bar: 0, outcome: 0, screen: 0 };

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
  const turn = (asked += 1);
  await placeScreen(readFragment(await fetchPart(url)), turn);
}

async function placeScreen(fresh, turn) {
  if (turn < shown.screen) return;
  shown.screen = turn;
  frame().replaceWith(fresh);
  settle();
  if (turn < shown.bar) await showBar();
}

export async function showBar() {
  const turn = (asked += 1);
  const html = await fetchPart("/desk/bar");
  if (turn < Math.max(shown.bar, shown.screen)) return;
  shown.bar = turn;
  swap(desk.querySelector("[data-bar]"), html);
  refreshTimes();
}

// Ask for what belongs on the screen now, and show it unless it is there: typing is not disturbed.
export async function compareScreen() {
  const turn = (asked += 1);
  const now = readFragment(await fetchPart("/desk/screen"));
  const isOther = now.dataset.kind !== frame().dataset.kind;
  if (isOther || (!attempt() && now.dataset.state !== frame().dataset.state)) await placeScreen(now, turn);
  else await showBar();
  return now;
}

export async function showScript() {
  if (script()) placeScript(await fetchPart(`/desk/call/${attempt()}/script`));
}

export function placeScript(html) {
  const fresh = readFragment(html);
  const old = script();
  const isOfThisCall = old && old.dataset.attempt === fresh.dataset.attempt;
  if (!isOfThisCall || Number(fresh.dataset.revision) < Number(old.dataset.revision)) return;
  old.replaceWith(fresh);
  settle();
}

export async function showOutcome({ keep = false } = {}) {
  const id = attempt();
  const turn = (asked += 1);
  const html = await fetchPart(`/desk/call/${id}/outcome`);
  const panel = desk.querySelector("[data-outcome-panel]");
  if (!panel || attempt() !== id || turn < shown.outcome) return;
  shown.outcome = turn;
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
