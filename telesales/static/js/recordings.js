// The player of one call: sides, speed, keys, and the place on the waveform. Sound comes in parts, only when it is played.

import { runningTime } from "./live.js";

const SKIPS = { ArrowLeft: -5, ArrowRight: 5, PageDown: -30, PageUp: 30 };
const WIDTH = 1000; // units of the drawing

function startPlayer(player) {
  const find = (name) => player.querySelector(`[data-${name}]`);
  const audio = find("audio");
  const wave = find("waveform");
  const length = Number(player.dataset.seconds);
  const side = () => player.querySelector("[data-side]:checked");
  const offset = () => Number(side().dataset.offset);
  let place = 0; // seconds on the line of time; the sound may not be there yet

  function show() {
    find("head").setAttribute("x1", (place / length) * WIDTH);
    find("head").setAttribute("x2", (place / length) * WIDTH);
    find("time").textContent = `${runningTime(place)} / ${runningTime(length)}`;
    const words = player.dataset.textAt.replace("{at}", runningTime(place)).replace("{length}", runningTime(length));
    wave.setAttribute("aria-valuenow", Math.round(place));
    wave.setAttribute("aria-valuetext", words);
  }

  function go(seconds) {
    place = Math.min(length, Math.max(0, seconds));
    audio.currentTime = Math.max(0, place - offset());
    show();
  }

  function showToggle() {
    const playing = !audio.paused;
    find("toggle-text").textContent = playing ? player.dataset.textStop : player.dataset.textPlay;
    const use = find("toggle").querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, playing ? "#pause" : "#play"));
  }

  function play() {
    find("failed").hidden = true;
    audio.playbackRate = Number(find("speed").value);
    audio.play().catch((error) => {
      if (error.name !== "AbortError") find("failed").hidden = false;
    });
  }

  function toggle() {
    if (!audio.paused) return audio.pause();
    if (place >= length - 0.05) go(0);
    return play();
  }

  function changeSide() {
    const wasPlaying = !audio.paused;
    audio.src = side().dataset.source;
    go(place);
    if (wasPlaying) play();
  }

  function placeOf(event) {
    const box = wave.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * length;
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") toggle();
    else if (event.key in SKIPS) go(place + SKIPS[event.key]);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(length);
    else return;
    event.preventDefault();
  }

  audio.controls = false;
  audio.addEventListener("timeupdate", () => {
    if (audio.readyState === 0) return;
    place = Math.min(length, audio.currentTime + offset());
    show();
  });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, showToggle);
  audio.addEventListener("error", () => {
    find("failed").hidden = false;
    showToggle();
  });
  find("toggle").addEventListener("click", toggle);
  find("speed").addEventListener("change", () => {
    audio.playbackRate = Number(find("speed").value);
  });
  for (const button of player.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => go(place + Number(button.dataset.skip)));
  }
  for (const choice of player.querySelectorAll("[data-side]")) choice.addEventListener("change", changeSide);
  wave.addEventListener("keydown", onKey);
  wave.addEventListener("pointerdown", (event) => {
    wave.setPointerCapture(event.pointerId);
    go(placeOf(event));
  });
  wave.addEventListener("pointermove", (event) => {
    if (wave.hasPointerCapture(event.pointerId)) go(placeOf(event));
  });
  audio.src = side().dataset.source; // the browser may remember another choice
  go(Number(player.dataset.start) || 0); // a timeline leads to a moment
}

const player = document.querySelector("[data-player]");
if (player) startPlayer(player);
