// The permanent line to Asterisk: credentials, registration, a leg that is answered by itself, and coming back after a break.
//
// States: off, microphone (the browser asks), blocked, opening, registered, connected, reconnecting, away, elsewhere,
// and own: the person speaks with a telephone beside the browser, which is not connected yet.

import { canAsk, openMicrophone, useSpeaker } from "./devices.js";
import { watchQuality } from "./quality.js";

const REGISTER_SECONDS = 120;
const TRY_AGAIN = 2000; // milliseconds
const LONGEST_WAIT = 15000;
const HEAL = 3000; // a shorter break of the sound heals by itself
const GATHER = 400; // for addresses of this machine: one that answers late is not needed
const RENEW_AFTER = 0.4; // of the life of the credentials

export class Line extends EventTarget {
  // post(url, values) and read() talk to our server; audio plays what is heard.
  constructor({ post, read, audio }) {
    super();
    Object.assign(this, { post, read, audio, state: "off", quality: "good", muted: false, stream: null, tries: 0 });
    if (canAsk()) navigator.mediaDevices.addEventListener("devicechange", () => this.state === "blocked" && this.open());
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }

  become(state) {
    if (this.state === state) return;
    this.state = state;
    this.tell("state");
  }

  // Ask for credentials, or renew them. `take`: also from another window.
  async open({ take = false } = {}) {
    clearTimeout(this.timer);
    this.own = false;
    if (!(await this.haveMicrophone())) return;
    if (!this.agent) this.become("opening");
    const answer = await this.post("/telephone/open", take ? { take: "1" } : {}).catch(() => null);
    if (!answer || !answer.ok) return this.refused(answer);
    const { password, seconds } = await answer.json();
    this.tries = 0;
    this.password = password;
    if (this.agent) this.agent.set("password", password);
    this.timer = setTimeout(() => this.open(), seconds * 1000 * RENEW_AFTER);
    await this.look();
  }

  async refused(answer) {
    const { error } = answer && answer.status === 409 ? await answer.json() : {};
    if (error === "telephone-elsewhere") return this.halt("elsewhere");
    if (error || (answer && [401, 403].includes(answer.status))) return this.halt("off");
    if (!this.agent) this.become("away");
    this.openLater();
  }

