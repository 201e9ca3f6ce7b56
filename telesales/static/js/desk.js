// The agent's desk: follows what is pushed, swaps screens in, and acts by key.

import { onFieldChange, restoreFields, saveTyped, sendWaiting, showField } from "./desk-fields.js";
import {
  changeOutcome,
  chooseOutcome,
  chooseTime,
  forgetOutcome,
  onOutcomeInput,
  showBothTimes,
  suggestOutcome,
} from "./desk-outcome.js";
import { fetchPart, post, swap, thisWindow } from "./desk-send.js";
import { playTone, wakeTone } from "./desk-tone.js";
import { runningTime, serverNow } from "./live.js";
import { connect } from "./push.js";

const desk = document.querySelector("[data-desk]");
let busy = false;
let choosing = Promise.resolve(); // the outcome panel that is on its way
let arriving = null; // the call whose screen is on its way
let numbersTimer = 0;

const frame = () => desk.querySelector("[data-kind]");
const script = () => desk.querySelector("[data-script]");
const attempt = () => frame().dataset.attempt || "";

function hint(text, bad = false) {
  const place = desk.querySelector("[data-desk-hint]");
  place.textContent = text;
  place.hidden = !text;
  place.classList.toggle("is-bad", bad);
}

function refreshTimes() {
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

function settle() {
  refreshTimes();
  suggestOutcome();
  showBothTimes();
  restoreFields();
}

// --- what is shown ---

async function showScreen(url = "/desk/screen") {
  swap(frame(), await fetchPart(url));
  settle();
}

async function showBar() {
  swap(desk.querySelector("[data-bar]"), await fetchPart("/desk/bar"));
  refreshTimes();
}

async function showScript() {
  if (!script()) return;
  swap(script(), await fetchPart(`/desk/call/${attempt()}/script`));
  settle();
}

async function showOutcome() {
  const panel = desk.querySelector("[data-outcome-panel]");
  if (panel) swap(panel, await fetchPart(`/desk/call/${attempt()}/outcome`));
  settle();
}

async function showNumbers() {
  const answer = await fetch(desk.dataset.numbersUrl, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer && answer.ok) desk.querySelector("[data-numbers]").innerHTML = await answer.text();
}

// Own sales show at once; those of others only move one's place, so a whole floor need not ask in the same moment.
function numbersChanged(change = {}) {
  const wait = !("user_id" in change) || String(change.user_id) === desk.dataset.agent ? 100 : 1000 + Math.random() * 3000;
  clearTimeout(numbersTimer);
  numbersTimer = setTimeout(showNumbers, wait);
}

async function arrive(id) {
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

// The floor says that this agent is in another state.
function onState(state) {
  const sameCall = state.attempt_id !== null && String(state.attempt_id) === attempt();
  if (sameCall) return showBar();
  if (state.attempt_id !== null) return arrive(state.attempt_id);
  return showScreen();
}

// --- what is done ---

async function once(work) {
  if (busy) return;
  busy = true;
  try {
    await work();
  } catch {
    hint(navigator.onLine ? desk.dataset.textFailed : desk.dataset.textAway, true);
  } finally {
    busy = false;
  }
}

async function act(button) {
  wakeTone();
  const menu = button.closest("details.menu");
  if (menu) menu.open = false;
  const { act: url, reason, lead } = button.dataset;
  const answer = await post(url, { ...(reason && { reason }), ...(lead && { lead }) });
  if (answer.ok) return hint("");
  await showScreen();
  if (lead && answer.status === 409) hint(desk.dataset.textTaken);
}

async function move(button) {
  await saveTyped();
  const { choice, step } = button.dataset;
  const values = { revision: script().dataset.revision, ...(choice && { choice }), ...(step && { step }) };
  const answer = await post(button.dataset.move, values);
  if (answer.ok) {
    swap(script(), await answer.text());
    hint("");
    settle();
    if (document.querySelector("[data-for=sale]:not([hidden]) .desk-gaps")) await keepTyped(showOutcome);
    return;
  }
  await showScript();
  if (answer.status === 409) hint(desk.dataset.textMoved);
}

// Swap the outcome panel in without losing what was typed into it.
async function keepTyped(show) {
  const before = desk.querySelector("[data-outcome-form]");
  const typed = before ? [...new FormData(before)] : [];
  await show();
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

// What a sale still lacks depends on what was said and written since the panel was shown.
async function choose(code) {
  if (code === "sale") {
    await saveTyped();
    await keepTyped(showOutcome);
  }
  chooseOutcome(code);
}

// Enter after an outcome's key, also when it comes before the panel is there.
async function confirmOutcome() {
  await choosing;
  const form = desk.querySelector("[data-outcome-form]");
  if (!form || form.hidden || !form.elements.code.value) return;
  const gap = form.querySelector("[data-for]:not([hidden]) [data-first-gap]");
  if (gap) gap.click();
  else form.requestSubmit();
}

async function finish(form) {
  await saveTyped();
  await sendWaiting();
  const answer = await post(form.action, Object.fromEntries(new FormData(form)));
  if (answer.ok || answer.status === 422) {
    const panel = swap(form.closest("[data-outcome-panel]"), await answer.text());
    settle();
    const wrong = panel.querySelector("[aria-invalid], [data-first-gap], .field-error");
    if (wrong && wrong.focus) wrong.focus();
    if (answer.ok) numbersChanged();
    return;
  }
  hint(desk.dataset.textFailed, true);
}

async function addNote(form) {
  const answer = await post(form.action, { text: form.elements.text.value });
  if (answer.ok) swap(form.closest("[data-notes]"), await answer.text());
  else hint(desk.dataset.textFailed, true);
}

// --- keys, clicks, forms ---

function onClick(event) {
  const target = event.target.closest(
    "[data-act], [data-move], [data-show], [data-outcome], [data-day], [data-change-outcome]",
  );
  if (!target) return;
  if (target.dataset.act) once(() => act(target));
  else if (target.dataset.move) once(() => move(target));
  else if (target.dataset.show) once(() => showScreen(target.dataset.show));
  else if (target.dataset.outcome) choosing = choose(target.dataset.outcome).catch(() => hint(desk.dataset.textFailed, true));
  else if (target.dataset.day) chooseTime(target);
  else changeOutcome();
}

function onSubmit(event) {
  const form = event.target;
  if (form.matches("[data-outcome-form]")) {
    event.preventDefault();
    once(() => finish(form));
  } else if (form.matches("[data-note-form]")) {
    event.preventDefault();
    once(() => addNote(form));
  }
}

function toggleObjection(number) {
  const found = desk.querySelector(`[data-objection="${number}"]`);
  if (!found) return false;
  found.open = !found.open;
  if (found.open) found.scrollIntoView({ block: "nearest" });
  return true;
}

function isTyping(target) {
  return target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && !event.target.closest("dialog, .menu")) {
    if (isTyping(event.target)) event.target.blur();
    else forgetOutcome();
    return;
  }
  if (isTyping(event.target)) return;
  const digit = event.shiftKey && /^Digit([1-9])$/.exec(event.code);
  if (digit && toggleObjection(digit[1])) event.preventDefault();
  if (event.key === "Enter" && !event.repeat && event.target.matches("body, main, [data-outcome-form] input")) {
    event.preventDefault();
    const enter = desk.querySelector("[data-enter]");
    if (enter) enter.click();
    else confirmOutcome();
  }
}

// Arrow keys walk through the reasons of a pause; opening the menu puts the focus on the first.
function onMenuKey(event) {
  const menu = event.target.closest("[data-pause-menu]");
  const walk = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !menu.open || !walk) return;
  event.preventDefault();
  const reasons = [...menu.querySelectorAll("[data-act]")];
  const next = reasons.indexOf(document.activeElement) + walk;
  reasons[(next + reasons.length) % reasons.length].focus();
}

function onToggle(event) {
  const menu = event.target;
  if (menu.matches && menu.matches("[data-pause-menu]") && menu.open) menu.querySelector("[data-act]").focus();
}

// --- what is pushed ---

function others(handler) {
  return (data) => {
    if (data.window && data.window === thisWindow) return;
    handler(data);
  };
}

function greet(reply) {
  post("/desk/here", reply ? { reply: "1" } : {}).catch(() => {});
}

function listen() {
  const push = connect({ topics: [desk.dataset.topic, desk.dataset.standings] });
  push.on("state", (state) => onState(state).catch(() => {}));
  push.on("pop", ({ attempt_id: id }) => arrive(id).catch(() => {}));
  push.on(
    "step",
    others(({ attempt_id: id, revision }) => {
      const stale = script() && String(id) === attempt() && Number(script().dataset.revision) < revision;
      if (stale) saveTyped().then(showScript).catch(() => {});
    }),
  );
  push.on("field", others(showField));
  push.on("outcome", others(() => showOutcome().catch(() => {})));
  push.on(
    "window",
    others(({ reply }) => {
      hint(desk.dataset.textTwo);
      if (!reply) greet(true);
    }),
  );
  push.on("refused", ({ reason }) => hint(desk.dataset.textRefused.replace("{reason}", reason), true));
  push.on("changed", numbersChanged);
  let wasAway = false;
  push.onState((state) => {
    if (state === "away") wasAway = true;
    else if (wasAway) {
      wasAway = false;
      sendWaiting().then(catchUp).catch(() => {});
    }
  });
}

// After a break: whatever was missed is asked for once.
async function catchUp() {
  const html = await fetchPart("/desk/screen");
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const now = holder.content.firstElementChild;
  if (now.dataset.kind !== frame().dataset.kind) {
    frame().replaceWith(now);
    settle();
  } else {
    await showBar();
    const fresh = now.querySelector("[data-script]");
    if (script() && fresh && Number(fresh.dataset.revision) > Number(script().dataset.revision)) await showScript();
  }
  hint("");
  numbersChanged();
}

if (desk) {
  desk.addEventListener("click", onClick);
  desk.addEventListener("change", onFieldChange);
  desk.addEventListener("input", onOutcomeInput);
  desk.addEventListener("submit", onSubmit);
  desk.addEventListener("toggle", onToggle, true);
  desk.addEventListener("keydown", onMenuKey);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", wakeTone, { once: true });
  window.addEventListener("online", () => sendWaiting());
  settle();
  setInterval(refreshTimes, 1000); // clocks of the page; nothing is asked of the server
  showNumbers();
  sendWaiting();
  listen();
  greet(false);
}
