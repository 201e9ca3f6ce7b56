// One card for each agent, those who need attention first. Cards change in place; they change places only now and
// then, and never under the pointer or the focus.

import { runningTime, serverNow } from "./live.js";

const REORDER_MS = 10000;
const LONG_PAUSE = 15 * 60;
const LONG_READY = 60;
const LONG_TALK = 15 * 60;
const ORDER = { wrap_up: 3, ready: 4, reserved: 5, on_call: 6, paused: 7 };

const cards = new Map();
let orderedAt = 0;

function urgency(agent, now, wrapUp) {
  const lasts = now - agent.since;
  if (agent.state === "wrap_up" && wrapUp && lasts > wrapUp) return 0;
  if (agent.state === "paused" && lasts > LONG_PAUSE) return 1;
  if (agent.state === "ready" && lasts > LONG_READY) return 2;
  if (agent.state === "on_call" && lasts > LONG_TALK) return 2;
  return ORDER[agent.state] ?? 9;
}

function detail(agent, person, words, steps) {
  const parts = [];
  if (agent.moves_to) parts.push(words.movesAfter);
  else if (agent.leaves_after_call) parts.push(words.leavesAfter);
  else if (agent.pause_after_call) parts.push(words.pauseAfter);
  if (agent.state === "on_call") parts.push(steps[agent.step ?? 0] || "");
  if (agent.state === "paused") parts.push(words.pause(agent.pause_reason));
  if (person.simulated) parts.push(words.simulated);
  return parts.filter(Boolean).join(" · ");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function fillCard(card, agent, person, words, state) {
  const name = person.name || `#${agent.id}`;
  write(card.querySelector("[data-name]"), name);
  card.querySelector("[data-manage]").setAttribute("aria-label", words.manage.replace("{name}", name));
  card.querySelector("[data-listen-card]").setAttribute("aria-label", words.listen.replace("{name}", name));
  write(card.querySelector("[data-latin]"), person.latin || "");
  const about = card.querySelector("[data-detail]");
  write(about, detail(agent, person, words, state.steps));
  about.title = about.textContent; // narrow cards cut it
  const since = new Date(agent.since * 1000).toISOString();
  const time = card.querySelector("[data-since]");
  if (time.dataset.since !== since) {
    time.dataset.since = since;
    time.textContent = runningTime(serverNow() / 1000 - agent.since);
  }
  if (card.dataset.state === agent.state) return;
  card.dataset.state = agent.state;
  const label = card.querySelector("[data-state]");
  label.className = `state state-${agent.state}`;
  label.querySelector("use").setAttribute("href", words.stateIcon(agent.state));
  write(label.querySelector("[data-state-word]"), words.stateName(agent.state));
}

function reorder(grid, ids) {
  const present = [...grid.children].map((card) => Number(card.dataset.id));
  if (present.join() === ids.join()) return;
  if (grid.matches(":hover, :focus-within") && present.length === ids.length) return;
  grid.append(...ids.map((id) => cards.get(id)));
}

export function showAgents(floor, words, picture, state) {
  const grid = floor.querySelector("[data-agents]");
  const now = picture.as_of || serverNow() / 1000;
  const seen = new Set();
  for (const agent of picture.agents) {
    seen.add(agent.id);
    if (!cards.has(agent.id)) {
      const card = words.card.cloneNode(true);
      card.dataset.id = agent.id;
      cards.set(agent.id, card);
    }
    fillCard(cards.get(agent.id), agent, state.people[agent.id] || {}, words, state);
  }
  const gone = [...cards.keys()].filter((id) => !seen.has(id));
  for (const id of gone) {
    cards.get(id).remove();
    cards.delete(id);
  }
  const isNew = [...seen].some((id) => !cards.get(id).isConnected);
  if (isNew || Date.now() - orderedAt > REORDER_MS) {
    orderedAt = Date.now();
    const key = (agent) => [urgency(agent, now, state.wrapUp), agent.since];
    const sorted = [...picture.agents].sort((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1]);
    reorder(grid, sorted.map((agent) => agent.id));
  }
  for (const agent of picture.agents) {
    cards.get(agent.id).classList.toggle("is-urgent", urgency(agent, now, state.wrapUp) < 3);
  }
  floor.querySelector("[data-nobody]").hidden = picture.agents.length + (picture.elsewhere || []).length > 0;
  grid.hidden = picture.agents.length === 0;
}
