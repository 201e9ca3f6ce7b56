// Numbers and sentences of the floor page; every word comes from the page.

const language = document.documentElement.lang;
const roundingMode = "halfEven"; // as the server rounds: a decision reads the same here and on its own page
const wholeFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 0, roundingMode });
const decimalFormat = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1, roundingMode });

export function whole(value) {
  return wholeFormat.format(value);
}

export function decimal(value) {
  return decimalFormat.format(value);
}

export function percent(share, digits) {
  const options = { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode };
  return new Intl.NumberFormat(language, options).format(share);
}

// The time of day where the reader's account says, as everywhere on the pages: not where this computer thinks it is.
export function clockTime(seconds, zone, parts = { hour: "numeric", minute: "2-digit", second: "2-digit" }) {
  return new Date(seconds * 1000).toLocaleTimeString(language, { ...parts, timeZone: zone });
}

export function monthOf(seconds, zone) {
  return new Date(seconds * 1000).toLocaleDateString(language, { month: "long", timeZone: zone });
}

function named(holder, attribute, key) {
  const found = holder.querySelector(`[${attribute}="${CSS.escape(key)}"]`);
  return found ? found.textContent : key;
}

export function wordsOf(holder) {
  return {
    ...holder.dataset,
    card: holder.querySelector("[data-card]").content.firstElementChild,
    elsewhereRow: holder.querySelector("[data-elsewhere-row]").content.firstElementChild,
    decisionRow: holder.querySelector("[data-decision-row]").content.firstElementChild,
    reason: (key) => named(holder, "data-reason", key),
    shortReason: (key) => named(holder, "data-short-reason", key),
    pause: (key) => named(holder, "data-pause", key),
    stateName: (key) => named(holder, "data-state-name", key),
    stateIcon: (key) => holder.querySelector(`[data-state-name="${CSS.escape(key)}"]`).dataset.icon,
  };
}

const SHOWN = {
  expected_free: decimal,
  expected_answers: decimal,
  risk: (value) => percent(value, 1),
  next_risk: (value) => percent(value, 1),
  threshold: (value) => percent(value, 1),
};

export function fill(words, text, estimates) {
  return text.replace(/\{(\w+)\}/g, (whole_, key) => {
    const value = estimates[key];
    if (value === undefined) return "–";
    if (key === "horizon_seconds") return words.seconds.replace("{n}", whole(value));
    return (SHOWN[key] || whole)(value);
  });
}
