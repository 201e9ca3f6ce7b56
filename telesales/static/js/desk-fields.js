// Fields of the script: sent when they change, kept in this browser until the server has them.

import { post } from "./desk-send.js";

const PREFIX = "desk-field:";
const RETRY = 3000; // a server that fails is not heard to come back
let retry = 0;

function storageKey(attempt, field) {
  return `${PREFIX}${attempt}:${field}`;
}

function fieldElement(attempt, field) {
  const script = document.querySelector(`[data-script][data-attempt="${attempt}"]`);
  return script && script.querySelector(`[data-field="${CSS.escape(field)}"]`);
}

function setMark(element, state) {
  const mark = element && element.querySelector("[data-mark]");
  if (!mark) return;
  mark.className = `desk-saved is-${state}`;
  mark.textContent = state === "none" ? "" : mark.dataset[state];
}

function setError(element, text) {
  if (!element) return;
  const place = element.querySelector("[data-error]");
  place.textContent = text;
  place.hidden = !text;
  for (const input of element.querySelectorAll("input")) {
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

function setValue(element, value) {
  for (const input of element.querySelectorAll("input")) {
    if (input.type === "radio") input.checked = input.value === value;
    else if (document.activeElement !== input) input.value = value;
  }
}

function keepWaiting(attempt, field) {
  setMark(fieldElement(attempt, field), "waiting");
  clearTimeout(retry);
  retry = setTimeout(sendWaiting, RETRY);
}

async function send(attempt, field, value) {
  const key = storageKey(attempt, field);
  localStorage.setItem(key, value);
  setMark(fieldElement(attempt, field), "saving");
  let answer;
  try {
    answer = await post(`/desk/call/${attempt}/field`, { field, value });
  } catch {
    keepWaiting(attempt, field);
    return;
  }
  if (localStorage.getItem(key) !== value) return; // changed again meanwhile: that one is on its way
  finish(attempt, field, answer);
}

async function finish(attempt, field, answer) {
  const element = fieldElement(attempt, field);
  if (answer.status >= 500) {
    keepWaiting(attempt, field);
    return;
  }
  localStorage.removeItem(storageKey(attempt, field));
  const body = await answer.json().catch(() => ({}));
  setMark(element, answer.ok ? "saved" : "none");
  setError(element, answer.ok ? "" : body.error || "");
  if (answer.ok && element) setValue(element, body.value);
}

export function onFieldChange(event) {
  const element = event.target.closest("[data-field]");
  if (!element) return;
  const script = element.closest("[data-script]");
  send(script.dataset.attempt, element.dataset.field, event.target.value);
}

// What another window wrote into a field of this call.
export function showField({ attempt_id: attempt, field, value }) {
  const element = fieldElement(attempt, field);
  if (!element) return;
  setValue(element, value);
  setError(element, "");
  setMark(element, "saved");
}

function waiting() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => {
      const [attempt, field] = key.slice(PREFIX.length).split(/:(.*)/s);
      return { attempt, field, value: localStorage.getItem(key) };
    });
}

// Values that were typed without a connection stand in their fields again after a reload.
export function restoreFields() {
  for (const { attempt, field, value } of waiting()) {
    const element = fieldElement(attempt, field);
    if (!element) continue;
    setValue(element, value);
    setMark(element, "waiting");
  }
}

export function sendWaiting() {
  return Promise.all(waiting().map(({ attempt, field, value }) => send(attempt, field, value)));
}

// Whatever is being typed is saved before the call moves on.
export async function saveTyped() {
  const active = document.activeElement;
  if (active && active.closest("[data-field]") && active.type !== "radio" && active.value !== active.defaultValue) {
    active.defaultValue = active.value;
    const element = active.closest("[data-field]");
    await send(element.closest("[data-script]").dataset.attempt, element.dataset.field, active.value);
  }
}
