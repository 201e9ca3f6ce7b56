// Keys: an element with data-shortcut is pressed by its key while nobody is typing; "?" lists them.

const TYPED_INTO = "input, textarea, select, [contenteditable]";
const NOT_TYPED = ["checkbox", "radio", "button", "submit", "file"];

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

export function startShortcuts() {
  document.addEventListener("keydown", onKey);
  const dialog = document.querySelector("[data-shortcuts]");
  if (!dialog) return;
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
