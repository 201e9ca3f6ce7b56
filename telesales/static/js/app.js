// On every page: theme, messages, menus, keys, ages, and forms that are sent once.

import { setServerTime, startClocks } from "./live.js";
import { showShortcuts, startShortcuts } from "./shortcuts.js";

const A_YEAR = 31536000;
const SENDING = 10000;

function chooseTheme(theme) {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? A_YEAR : 0}; samesite=lax`;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

function onClick(event) {
  const target = event.target;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  const theme = target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  if (target.closest("[data-dismiss]")) target.closest("[data-flash]").remove();
  if (target.closest("[data-show-shortcuts]")) {
    target.closest("details.menu").open = false;
    showShortcuts();
  }
}

function onEscape(event) {
  const menu = event.key === "Escape" && event.target.closest && event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// A second press while the first is on its way would do the work twice.
function onSubmit(event) {
  const form = event.target;
  const method = (form.getAttribute("method") || "").toLowerCase();
  if (event.defaultPrevented || method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.classList.contains("is-sending")) {
    event.preventDefault();
    return;
  }
  form.classList.add("is-sending");
  form.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), SENDING); // an answer that is a download leaves the page as it is
}

function release(form) {
  form.classList.remove("is-sending");
  form.removeAttribute("aria-busy");
}

// Coming back with the browser's Back button shows the page as it was left: still "sending".
function onPageShow() {
  document.querySelectorAll("form.is-sending").forEach(release);
}

const time = document.querySelector('meta[name="server-time"]');
if (time) setServerTime(time.content);
document.addEventListener("click", onClick);
document.addEventListener("keydown", onEscape);
document.addEventListener("submit", onSubmit);
window.addEventListener("pageshow", onPageShow);
startShortcuts();
startClocks();
const first = document.querySelector("[data-focus]");
if (first) first.focus();
