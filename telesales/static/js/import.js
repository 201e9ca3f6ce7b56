// Progress of an import: pushed; asked for while nothing is pushed.

import { connect } from "./push.js";

const ASK_EVERY = 2000;

const place = document.querySelector("[data-import]");
const format = new Intl.NumberFormat(place.dataset.locale);
let heard = 0;

function show(news) {
  if (news.state !== "running") {
    location.reload();
    return;
  }
  heard = Date.now();
  if (news.row_count !== null) {
    const bar = place.querySelector("[data-import-bar]");
    bar.max = Math.max(1, news.row_count);
    bar.value = news.rows_done;
    place.querySelector("[data-import-text]").textContent = place.dataset.progressText
      .replace("{done}", format.format(news.rows_done))
      .replace("{total}", format.format(news.row_count));
  }
  for (const count of place.querySelectorAll("[data-import-count]")) {
    count.textContent = format.format(news.counts[count.dataset.importCount] || 0);
  }
}

async function ask() {
  if (Date.now() - heard < ASK_EVERY) return;
  try {
    const answer = await fetch(place.dataset.import, { headers: { Accept: "application/json" } });
    if (answer.ok) show(await answer.json());
  } catch (error) {
    // away: the offline bar says so, and the next round asks again
  }
}

connect({ token: place.dataset.token, topics: [place.dataset.topic] }).on("progress", show);
setInterval(ask, ASK_EVERY);
ask();
