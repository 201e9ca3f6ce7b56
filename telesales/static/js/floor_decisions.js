// The pacing decision in a sentence, built from the numbers it was made with, and the decisions before.

import { clockTime, fill, percent, whole } from "./floor_words.js";

const MOST_ROWS = 30;
const PERCENTS = ["answer_rate", "day_rate"];
let newest = { at: 0, reason: "" };

function headOf(words, calls) {
  return calls > 0 ? words.placed.replace("{calls}", whole(calls)) : words.nothing;
}

function whyOf(words, decision) {
  const known = decision.estimates;
  const isNotOne = decision.reason === "no_more_risk" && !decision.calls;
  const said = [isNotOne ? words.notOne : words.reason(decision.reason)];
  if ("wanted" in known) said.push(words.held);
  if (known.inbound_waiting > 0 || known.inbound_an_hour >= Number(words.inboundMatters)) said.push(words.ringingIn);
  return said.map((text) => fill(words, text, known)).join(words.gap);
}

function shortWhyOf(words, decision) {
  return fill(words, words.shortReason(decision.reason), decision.estimates);
}

export function showDecision(floor, words, decision) {
  const text = words.sentence
    .replace("{head}", headOf(words, decision.calls))
    .replace("{why}", whyOf(words, decision));
  const place = floor.querySelector("[data-decision]");
  if (place.textContent !== text) place.textContent = text;
  showRisk(floor, words, decision.estimates);
  for (const field of floor.querySelectorAll("[data-estimate]")) {
    const value = decision.estimates[field.dataset.estimate];
    const shown = value === undefined ? "–" : PERCENTS.includes(field.dataset.estimate) ? percent(value, 1) : whole(value);
    if (field.textContent !== shown) field.textContent = shown;
  }
}

function showRisk(floor, words, { next_risk: risk, threshold }) {
  const part = floor.querySelector("[data-risk]");
  const isKnown = risk !== undefined && threshold > 0;
  part.hidden = false;
  part.classList.toggle("is-unknown", !isKnown);
  const bar = floor.querySelector("[data-risk-bar]");
  bar.max = isKnown ? threshold : 1;
  bar.value = isKnown ? Math.min(risk, threshold) : 0;
  floor.querySelector("[data-risk-text]").textContent = isKnown
    ? words.riskWords.replace("{risk}", percent(risk, 1)).replace("{allowed}", percent(threshold, 1))
    : "–";
}

export function addDecision(floor, words, decision) {
  if (decision.at <= newest.at || (decision.calls === 0 && decision.reason === newest.reason)) return;
  newest = decision;
  const row = words.decisionRow.cloneNode(true);
  const time = row.querySelector("time");
  time.dateTime = new Date(decision.at * 1000).toISOString();
  time.textContent = clockTime(decision.at, words.zone);
  row.querySelector("a").href = words.decisionUrl.replace(/0$/, Math.round(decision.at * 1000));
  row.querySelector(".decision-calls").textContent = `+${whole(decision.calls)}`;
  row.querySelector(".decision-why").textContent = shortWhyOf(words, decision);
  const list = floor.querySelector("[data-decisions-list]");
  list.prepend(row);
  while (list.children.length > MOST_ROWS) list.lastElementChild.remove();
}
