// Microphone and speaker: which ones this person chose in this browser.

const KEY = "phone-devices";
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export function chosen() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

export function choose(change) {
  localStorage.setItem(KEY, JSON.stringify({ ...chosen(), ...change }));
}

// A page that came without TLS, from elsewhere, has no devices at all.
export function canAsk() {
  return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

// The chosen microphone, or the usual one when that is not plugged in. Throws when none may be used.
export async function openMicrophone() {
  const { microphone } = chosen();
  const ask = (audio) => navigator.mediaDevices.getUserMedia({ audio });
  if (!microphone) return ask(VOICE);
  try {
    return await ask({ ...VOICE, deviceId: { exact: microphone } });
  } catch (error) {
    if (error.name === "NotAllowedError") throw error;
    return ask(VOICE);
  }
}

export async function listDevices(kind) {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === kind && device.deviceId);
}

export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

export async function useSpeaker(audio) {
  const { speaker } = chosen();
  if (canChooseSpeaker && audio.sinkId !== (speaker || "")) await audio.setSinkId(speaker || "").catch(() => {});
}
