// Sending from the desk: every request names its window, so that the others hear of it and this one need not.

function windowId() {
  const known = sessionStorage.getItem("desk-window");
  if (known) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem("desk-window", made);
  return made;
}

export const thisWindow = windowId();

function headers(accept = "text/html, application/json") {
  return {
    "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    "X-Desk-Window": thisWindow,
    Accept: accept,
  };
}

export function post(url, values = {}, accept = undefined) {
  return fetch(url, { method: "POST", headers: headers(accept), body: new URLSearchParams(values) });
}

export async function fetchPart(url) {
  const answer = await fetch(url, { headers: headers() });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

// The element that a fragment of our own server (escaped there) describes.
export function readFragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

export function swap(element, html) {
  const fresh = readFragment(html);
  element.replaceWith(fresh);
  return fresh;
}
