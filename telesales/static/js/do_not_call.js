// A register that is still being read: look again every two seconds.

const place = document.querySelector("[data-upload]");

async function ask() {
  try {
    const answer = await fetch(place.dataset.upload, { headers: { Accept: "application/json" } });
    if (answer.ok && (await answer.json()).state !== "running") location.reload();
  } catch (error) {
    // away for a moment: the next round asks again
  }
}

setInterval(ask, 2000);
