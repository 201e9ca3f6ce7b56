// The leaderboard follows the floor: it is fetched again when a sale is made or cancelled.

import { glow } from "./live.js";
import { connect } from "./push.js";

const GATHER = 400; // several sales in one moment are one refresh

const root = document.querySelector("[data-standings]");
let timer = 0;

function sales() {
  const rows = root.querySelectorAll("tr[data-user]");
  return new Map([...rows].map((row) => [row.dataset.user, row.querySelector('[data-value="sales"]').textContent]));
}

function glowWhatChanged(before) {
  for (const [user, count] of sales()) {
    if (before.get(user) !== count) glow(root.querySelector(`tr[data-user="${user}"]`));
  }
}

async function refresh() {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-standings]");
  if (!fresh) return;
  const before = sales();
  root.replaceChildren(...fresh.childNodes);
  glowWhatChanged(before);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, GATHER);
}

const push = connect({ topics: [root.dataset.topic] });
push.on("changed", soon);
push.onState((state) => state === "open" && soon());
