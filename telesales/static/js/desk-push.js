// What the desk hears: the floor, the other windows of this agent, the standings; and catching up after a break.

import { saveTyped, sendWaiting, showField } from "./desk-fields.js";
import { isNoticeShown, showNotice } from "./desk-notice.js";
import {
  arrive,
  attempt,
  compareScreen,
  desk,
  hint,
  numbersChanged,
  script,
  showBar,
  showOutcome,
  showScreen,
  showScript,
} from "./desk-screen.js";
import { post, thisWindow } from "./desk-send.js";
import { connect } from "./push.js";

// The floor says that this agent is in another state.
function onState(state) {
  if (state.ordered_by || isNoticeShown()) showNotice().catch(() => {});
  const sameCall = state.attempt_id !== null && String(state.attempt_id) === attempt();
  if (sameCall) return showBar();
  if (state.attempt_id !== null) return arrive(state.attempt_id);
  return showScreen();
}

function others(handler) {
  return (data) => {
    if (data.window && data.window === thisWindow) return;
    handler(data);
  };
}

export function greet(reply) {
  post("/desk/here", reply ? { reply: "1" } : {}).catch(() => {});
}

export function listen() {
  const push = connect({ topics: [desk.dataset.topic, desk.dataset.standings] });
  push.on("state", (state) => onState(state).catch(() => {}));
  push.on("pop", ({ attempt_id: id }) => arrive(id).catch(() => {}));
  push.on(
    "step",
    others(({ attempt_id: id, revision }) => {
      const stale = script() && String(id) === attempt() && Number(script().dataset.revision) < revision;
      if (stale) saveTyped().then(showScript).catch(() => {});
    }),
  );
  push.on("field", others(showField));
  push.on(
    "outcome",
    others(({ attempt_id: id }) => {
      if (String(id) === attempt()) showOutcome().catch(() => {}); // news of an earlier call takes nothing typed away
    }),
  );
  push.on(
    "window",
    others(({ reply }) => {
      hint(desk.dataset.textTwo);
      if (!reply) greet(true);
    }),
  );
  push.on("refused", ({ reason }) => hint(desk.dataset.textRefused.replace("{reason}", reason), true));
  push.on("supervised", () => showNotice().catch(() => {}));
  push.on("talk", ({ attempt_id: id, what }) => {
    if (String(id) === attempt() && what.startsWith("recording_")) showBar().catch(() => {});
  });
  push.on("changed", numbersChanged);
  push.on("gap", () => catchUp().catch(() => {}));
  let wasAway = false;
  let isNew = true; // what happened since the page was made was not heard
  push.onState((state) => {
    if (state === "away") wasAway = true;
    else if (wasAway) sendWaiting().then(catchUp).catch(() => {});
    else if (isNew) compare().catch(() => {});
    if (state === "open") wasAway = isNew = false;
  });
  return push;
}

// After a break: whatever was missed is asked for once.
async function catchUp() {
  const now = await compare();
  const fresh = now.querySelector("[data-script]");
  if (script() && fresh && Number(fresh.dataset.revision) > Number(script().dataset.revision)) await showScript();
  hint("");
  numbersChanged();
}

function compare() {
  showNotice().catch(() => {});
  return compareScreen();
}
