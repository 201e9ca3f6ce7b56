// How loud a microphone is, and a sound to try a speaker with.

const EVERY = 80; // milliseconds

// Tells the level (0 to 1) again and again; returns a function that ends it.
export function measure(stream, tell) {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    tell(Math.min(1, Math.sqrt(power) * 3)); // speech is about a third of full scale
  }, EVERY);
  return () => {
    clearInterval(timer);
    source.disconnect();
    context.close().catch(() => {});
  };
}

// Three rising notes from the chosen speaker.
export async function playSound(speaker) {
  const context = new AudioContext();
  if (speaker && "setSinkId" in context) await context.setSinkId(speaker).catch(() => {});
  await context.resume();
  [523, 659, 784].forEach((frequency, nth) => note(context, frequency, context.currentTime + nth * 0.22));
  setTimeout(() => context.close().catch(() => {}), 1500);
}

function note(context, frequency, start) {
  const voice = context.createOscillator();
  const volume = context.createGain();
  voice.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.3, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
  voice.connect(volume).connect(context.destination);
  voice.start(start);
  voice.stop(start + 0.45);
}
