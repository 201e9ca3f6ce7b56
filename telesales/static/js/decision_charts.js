// Charts of decisions: lines over time. Points come with the page; on the floor page pushed decisions are added, and now
// and then all points are fetched again, because what came of a decision is known some seconds later only.

import { clockTime, decimal, percent, whole } from "./floor_words.js";
import { serverNow } from "./live.js";

const WIDTH = 1000;
const HEIGHT = 100;
const EDGE = 4;
const HEAD = 20; // room for the number at the top
const LABELS = 4;
const LENGTH = 15 * 60;
const STEP = 5;
const GAP = 30; // seconds without a point: nobody worked, so no line
const FETCH_MS = 15000;
const WRITE = {
  count: whole,
  decimal: (value) => (Number.isInteger(value) ? whole(value) : decimal(value)),
  percent: (value) => percent(value, 1),
};
const LEAST = { count: 4, decimal: 2, percent: 0.02 };

function isKnown(value) {
  return value !== null && value !== undefined;
}

function pathOf(points, name, x, y, gap) {
  let path = "";
  let last = null;
  for (const point of points) {
    if (!isKnown(point[name])) continue;
    const joins = last !== null && point.at - last <= gap;
    path += `${joins ? "L" : "M"}${x(point.at).toFixed(1)} ${y(point[name]).toFixed(1)}${joins ? "" : "h0"}`;
    last = point.at;
  }
  return path;
}

function drawChart(chart, points, span) {
  const lines = [...chart.querySelectorAll("[data-line]")];
  const kind = chart.dataset.kind;
  const values = points.flatMap((point) => lines.map((line) => point[line.dataset.line])).filter(isKnown);
  const top = Math.max(LEAST[kind], ...values);
  const bottom = Math.min(0, ...values);
  const x = (at) => ((at - span.since) / (span.until - span.since)) * WIDTH;
  const y = (value) => HEIGHT - EDGE - ((value - bottom) / (top - bottom)) * (HEIGHT - HEAD - EDGE);
  const gap = Math.max(GAP, ((span.until - span.since) / LENGTH) * STEP * 3);
  for (const line of lines) line.setAttribute("d", pathOf(points, line.dataset.line, x, y, gap));
  chart.querySelector("[data-zero]").setAttribute("d", `M0 ${y(0)}H${WIDTH}`);
  chart.querySelector("[data-around]").setAttribute("d", span.around ? `M${x(span.around)} 0V${HEIGHT}` : "");
  chart.querySelector("[data-top]").textContent = WRITE[kind](top);
  for (const place of chart.querySelectorAll("[data-latest]")) {
    const known = points.filter((point) => isKnown(point[place.dataset.latest]));
    const text = known.length ? WRITE[kind](known.at(-1)[place.dataset.latest]) : "–";
    if (place.textContent !== text) place.textContent = text;
  }
}

function drawTimes(holder, span) {
  const axis = holder.querySelector("[data-times]");
  while (axis.children.length < LABELS) axis.append(document.createElement("span"));
  const places = [...axis.children];
  places.forEach((place, nth) => {
    const at = span.since + ((span.until - span.since) * nth) / (places.length - 1);
    place.textContent = clockTime(at, holder.dataset.zone, { hour: "numeric", minute: "2-digit" });
  });
}

function pointOf({ at, calls, estimates }) {
  const sum = (...names) => names.reduce((total, name) => total + (estimates[name] ?? 0), 0);
  const expected = estimates.expected_answers;
  return {
    at,
    calls,
    agents: sum("agents"),
    air: sum("ringing", "waiting", "talking"),
    predicted: expected === undefined ? null : Math.max(0, expected - sum("waiting")),
    actual: null,
    risk: calls > 0 ? estimates.risk : null,
    threshold: estimates.threshold,
    day: estimates.day_room,
    half_hour: estimates.half_hour_room,
    window: estimates.window_room,
  };
}

export function chartsOf(holder) {
  const number = (name) => (holder.dataset[name] ? Number(holder.dataset[name]) : null);
  let points = JSON.parse(holder.dataset.points);
  let fetchedAt = Date.now();

  function span() {
    const until = number("ends") ?? serverNow() / 1000;
    return { since: number("begins") ?? until - LENGTH, until, around: number("aroundAt") };
  }

  function draw() {
    const now = span();
    points = points.filter((point) => point.at >= now.since);
    for (const chart of holder.querySelectorAll("[data-chart]")) drawChart(chart, points, now);
    drawTimes(holder, now);
  }

  function add(decision) {
    const point = pointOf(decision);
    const last = points.at(-1);
    if (last && point.at <= last.at) return;
    const isSameStep = last && Math.floor(last.at / STEP) === Math.floor(point.at / STEP);
    if (isSameStep) points[points.length - 1] = { ...point, actual: last.actual };
    else points.push(point);
  }

  async function fetchAgain() {
    if (!holder.dataset.livePoints || Date.now() - fetchedAt < FETCH_MS) return;
    fetchedAt = Date.now();
    const answer = await fetch(holder.dataset.livePoints, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const stored = await answer.json();
    const newer = points.filter((point) => !stored.length || point.at > stored.at(-1).at);
    points = [...stored, ...newer];
    draw();
  }

  draw();
  return {
    hear(decision) {
      add(decision);
      draw();
      fetchAgain().catch(() => {}); // offline: the pushed points are shown, and the next picture asks again
    },
  };
}
