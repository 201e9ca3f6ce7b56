// What a supervisor has ordered stands above the desk until it is over, or the agent has put it away.

import { fetchPart, swap } from "./desk-send.js";

const AWAY_KEY = "desk-notice-away";
let wanted = 0; // several changes together: only the last answer is shown

function hide(notice, order) {
  order.hidden = true;
  notice.hidden = !notice.querySelector(".desk-notice:not([hidden])");
}

export function isNoticeShown() {
  return Boolean(document.querySelector("[data-notice] .desk-notice"));
}

export async function showNotice() {
  const place = document.querySelector("[data-notice]");
  wanted += 1;
  const mine = wanted;
  const html = await fetchPart(place.dataset.noticeUrl);
  if (mine !== wanted) return;
  const notice = swap(document.querySelector("[data-notice]"), html);
  const order = notice.querySelector("[data-order]");
  if (order && order.dataset.order === sessionStorage.getItem(AWAY_KEY)) hide(notice, order);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-notice-away]");
  if (!button) return;
  const order = button.closest("[data-order]");
  sessionStorage.setItem(AWAY_KEY, order.dataset.order);
  hide(button.closest("[data-notice]"), order);
});
