// The floor page: what the engine pushes, shown without anything jumping about.

import { chartsOf } from "./decision_charts.js";
import { showAgents } from "./floor_agents.js";
import { showElsewhere } from "./floor_elsewhere.js";
import { addDecision, showDecision } from "./floor_decisions.js";
import { showInbound } from "./floor_inbound.js";
import { markCards, startListening } from "./floor_listening.js";
import { followAgent, startOrders } from "./floor_orders.js";
import { monthOf, percent, whole, wordsOf } from "./floor_words.js";
import { serverNow, setServerTime } from "./live.js";
import { connect } from "./push.js";

const SILENT_MS = 20000; // the engine shows the floor at least every five seconds
const RESULTS_MS = 2000; // several sales together are fetched once
const FEW_ANSWERED = 200;

const floor = document.querySelector("[data-floor]");
const charts = chartsOf(floor.querySelector("[data-charts]"));
const words = wordsOf(floor.querySelector("[data-words]"));
const data = (name) => JSON.parse(floor.dataset[name]);
const state = { people: data("people"), neighbours: data("neighbours"), steps: data("steps"), wrapUp: Number(floor.dataset.wrapUp), last: null };

function setCount(key, value) {
  const place = floor.querySelector(`[data-count="${key}"]`);
  const text = whole(value);
  if (place.textContent !== text) place.textContent = text;
}

function showCounts(picture) {
  const counts = { ready: 0, reserved: 0, on_call: 0, wrap_up: 0, paused: 0 };
  for (const agent of picture.agents) counts[agent.state] += 1;
  for (const [name, count] of Object.entries(counts)) setCount(`agents.${name}`, count);
  const { calls } = picture;
  setCount("calls.dialing", calls.reserved + calls.originating);
  setCount("calls.ringing", calls.ringing);
  setCount("calls.waiting", calls.answered - (picture.inbound ? picture.inbound.waiting : 0));
  setCount("calls.connected", calls.connected);
  setCount("calls.message", calls.message + calls.ending);
}

// "30 days", "24 hours", "November": the window of the campaign's law.
function windowLabel(texts, { kind, length, since, zone }) {
  if (kind === "successive_days") return texts.days.replace("{n}", whole(length));
  if (kind === "rolling_hours") return texts.hours.replace("{n}", whole(length));
  return monthOf(since, zone);
}

function showAbandonment({ answered, abandoned, rate, limit, pack, window: legal }) {
  const part = (name) => floor.querySelector(`[data-abandonment="${name}"]`);
  const evidence = part("evidence");
  const few = answered < FEW_ANSWERED;
  part("rate").textContent = few ? evidence.dataset.few : percent(rate, 2);
  part("rate").classList.toggle("is-few", few);
  part("limit").textContent = evidence.dataset.limitText.replace("{limit}", percent(limit, 1));
  part("bar").max = limit;
  part("bar").value = few ? 0 : Math.min(rate, limit);
  const low = pack === "uk" ? "plain" : "good"; // no rate is called safe there
  part("bar").dataset.kind = few || rate < limit * 0.7 ? low : rate < limit * 0.9 ? "warning" : "bad";
  evidence.textContent = evidence.dataset.text
    .replace("{abandoned}", whole(abandoned))
    .replace("{answered}", whole(answered))
    .replace("{window}", windowLabel(evidence.dataset, legal));
}

async function learnNames(picture) {
  const seen = [...picture.agents, ...(picture.elsewhere || [])];
  if (seen.every((agent) => agent.id in state.people)) return;
  const answer = await fetch(floor.dataset.peopleUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  state.people = { ...Object.fromEntries(seen.map((agent) => [agent.id, {}])), ...(await answer.json()) };
  showAgents(floor, words, picture, state);
  showElsewhere(floor, words, picture, state);
}

function show(picture) {
  if (state.last && picture.as_of < state.last.as_of) return;
  const before = state.last;
  state.last = picture;
  showCounts(picture);
  showInbound(floor, picture);
  showAbandonment(picture.abandonment);
  showAgents(floor, words, picture, state);
  showElsewhere(floor, words, picture, state);
  followAgent(floor, words, picture);
  markCards();
  learnNames(picture).catch(() => {}); // without a connection: the next picture asks again
  if (picture.decision && picture.decision.reason) {
    showDecision(floor, words, picture.decision);
    charts.hear(picture.decision);
    if (before) addDecision(floor, words, picture.decision);
  }
  watchSilence();
}

function watchSilence() {
  const bar = document.querySelector("[data-silent]");
  const expected = floor.dataset.running === "true";
  bar.hidden = !(expected && state.last && serverNow() - state.last.as_of * 1000 > SILENT_MS);
}

let resultsTimer = 0;
function refreshResults() {
  if (resultsTimer) return;
  resultsTimer = setTimeout(async () => {
    resultsTimer = 0;
    const answer = await fetch(floor.dataset.resultsUrl).catch(() => null);
    if (!answer) return refreshResults();
    const isPage = answer.redirected; // signed out meanwhile: the way to sign in does not belong into a box
    if (answer.ok && !isPage) floor.querySelector("[data-results]").innerHTML = await answer.text();
  }, RESULTS_MS);
}

const push = connect({ topics: data("topics") });
push.on("floor", (picture) => {
  setServerTime(new Date(picture.as_of * 1000).toISOString());
  show(picture);
});
push.on("changed", refreshResults);
push.on("gap", () => window.location.reload());

for (const decision of data("decisions").reverse()) addDecision(floor, words, decision);
const first = data("snapshot");
if (first) show(first);
else showAgents(floor, words, { agents: [] }, state);
startOrders(floor, words);
startListening(floor, words, push);
setInterval(watchSilence, 5000);
