// The television. It is told when something changes, asks for the figures then, and never gives up:
// while server or network are away it keeps the last figures, says so, and tries again by itself.

import { connect } from "./push.js";
import { serverNow, setServerTime } from "./live.js";
import { drawAwards, drawClock, drawTeam, drawTicker, timeOfDay } from "./whiteboard/drawing.js";
import { drawRows } from "./whiteboard/rows.js";
import { celebrate, isPlaying } from "./whiteboard/stage.js";

const REGULARLY = 20000;
const WITHOUT_PUSH = 5000;
const AFTER_CHANGE = 150; // several changes at once are one picture
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;
const PATIENCE = 8000;
const A_DAY = 24 * 3600 * 1000;

const text = document.body.dataset;
const bar = document.querySelector("[data-away-bar]");
const opened = Date.now();
let state = JSON.parse(text.state);
let push = null;
let timer = 0;
let failures = 0;
let asking = false;
let askAgain = false;

function draw() {
  const board = state.board;
  document.querySelector("[data-demo]").hidden = !board.demo;
  drawRows(board);
  drawTeam(board.team, text);
  drawAwards(board.awards);
  drawTicker(board.ticker, state.time_zone);
}

function tick() {
  drawClock(new Date(serverNow()), state.time_zone);
}

function showAway(sentence) {
  document.documentElement.dataset.away = "";
  bar.textContent = sentence;
  bar.hidden = false;
}

function showEnded() {
  document.documentElement.dataset.ended = "";
  showAway(text.ended);
}

function showBack() {
  delete document.documentElement.dataset.away;
  delete document.documentElement.dataset.ended;
  bar.hidden = true;
}

async function ask() {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(text.boardUrl, { cache: "no-store", signal: stop.signal });
    if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
    return await answer.json();
  } finally {
    clearTimeout(patience);
  }
}

// The page loads itself anew only when the server has just answered, so that it cannot end on an error page.
function isOutdated(fresh) {
  return fresh.version !== state.version || (Date.now() - opened > A_DAY && !isPlaying());
}

function take(fresh) {
  failures = 0;
  if (isOutdated(fresh)) {
    location.reload();
    return;
  }
  state = fresh;
  setServerTime(state.server_time);
  if (!state.board) {
    showEnded();
    return;
  }
  showBack();
  draw();
  listen();
}

function loseTouch() {
  failures += 1;
  const since = timeOfDay(new Date(Date.parse(state.server_time)), state.time_zone);
  showAway(text.away.replace("{time}", since));
}

function nextWait() {
  if (failures) return Math.min(LONGEST_WAIT, FIRST_WAIT * Math.pow(1.5, failures - 1)) * (0.75 + Math.random() / 4);
  return push && push.state === "open" ? REGULARLY : WITHOUT_PUSH;
}

async function refresh() {
  clearTimeout(timer);
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    take(await ask());
  } catch (error) {
    loseTouch();
  }
  asking = false;
  timer = setTimeout(refresh, askAgain ? AFTER_CHANGE : nextWait());
  askAgain = false;
}

function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, AFTER_CHANGE);
}

async function freshToken() {
  const fresh = await ask();
  if (!fresh.push_token) throw new Error("the link was taken back");
  return { token: fresh.push_token };
}

function listen() {
  if (push) return;
  push = connect({ token: state.push_token, refresh: freshToken });
  push.on("changed", refreshSoon);
  push.on("gap", refreshSoon);
  push.on("sale", (sale) => celebrate(sale, serverNow()));
  push.onState(refreshSoon);
}

setServerTime(state.server_time);
tick();
setInterval(tick, 5000);
window.addEventListener("offline", refreshSoon);
window.addEventListener("online", refreshSoon);
if (state.board) {
  draw();
  listen();
  timer = setTimeout(refresh, REGULARLY);
} else {
  showEnded();
  timer = setTimeout(refresh, LONGEST_WAIT);
}
