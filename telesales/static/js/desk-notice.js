// What a supervisor has ordered stands above the desk until it is over, or the agent has put it away.

import { fetchPart, swap } from "./desk-send.js";

const AWAY_KEY = "desk-notice-away";
let wanted = 0; // several changes together: only the last answer is shown

function putAway(notice) {
  sessionStorage.setItem(AWAY_KEY, notice.dataset.id);
  notice.hidden = true;
}

export async function showNotice() {
  const place = document.querySelector("[data-notice]");
  wanted += 1;
  const mine = wanted;
  const html = await fetchPart(place.dataset.noticeUrl);
  if (mine !== wanted) return;
  const notice = swap(document.querySelector("[data-notice]"), html);
  if (notice.dataset.id && notice.dataset.id === sessionStorage.getItem(AWAY_KEY)) notice.hidden = true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-notice-away]");
  if (button) putAway(button.closest("[data-notice]"));
});
