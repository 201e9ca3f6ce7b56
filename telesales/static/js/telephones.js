// Looks at the page again every two seconds and replaces only what changed, so that focus and scrolling stay.
const PAUSE = 2000;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const found = fresh.querySelector(`[data-refresh="${CSS.escape(part.dataset.refresh)}"]`);
    if (found && !found.isEqualNode(part)) part.replaceChildren(...found.childNodes);
  }
}

async function keepLooking() {
  try {
    await refresh();
  } catch {
    // The server is away for a moment: the next look finds it.
  }
  setTimeout(keepLooking, PAUSE);
}

setTimeout(keepLooking, PAUSE);
