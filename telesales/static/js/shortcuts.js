// Keys: an element with data-shortcut is pressed by its key while nobody is typing; "?" lists them.
// Whoever speaks to the computer can turn them off in the account: data-keys="off" on the page (WCAG 2.1.4).

const TYPED_INTO = "input, textarea, select, [contenteditable]";
const NOT_TYPED = ["checkbox", "radio", "button", "submit", "file"];

export function hasKeys() {
  return document.documentElement.dataset.keys !== "off";
}

function isTyping(target) {
  return target.matches && target.matches(TYPED_INTO) && !NOT_TYPED.includes(target.type);
}

function isVisible(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function withShortcut(root = document) {
  return [...root.querySelectorAll("[data-shortcut]")].filter(isVisible);
}

function press(element) {
  if (element.matches(TYPED_INTO) && !NOT_TYPED.includes(element.type)) element.focus();
  else element.click();
}

function listShortcuts(dialog) {
  const list = dialog.querySelector("[data-shortcuts-list]");
  const row = dialog.querySelector("[data-shortcut-row]");
  list.replaceChildren();
  for (const element of withShortcut()) {
    const line = row.content.cloneNode(true);
    const key = element.dataset.shortcut;
    line.querySelector("kbd").textContent = key.length === 1 ? key.toUpperCase() : key;
    line.querySelector("dd").textContent = element.dataset.shortcutLabel || element.textContent.trim();
    list.append(line);
  }
}

export function showShortcuts() {
  const dialog = document.querySelector("[data-shortcuts]");
  if (!dialog || dialog.open) return;
  listShortcuts(dialog);
  dialog.showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    showShortcuts();
    return;
  }
  const wanted = event.key.toLowerCase();
  const element = withShortcut().find((one) => one.dataset.shortcut.toLowerCase() === wanted);
  if (element && !event.repeat) {
    event.preventDefault();
    press(element);
  }
}

// Keys that do nothing are not announced either, also on what comes later.
function forgetAnnounced() {
  const forget = () => {
    for (const element of document.querySelectorAll("[aria-keyshortcuts]")) {
      element.removeAttribute("aria-keyshortcuts");
    }
  };
  forget();
  new MutationObserver(forget).observe(document.body, { childList: true, subtree: true });
}

export function startShortcuts() {
  if (!hasKeys()) return forgetAnnounced();
  document.addEventListener("keydown", onKey);
  const dialog = document.querySelector("[data-shortcuts]");
  if (!dialog) return;
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