  // A whole floor comes back at different moments, and less often while there is nothing to come back to.
  openLater() {
    const wait = Math.min(LONGEST_WAIT, TRY_AGAIN * 1.5 ** this.tries) * (0.5 + Math.random());
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), wait);
  }

  async haveMicrophone() {
    const live = this.stream && this.stream.getAudioTracks().some((track) => track.readyState === "live");
    if (live) return true;
    if (!this.agent) this.become("microphone");
    return this.useMicrophone();
  }

  // Take the chosen microphone, also in the middle of a call.
  async useMicrophone() {
    try {
      if (!canAsk()) throw new Error("no devices");
      const stream = await openMicrophone();
      const old = this.stream;
      this.stream = stream;
      const [track] = stream.getAudioTracks();
      track.enabled = !this.muted;
      track.addEventListener("ended", () => this.stream === stream && this.useMicrophone()); // unplugged
      const senders = this.connection ? this.connection.getSenders() : [];
      await Promise.all(senders.map((sender) => sender.replaceTrack(track)));
      if (old) old.getTracks().forEach((each) => each.stop());
      if (this.session && this.state === "blocked") this.become("connected");
      this.tell("microphone");
      return true;
    } catch {
      this.become("blocked");
      return false;
    }
  }

  mute(muted) {
    this.muted = muted;
    if (this.stream) this.stream.getAudioTracks().forEach((track) => (track.enabled = !muted));
    this.tell("mute");
  }

  halt(state) {
    clearTimeout(this.timer);
    this.own = false;
    this.password = "";
    this.drop();
    this.become(state);
  }

  // Speak with a telephone of one's own from now on; returns what it has to be told.
  async openOwn() {
    const answer = await this.post("/telephone/own");
    if (!answer.ok) throw new Error(`telephone: ${answer.status}`);
    this.halt("own");
    this.own = true;
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    return answer.json();
  }

  // Known from before this page: nothing is made anew, or the telephone beside the browser would have to be told.
  async watchOwn() {
    this.own = true;
    this.become("own");
    await this.look();
  }

  async lookAtOwn() {
    const { line } = await this.read().catch(() => ({}));
    if (this.own) this.become(line && line.state === "connected" ? "connected" : "own");
  }

  // What the carrier says of the line: it has news, or may have.
  async look() {
    if (this.own) return this.lookAtOwn();
    if (!this.password) return;
    const { line } = await this.read().catch(() => ({}));
    if (!line || line.state === "opening" || !this.password) return;
    this.iceServers = line.ice_servers;
    const place = `${line.user}@${line.domain} ${line.address}`;
    if (this.agent && this.place === place) return;
    this.place = place;
    await this.register(line);
  }

  async register({ address, user, domain }) {
    this.drop();
    const { default: JsSIP } = await import("../../vendor/jssip/jssip.min.js");
    if (this.agent || !this.password) return; // somebody was faster
    const agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(address)],
      uri: `sip:${user}@${domain}`,
      password: this.password,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
    });
    this.agent = agent;
    agent.on("registered", () => this.session || this.become("registered"));
    agent.on("disconnected", () => this.agent === agent && this.become("reconnecting"));
    agent.on("registrationFailed", () => this.agent === agent && this.registerAgain(agent));
    agent.on("newRTCSession", ({ originator, session }) => {
      if (originator === "remote") this.answer(session);
    });
    agent.start();
  }

  // A call is worth more than a registration: it may have met the moment at which the password was renewed.
  registerAgain(agent) {
    if (!this.session) return this.comeBack();
    setTimeout(() => this.agent === agent && agent.register(), TRY_AGAIN);
  }

  // Fresh credentials and a new socket.
  comeBack() {
    this.drop();
    this.become("reconnecting");
    this.place = "";
    this.openLater();
  }

  answer(session) {
    this.hangUp();
    this.session = session;
    let gathering = 0;
    session.on("icecandidate", ({ ready }) => {
      gathering = gathering || setTimeout(ready, GATHER);
    });
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection, session));
    session.on("confirmed", () => this.session === session && this.become("connected"));
    for (const end of ["ended", "failed"]) session.on(end, () => this.lose(session));
    session.answer({ mediaStream: this.stream, pcConfig: { iceServers: this.iceServers || [] } });
  }

  listen(connection, session) {
    this.connection = connection;
    connection.addEventListener("track", ({ track }) => this.play(new MediaStream([track])));
    connection.addEventListener("iceconnectionstatechange", () => {
      clearTimeout(this.healing);
      if (this.session !== session) return;
      const state = connection.iceConnectionState;
      if (state === "connected" && session.isEstablished()) this.become("connected");
      if (state === "disconnected") {
        this.become("reconnecting");
        this.healing = setTimeout(() => this.comeBack(), HEAL);
      }
      if (state === "failed") this.comeBack();
    });
    this.stopWatching = watchQuality(connection, (quality) => {
      this.quality = quality;
      this.tell("quality");
    });
  }

  play(stream) {
    this.audio.srcObject = stream;
    useSpeaker(this.audio);
    const start = () => this.audio.play();
    start().catch(() => document.addEventListener("pointerdown", () => start().catch(() => {}), { once: true }));
  }

  lose(session) {
    if (this.session !== session) return;
    this.forget();
    if (this.agent) this.become(this.agent.isRegistered() ? "registered" : "reconnecting");
  }

  forget() {
    clearTimeout(this.healing);
    if (this.stopWatching) this.stopWatching();
    this.session = this.connection = this.stopWatching = null;
    this.audio.srcObject = null;
  }

  hangUp() {
    const { session } = this;
    this.forget();
    if (session && !session.isEnded()) session.terminate();
  }

  drop() {
    const { agent } = this;
    this.agent = null;
    this.hangUp();
    if (agent) agent.stop();
  }
}
