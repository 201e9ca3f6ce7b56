// The outcome panel: a key chooses, Enter saves. Nothing that was typed is lost by a mistake.

const SPECIAL = ["sale", "callback"];

function panel() {
  return document.querySelector("[data-outcome-panel]");
}

export function suggestOutcome() {
  const script = document.querySelector("[data-script]");
  for (const key of document.querySelectorAll("[data-outcome]")) {
    key.classList.toggle("is-suggested", Boolean(script) && key.dataset.outcome === script.dataset.suggests);
  }
}

export function chooseOutcome(code) {
  const form = panel().querySelector("[data-outcome-form]");
  form.elements.code.value = code;
  for (const key of form.querySelectorAll("[data-outcome]")) {
    key.setAttribute("aria-pressed", String(key.dataset.outcome === code));
  }
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== code;
  form.querySelector("[data-detail]").hidden = false;
  focusFirst(form, code);
}

function focusFirst(form, code) {
  const part = SPECIAL.includes(code) ? form.querySelector(`[data-for="${code}"]`) : null;
  const first =
    part && (part.querySelector("[data-first-gap], input[type=radio]:checked") || part.querySelector("button, input"));
  (first || form.querySelector("[data-save]")).focus();
}

// The amount follows the product until somebody has changed it.
export function onOutcomeInput(event) {
  const input = event.target;
  if (input.name === "amount") input.dataset.own = "";
  if (input.name === "product") {
    const amount = input.form.elements.amount;
    if (!("own" in amount.dataset)) amount.value = input.dataset.price;
  }
  if (input.name === "day" || input.name === "time") showBothTimes();
}

export function chooseTime(button) {
  const form = button.closest("form");
  form.elements.day.value = button.dataset.day;
  form.elements.time.value = button.dataset.time;
  showBothTimes();
  form.querySelector("[data-save]").focus();
}

// Minutes that a zone is ahead of UTC at a moment.
function offset(zone, at) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const value = (type) => Number(parts.find((part) => part.type === type).value);
  const local = Date.UTC(value("year"), value("month") - 1, value("day"), value("hour"), value("minute"));
  return Math.round((local - at.getTime()) / 60000);
}

export function momentIn(zone, day, time) {
  const wall = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wall)) return null;
  const guess = new Date(wall - offset(zone, new Date(wall)) * 60000);
  return new Date(wall - offset(zone, guess) * 60000);
}

function show(zone, at) {
  const options = { timeZone: zone, weekday: "short", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(at);
}

export function showBothTimes() {
  const part = document.querySelector('[data-for="callback"]');
  if (!part || !part.dataset.zone) return;
  const form = part.closest("form");
  const { day, time } = form.elements;
  const at = day.value && time.value ? momentIn(part.dataset.zone, day.value, time.value) : null;
  const words = document.querySelector("[data-desk]").dataset.textBoth;
  part.querySelector("[data-both-times]").textContent = at
    ? words.replace("{theirs}", show(part.dataset.zone, at)).replace("{yours}", show(part.dataset.ownZone, at))
    : "";
}

// Take the choice back; what was typed stays for the next one.
export function forgetOutcome() {
  const form = document.querySelector("[data-outcome-form]");
  if (!form || !form.elements.code.value) return;
  form.elements.code.value = "";
  for (const key of form.querySelectorAll("[data-outcome]")) key.setAttribute("aria-pressed", "false");
  form.querySelector("[data-detail]").hidden = true;
}

export function changeOutcome() {
  const here = panel();
  here.querySelector(".desk-outcome-saved").hidden = true;
  here.querySelector("[data-outcome-form]").hidden = false;
}
