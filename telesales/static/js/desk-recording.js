// The recording of the call that is going on: how long a pause still lasts, and the bar anew when it is over.

import { desk, showBar } from "./desk-screen.js";
import { runningTime, serverNow } from "./live.js";

let asked = ""; // the end of the pause for which the bar was asked anew

export function refreshRecording() {
  const place = desk.querySelector("[data-recording-again]");
  if (!place) return;
  const until = place.dataset.recordingAgain;
  const left = (Date.parse(until) - serverNow()) / 1000;
  place.textContent = runningTime(Math.max(0, left));
  if (left <= 0 && asked !== until) {
    asked = until;
    showBar().catch(() => {
      asked = "";
    });
  }
}

export function watchRecording() {
  refreshRecording();
  setInterval(refreshRecording, 1000);
}
