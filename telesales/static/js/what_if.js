// Progress of a what-if: asked for every two seconds.

const ASK_EVERY = 2000;
const OPEN = ["queued", "running"];

const place = document.querySelector("[data-what-if]");
const format = new Intl.NumberFormat(place.dataset.locale);

function show(news) {
  if (!OPEN.includes(news.state)) {
    location.reload();
    return;
  }
  place.querySelector("[data-what-if-so-far]").hidden = !news.done;
  if (news.total) {
    const bar = place.querySelector("[data-what-if-bar]");
    bar.max = news.total;
    bar.value = news.done;
    place.querySelector("[data-what-if-text]").textContent = place.dataset.progressText
      .replace("{done}", format.format(news.done))
      .replace("{total}", format.format(news.total));
  }
  place.querySelector("[data-what-if-left]").textContent = news.left;
}

async function ask() {
  try {
    const answer = await fetch(place.dataset.whatIf, { headers: { Accept: "application/json" } });
    if (answer.status === 401) location.reload(); // signed out meanwhile: the way to sign in leads back here
    else if (answer.ok) show(await answer.json());
  } catch (error) {
    // away: the offline bar says so, and the next round asks again
  }
}

setInterval(ask, ASK_EVERY);
ask();
