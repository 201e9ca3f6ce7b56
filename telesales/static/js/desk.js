// The agent's desk: keys, clicks and forms. What is shown, done and heard is in the modules beside it.

import { act, addNote, choose, confirmOutcome, finish, move, once } from "./desk-acts.js";
import { onFieldChange, sendWaiting } from "./desk-fields.js";
import { changeOutcome, chooseTime, forgetOutcome, onOutcomeInput } from "./desk-outcome.js";
import { greet, listen } from "./desk-push.js";
import { watchRecording } from "./desk-recording.js";
import { desk, refreshTimes, settle, showNumbers, showScreen } from "./desk-screen.js";
import { wakeTone } from "./desk-tone.js";
import { startTelephone } from "./phone/start.js";
import { hasKeys } from "./shortcuts.js";

function onClick(event) {
  const target = event.target.closest(
    "[data-act], [data-move], [data-show], [data-outcome], [data-day], [data-change-outcome]",
  );
  if (!target) return;
  if (target.dataset.act) once(() => act(target));
  else if (target.dataset.move) once(() => move(target));
  else if (target.dataset.show) once(() => showScreen(target.dataset.show));
  else if (target.dataset.outcome) choose(target.dataset.outcome);
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
  const digit = hasKeys() && event.shiftKey && /^Digit([1-9])$/.exec(event.code);
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
  watchRecording();
  showNumbers();
  sendWaiting();
  startTelephone(listen());
  greet(false);
}
