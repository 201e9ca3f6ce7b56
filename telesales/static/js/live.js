// Values that change while a page is open: ages, running times, pushed numbers.

let ahead = 0; // how far the server's clock is ahead of this computer's, in milliseconds

export function setServerTime(iso) {
  const at = Date.parse(iso);
  if (!Number.isNaN(at)) ahead = at - Date.now();
}

export function serverNow() {
  return Date.now() + ahead;
}

export function runningTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

export function age(seconds) {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  }
  return format.format(0, "second");
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function secondsSince(iso) {
  return (serverNow() - Date.parse(iso)) / 1000;
}

function tick() {
  for (const element of document.querySelectorAll('[data-since]:not([data-since=""])')) {
    setText(element, runningTime(secondsSince(element.dataset.since)));
  }
}

// Let an element show how long something lasts: at once, and with every second.
export function showSince(element, at) {
  element.dataset.since = at.toISOString();
  setText(element, runningTime(secondsSince(element.dataset.since)));
}

function refreshAges() {
  for (const element of document.querySelectorAll("time[data-age]")) {
    setText(element, age(secondsSince(element.dateTime)));
  }
}

export function glow(element) {
  element.classList.remove("glow");
  void element.offsetWidth; // starts the animation anew
  element.classList.add("glow");
}

// Put a pushed value where it belongs; what changed glows once.
export function setLive(key, value) {
  for (const element of document.querySelectorAll(`[data-live="${CSS.escape(key)}"]`)) {
    if ("value" in element) element.value = value;
    else if (element.textContent !== String(value)) {
      element.textContent = value;
      glow(element.closest("tr, .stat") || element);
    }
  }
}

export function startClocks() {
  tick();
  refreshAges();
  setInterval(tick, 1000);
  setInterval(refreshAges, 20000);
}
