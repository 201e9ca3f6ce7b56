// A telephone beside the browser: what it has to be told, and that this person speaks with it.

const WANTED = "phone-own";

export class OwnPhone {
  constructor(part, line, read) {
    Object.assign(this, { part, line, read });
    part.querySelector("[data-phone-own-open]").addEventListener("click", () => this.open());
    part.querySelector("[data-phone-own-end]").addEventListener("click", () => this.end());
    line.addEventListener("state", () => this.show());
    this.show();
  }

  get isWanted() {
    return localStorage.getItem(WANTED) !== null;
  }

  // The page was loaded again, or the day begins: then the telephone has to be told anew.
  async begin() {
    const { line } = await this.read().catch(() => ({}));
    await this.line.watchOwn();
    if (line) return;
    this.part.open = true;
    this.part.closest("dialog").showModal();
  }

  async open() {
    const facts = await this.line.openOwn().catch(() => null);
    if (!facts) return;
    localStorage.setItem(WANTED, "yes");
    this.fill({ ...facts, server: "" });
    this.facts = facts;
    await this.look();
  }

  // Where to register is known once the carrier has answered.
  async look() {
    const { line } = await this.read().catch(() => ({}));
    if (line && line.sip_server && this.facts) this.fill({ ...this.facts, server: line.sip_server });
  }

  fill({ server, user, password }) {
    this.part.querySelector("[data-phone-own-facts]").hidden = false;
    for (const [name, text] of Object.entries({ server, user, password })) {
      this.part.querySelector(`[data-phone-own-fact="${name}"]`).textContent = text;
    }
  }

  end() {
    localStorage.removeItem(WANTED);
    this.facts = null;
    this.part.querySelector("[data-phone-own-facts]").hidden = true;
    this.line.open({ take: true });
  }

  show() {
    this.part.querySelector("[data-phone-own-end]").hidden = !this.line.own;
    if (this.line.own && this.facts) this.look();
  }
}
