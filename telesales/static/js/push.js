// What the server pushes: one event stream per page that comes back by itself. A `gap` event says that more was
// missed than the server remembers: fetch the state anew.
//
//   const push = connect({ topics: ["desk:7"] });
//   push.on("call", (data) => …);
//   push.onState((state) => …);   // "open" or "away"

import { age } from "./live.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10000;
const SILENCE = 25000; // heartbeats come every 10 s; a stream that says nothing for this long is dead
const AWAY_AFTER = 1500; // a shorter break is healed before anyone would read about it

function meta(name) {
  const element = document.querySelector(`meta[name="${name}"]`);
  return element ? element.content : "";
}

// What a page shows while it is away: <html data-offline> and the bar with the age of the last data.
class OfflineBar {
  constructor() {
    this.bar = document.querySelector("[data-offline-bar]");
    this.timer = 0;
  }

  show(since) {
    document.documentElement.dataset.offline = "";
    const write = () => {
      const text = this.bar.querySelector("[data-offline-text]");
      text.textContent = this.bar.dataset.text.replace("{age}", age((Date.now() - since) / 1000));
    };
    if (!this.bar) return;
    write();
    this.bar.hidden = false;
    clearInterval(this.timer);
    this.timer = setInterval(write, 5000);
  }

  hide() {
    delete document.documentElement.dataset.offline;
    clearInterval(this.timer);
    if (this.bar) this.bar.hidden = true;
  }
}

async function freshToken(refreshUrl, topics) {
  const answer = await fetch(refreshUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": meta("csrf-token") },
    body: JSON.stringify({ topics }),
  });
  if (!answer.ok) throw new Error(`token refused: ${answer.status}`);
  return answer.json();
}

class Push {
  constructor({ url, token, topics = [], refreshUrl = "/push/token", refresh }) {
    Object.assign(this, { url: url || meta("push-url"), token });
    this.askForToken = refresh || (() => freshToken(refreshUrl, topics));
    this.handlers = new Map();
    this.watchers = new Set();
    this.bar = new OfflineBar();
    this.state = "opening";
    this.last = ""; // id of the last event: the server sends what came after it
    this.lastHeard = Date.now();
    this.failures = 0;
    this.open = this.open.bind(this);
  }

  on(event, handler) {
    const known = this.handlers.has(event);
    this.handlers.set(event, [...(this.handlers.get(event) || []), handler]);
    if (!known && this.source) this.listen(event);
    return this;
  }

  onState(watcher) {
    this.watchers.add(watcher);
    return this;
  }

  async open() {
    clearTimeout(this.retry);
    try {
      if (!this.token) await this.refresh();
    } catch (error) {
      this.fail();
      return;
    }
    if (this.closed) return;
    const query = new URLSearchParams({ token: this.token });
    if (this.last) query.set("last", this.last);
    this.token = ""; // short-lived: the next attempt asks for a fresh one
    this.source = new EventSource(`${this.url}?${query}`);
    this.source.onerror = () => this.fail();
    for (const event of ["hello", "beat"]) this.source.addEventListener(event, (message) => this.pulse(message));
    for (const event of this.handlers.keys()) this.listen(event);
    this.watchSilence();
  }

  async refresh() {
    const answer = await this.askForToken();
    this.token = answer.token;
    if (answer.url) this.url = answer.url;
  }

  listen(event) {
    this.source.addEventListener(event, (message) => this.receive(event, message));
  }

  // The server is there; whether it hears of news itself it says with every pulse.
  pulse(message) {
    if (message.lastEventId) this.last = message.lastEventId;
    if (JSON.parse(message.data).live) this.heard();
    else this.enter("away");
    this.watchSilence();
  }

  receive(event, message) {
    this.heard();
    if (message.lastEventId) this.last = message.lastEventId;
    for (const handler of this.handlers.get(event) || []) handler(JSON.parse(message.data), message);
  }

  heard() {
    this.lastHeard = Date.now();
    this.failures = 0;
    clearTimeout(this.away);
    this.away = 0;
    this.enter("open");
    this.watchSilence();
  }

  watchSilence() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.fail(), SILENCE);
  }

  fail() {
    this.hangUp();
    if (this.closed) return;
    if (!this.away) this.away = setTimeout(() => this.enter("away"), AWAY_AFTER);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures);
    this.failures += 1;
    this.retry = setTimeout(this.open, wait * (0.5 + Math.random() / 2));
  }

  enter(state) {
    if (state === this.state) return;
    this.state = state;
    if (state === "away") this.bar.show(this.lastHeard);
    else this.bar.hide();
    for (const watcher of this.watchers) watcher(state);
  }

  hangUp() {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    if (this.source) this.source.close();
    this.source = null;
  }

  close() {
    this.closed = true;
    clearTimeout(this.away);
    this.hangUp();
  }
}

export function connect(options) {
  const push = new Push(options);
  const again = () => {
    if (push.state !== "away" || push.source) return;
    push.failures = 0;
    push.open();
  };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  window.addEventListener("pagehide", () => push.hangUp());
  window.addEventListener("pageshow", (event) => event.persisted && push.open());
  push.open();
  return push;
}
