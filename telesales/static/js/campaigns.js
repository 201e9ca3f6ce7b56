// The campaign form: copies of hours and more rows. Without this script every field can still be typed.

function copyHours(button) {
  const from = document.querySelector(`[data-day="${button.dataset.copyFrom}"]`);
  const values = [...from.querySelectorAll("input")].map((input) => input.value);
  for (const day of button.dataset.copyHours.split(" ")) {
    const inputs = document.querySelectorAll(`[data-day="${day}"] input`);
    inputs.forEach((input, place) => {
      input.value = values[place];
    });
  }
}

function addProduct() {
  const rows = document.querySelector("[data-products]");
  const row = rows.lastElementChild.cloneNode(true);
  row.removeAttribute("id");
  for (const input of row.querySelectorAll("input")) input.value = "";
  rows.append(row);
  row.querySelector('[name="product_name"]').focus();
}

function showCurrency(choice) {
  for (const unit of document.querySelectorAll("[data-currency]")) unit.textContent = choice.value;
}

for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy-hours]");
  if (copy) copyHours(copy);
  if (event.target.closest("[data-add-product]")) addProduct();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-currency-choice]")) showCurrency(event.target);
});
