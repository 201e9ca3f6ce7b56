// The keys of a call: hold, keypad, transfer, three-way. What came of them arrives by push and is shown here.

const PANELS = "[data-phone-keypad], [data-phone-transfer]";

export class Keys {
  // post(url, values) talks to our server.
  constructor(strip, post) {
    Object.assign(this, { strip, post, talk: null, sending: Promise.resolve() });
    this.words = strip.querySelector("[data-phone-words]");
    strip.addEventListener("click", (event) => this.onClick(event));
    strip.addEventListener("submit", (event) => this.onSubmit(event));
    strip.addEventListener("toggle", (event) => this.onToggle(event), true);
    const pad = strip.querySelector("[data-phone-keypad]");
    pad.addEventListener("keydown", (event) => this.onPadKey(event));
  }

  onClick(event) {
    const summary = event.target.closest("summary");
    if (summary) return this.open(event, summary.parentElement);
    const key = event.target.closest("[data-phone-verb], [data-phone-digit]");
    if (!key) return;
    if (key.dataset.phoneDigit) return this.press(key.dataset.phoneDigit);
    const holds = key.dataset.phoneVerb === "hold" && this.talk && this.talk.held;
    this.ask(holds ? "resume" : key.dataset.phoneVerb);
  }

  // At once, not at the browser's leisure: the next key that is typed belongs to the panel.
  open(event, panel) {
    event.preventDefault();
    panel.open = !panel.open;
    if (panel.open) panel.querySelector("input, button").focus();
  }

  onSubmit(event) {
    if (!event.target.matches("[data-phone-form]")) return;
    event.preventDefault();
    const verb = event.submitter ? event.submitter.value : "consult";
    this.ask(verb, { number: event.target.elements.number.value }, "number");
  }

  onToggle(event) {
    const panel = event.target;
    if (!panel.matches || !panel.matches(PANELS)) return;
    if (panel.open) return;
    for (const place of panel.querySelectorAll("[data-phone-error]")) this.complain(place, "");
    const digits = panel.querySelector("[data-phone-digits]");
    if (digits) digits.value = "";
    const form = panel.querySelector("form");
    if (form) form.reset();
  }

  // Keys that are typed while the keypad is open are its own.
  onPadKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.currentTarget.open) return;
    if (!/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.press(event.key);
  }

  press(digit) {
    const place = this.strip.querySelector("[data-phone-digits]");
    place.value = (place.value + digit).slice(-20);
    this.sending = this.sending.then(() => this.ask("digits", { digits: digit }, "digits"));
  }

  async ask(verb, values = {}, field = "") {
    if (!this.talk) return;
    const url = `/telephone/call/${this.talk.attempt_id}/${verb}`;
    const answer = await this.post(url, values).catch(() => null);
    if (!answer) return this.say(this.strip.dataset.textFailed, true);
    if (answer.ok) return this.closePanel("[data-phone-transfer]");
    const { fields = {} } = await answer.json().catch(() => ({}));
    const place = field && this.strip.querySelector(`[data-phone-error="${field}"]`);
    if (place && fields[field]) return this.complain(place, fields[field]);
    const words = { 409: "textOver", 503: "textAway" };
    this.say(this.strip.dataset[words[answer.status] || "textFailed"], true);
  }

  complain(place, text) {
    place.textContent = text;
    place.hidden = !text;
    const input = this.strip.querySelector(`[aria-describedby="${place.id}"]`);
    if (!place.id || !input) return;
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) input.focus();
  }

  // The next key belongs to the desk again.
  closePanel(which) {
    for (const panel of this.strip.querySelectorAll(which)) {
      if (panel.open && panel.contains(document.activeElement)) document.activeElement.blur();
      panel.open = false;
    }
  }

  say(text, bad = false) {
    this.words.textContent = text || "";
    this.words.classList.toggle("is-bad", bad);
  }

  // A message of the carrier; see `dialer/carriers/talks.py`.
  hear(news) {
    if (news.what === "over") {
      if (!this.talk || this.talk.attempt_id === news.attempt_id) this.show(null);
      return;
    }
    this.show(news);
    if (news.what === "refused") this.complainOf(news.why, "textFailed");
    if (news.what === "consult_ended" && news.why !== "dropped") this.complainOf(news.why, "textUnreachable");
  }

  complainOf(why, otherwise) {
    const name = `text${why.charAt(0).toUpperCase()}${why.slice(1)}`;
    this.say(this.strip.dataset[name] || this.strip.dataset[otherwise], true);
  }

  show(talk) {
    this.talk = talk;
    this.strip.querySelector("[data-phone-keys]").hidden = !talk;
    if (!talk) {
      this.closePanel(PANELS);
      this.say("");
      return;
    }
    const now = talk.consulted || "alone";
    if (talk.consulted) this.closePanel("[data-phone-transfer]");
    for (const key of this.strip.querySelectorAll("[data-phone-keys] > [data-when]")) {
      key.hidden = !key.dataset.when.split(" ").includes(now);
    }
    this.strip.querySelector('[data-phone-verb="hold"]').setAttribute("aria-pressed", String(talk.held));
    this.say(this.wordsFor(talk));
  }

  wordsFor(talk) {
    const { dataset } = this.strip;
    if (!talk.consulted) return talk.held ? dataset.textHeld : "";
    const name = `text${talk.consulted.charAt(0).toUpperCase()}${talk.consulted.slice(1)}`;
    return dataset[name].replace("{number}", talk.number);
  }
}
