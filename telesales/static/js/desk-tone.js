// A soft tone when a call arrives: two short notes, no file.

let audio = null;

// Browsers let a page sound only after the person has touched it; Ready is such a touch.
export function wakeTone() {
  if (!audio && window.AudioContext) audio = new AudioContext();
  if (audio && audio.state === "suspended") audio.resume().catch(() => {});
}

function note(frequency, start, length) {
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.type = "sine";
  voice.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
  voice.connect(volume).connect(audio.destination);
  voice.start(start);
  voice.stop(start + length);
}

export function playTone() {
  if (!audio || audio.state !== "running") return;
  note(660, audio.currentTime, 0.18);
  note(880, audio.currentTime + 0.12, 0.28);
}
