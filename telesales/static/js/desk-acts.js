// What an agent does: moves through the script, acts towards the floor, saves the outcome.

import { saveTyped, sendWaiting } from "./desk-fields.js";
import { chooseOutcome } from "./desk-outcome.js";
import { desk, hint, numbersChanged, placeScript, script, settle, showOutcome, showScreen, showScript } from "./desk-screen.js";
import { post, swap } from "./desk-send.js";
import { wakeTone } from "./desk-tone.js";

let busy = false;
let choosing = Promise.resolve(); // the outcome panel that is on its way

export async function once(work) {
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

export async function act(button) {
  wakeTone();
  const menu = button.closest("details.menu");
  if (menu) menu.open = false;
  const { act: url, reason, lead } = button.dataset;
  const answer = await post(url, { ...(reason && { reason }), ...(lead && { lead }) }, "application/json");
  if (answer.ok) return hint("");
  const { error } = await answer.json().catch(() => ({}));
  if (error === "telephone-not-connected") return hint(desk.dataset.textTelephone, true);
  await showScreen();
  if (lead && answer.status === 409) hint(desk.dataset.textTaken);
}

export async function move(button) {
  await saveTyped();
  const { choice, step } = button.dataset;
  const values = { revision: script().dataset.revision, ...(choice && { choice }), ...(step && { step }) };
  const answer = await post(button.dataset.move, values);
  if (answer.ok) {
    placeScript(await answer.text());
    hint("");
    if (document.querySelector("[data-for=sale]:not([hidden]) .desk-gaps")) renewOutcome();
    return;
  }
  await showScript();
  if (answer.status === 409) hint(desk.dataset.textMoved);
}

// Not waited for, lest the next key of a quick agent is dropped.
function renewOutcome() {
  choosing = showOutcome({ keep: true }).catch(() => hint(desk.dataset.textFailed, true));
}

// What a sale still lacks depends on what was said and written since the panel was shown.
async function prepareOutcome(code) {
  if (code === "sale") {
    await saveTyped();
    await showOutcome({ keep: true });
  }
  chooseOutcome(code);
}

// Enter after an outcome's key, also when it comes before the panel is there.
export async function confirmOutcome() {
  await choosing;
  const form = desk.querySelector("[data-outcome-form]");
  if (!form || form.hidden || !form.elements.code.value) return;
  const gap = form.querySelector("[data-for]:not([hidden]) [data-first-gap]");
  if (gap) gap.click();
  else form.requestSubmit();
}

export async function finish(form) {
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

export async function addNote(form) {
  const answer = await post(form.action, { text: form.elements.text.value });
  if (answer.ok) swap(form.closest("[data-notes]"), await answer.text());
  else hint(desk.dataset.textFailed, true);
}

export function choose(code) {
  choosing = prepareOutcome(code).catch(() => hint(desk.dataset.textFailed, true));
}
