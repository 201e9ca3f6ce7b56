// Buttons that copy a text: <button data-copy="…" data-done="Copied">.

// Pages that come over plain HTTP have no clipboard API: the old command works everywhere.
function copyOldWay(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(text) {
  if (!navigator.clipboard) return copyOldWay(text);
  await navigator.clipboard.writeText(text);
  return true;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    if (await copy(button.dataset.copy)) button.textContent = button.dataset.done;
    button.focus();
  });
}
