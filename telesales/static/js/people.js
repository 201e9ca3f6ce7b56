// Sign-in, passwords, links: small comforts. Every page works without them.

const linkForm = document.querySelector("form[data-submit-now]");
if (linkForm) linkForm.requestSubmit();

for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  input.form.addEventListener("submit", () => {
    input.type = "password";
  });
}

for (const input of document.querySelectorAll("input[data-select]")) {
  input.addEventListener("focus", () => input.select());
}

// The browser knows the person's time zone; the question is answered before it is asked.
const zone = document.querySelector("select[data-own-zone]");
if (zone && zone.value === zone.dataset.ownZone) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === own)) zone.value = own;
}
