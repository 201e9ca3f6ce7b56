// The check of microphone and speaker: before the first call in this browser, and whenever it is wanted.

import { canChooseSpeaker, choose, chosen, listDevices, useSpeaker } from "./devices.js";
import { measure, playSound } from "./meter.js";

const CHECKED = "phone-checked";
const AUDIBLE = 0.08;
const HEARD_AFTER = 4; // levels in which somebody spoke

export class Check {
  constructor(dialog, line) {
    Object.assign(this, { dialog, line, stop: null, times: 0 });
    this.part = (name) => dialog.querySelector(`[data-phone-${name}]`);
    this.part("close").addEventListener("click", () => dialog.close());
    this.part("checked").addEventListener("click", () => this.confirm());
    this.part("sound").addEventListener("click", () => playSound(chosen().speaker));
    this.part("microphone").addEventListener("change", ({ target }) => this.changeMicrophone(target.value));
    this.part("speaker").addEventListener("change", ({ target }) => this.changeSpeaker(target.value));
    dialog.addEventListener("close", () => this.end());
    line.addEventListener("microphone", () => dialog.open && this.begin());
  }

  get wasDone() {
    return localStorage.getItem(CHECKED) !== null;
  }

  async show() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.times = 0;
    this.part("heard").dataset.heard = "no";
    await this.line.haveMicrophone();
    if (this.dialog.open) this.begin();
  }

  async begin() {
    this.end();
    const { stream } = this.line;
    this.part("no-microphone").hidden = Boolean(stream);
    if (!stream) return;
    this.stop = measure(stream, (level) => this.showLevel(level));
    await this.fill("microphone", "audioinput", stream.getAudioTracks()[0].getSettings().deviceId);
    await this.fill("speaker", "audiooutput", chosen().speaker || "default");
    this.part("speaker").closest(".field").querySelector("select").disabled = !canChooseSpeaker;
  }

  end() {
    if (this.stop) this.stop();
    this.stop = null;
  }

  async fill(name, kind, used) {
    const devices = await listDevices(kind);
    this.part(name).replaceChildren(
      ...devices.map((device) => new Option(device.label, device.deviceId, false, device.deviceId === used)),
    );
  }

  showLevel(level) {
    this.part("level").value = level;
    if (level > AUDIBLE) this.times += 1;
    if (this.times >= HEARD_AFTER) this.part("heard").dataset.heard = "yes";
  }

  changeMicrophone(microphone) {
    choose({ microphone });
    this.line.useMicrophone();
  }

  changeSpeaker(speaker) {
    choose({ speaker });
    useSpeaker(this.line.audio);
  }

  confirm() {
    localStorage.setItem(CHECKED, new Date().toISOString());
    this.dialog.close();
  }
}
