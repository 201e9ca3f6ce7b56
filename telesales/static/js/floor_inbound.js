// People who ring us and wait for an agent.

import { whole } from "./floor_words.js";
import { showSince } from "./live.js";

export function showInbound(floor, picture) {
  const place = floor.querySelector("[data-inbound]");
  const { waiting, since } = picture.inbound || { waiting: 0, since: null };
  place.hidden = waiting === 0;
  if (waiting === 0) return;
  const text = place.querySelector("[data-inbound-text]");
  const words = waiting === 1 ? text.dataset.one : text.dataset.many.replace("{n}", whole(waiting));
  if (text.textContent !== words) text.textContent = words;
  showSince(place.querySelector("[data-since]"), new Date(since * 1000));
}
