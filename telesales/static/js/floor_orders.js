// What a supervisor asks of one agent: a dialog that the floor may move behind. Whatever is in the way is said in it.

const TOLD_MS = 8000;
const NO_ANSWER = [200, 409, 422]; // the panel itself says what is in the way

let toldTimer = 0;
let last = null; // the picture that was pushed while a panel was on its way

function token() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

export function tell(floor, text) {
  const place = floor.querySelector("[data-told]");
  place.textContent = text;
  clearTimeout(toldTimer);
  toldTimer = setTimeout(() => {
    place.textContent = "";
  }, TOLD_MS);
}

// A part of our own server's page (escaped there).
function show(dialog, html) {
  dialog.innerHTML = html;
  const first = ["[aria-invalid]", "input:not([type=hidden])", "[data-close]"].map((name) => dialog.querySelector(name));
  first.find(Boolean).focus();
}

async function open(floor, words, dialog, id) {
  const answer = await fetch(words.agentUrl.replace(/0$/, id), { headers: { Accept: "text/html" } });
  if (!answer.ok) return tell(floor, answer.status === 404 ? words.notYours : words.failed);
  const html = await answer.text();
  if (!dialog.open) dialog.showModal();
  show(dialog, html);
  if (last) followAgent(floor, words, last);
}

async function send(floor, words, dialog, form, button) {
  const url = (button && button.getAttribute("formaction")) || form.getAttribute("action");
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token(), Accept: "text/html" },
    body: new URLSearchParams(new FormData(form, button)),
  });
  if (!NO_ANSWER.includes(answer.status)) return tell(floor, words.failed);
  const html = await answer.text();
  if (!answer.ok) return show(dialog, html);
  dialog.close();
  const holder = document.createElement("template");
  holder.innerHTML = html;
  tell(floor, holder.content.textContent.trim());
}

// The state of the agent in the dialog goes on; who has left the floor can be told nothing.
export function followAgent(floor, words, picture) {
  last = picture;
  const panel = floor.querySelector("[data-agent-dialog][open] [data-agent-panel]");
  const place = panel && panel.querySelector("[data-panel-state]");
  if (!place) return;
  const agent = picture.agents.find(({ id }) => String(id) === panel.dataset.agentPanel);
  panel.querySelector("[data-panel-gone]").hidden = Boolean(agent);
  panel.querySelector("[data-order-form]").inert = !agent;
  if (!agent) return;
  const label = place.querySelector(".state");
  label.className = `state state-${agent.state}`;
  label.querySelector("use").setAttribute("href", words.stateIcon(agent.state));
  label.querySelector("span").textContent = words.stateName(agent.state);
  label.querySelector("[data-since]").dataset.since = new Date(agent.since * 1000).toISOString();
}

export function startOrders(floor, words) {
  const dialog = floor.querySelector("[data-agent-dialog]");
  const failed = () => tell(floor, words.failed);
  let opener = null;
  floor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-manage]");
    if (button) {
      opener = button;
      open(floor, words, dialog, button.closest("[data-id]").dataset.id).catch(failed);
    } else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    send(floor, words, dialog, event.target, event.submitter).catch(failed);
  });
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    const known = opener && opener.isConnected ? opener : floor.querySelector("[data-manage]");
    if (known) known.focus({ preventScroll: true });
  });
}
