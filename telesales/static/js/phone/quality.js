// How good the connection is, in three words, from what the browser counts.

const EVERY = 2000; // milliseconds
const WEAK = { loss: 0.03, delay: 0.3, jitter: 0.05 };
const BAD = { loss: 0.1, delay: 0.6, jitter: 0.12 };

// Each figure is the worse of the two directions: share of packets lost, seconds there and back, seconds of jitter.
export function judge(figures) {
  const passes = (limits) => Object.keys(limits).some((name) => (figures[name] || 0) > limits[name]);
  if (passes(BAD)) return "bad";
  return passes(WEAK) ? "weak" : "good";
}

function read(reports, before) {
  const now = { lost: 0, received: 0, loss: 0, delay: 0, jitter: 0 };
  for (const report of reports.values()) {
    if (report.type === "inbound-rtp") {
      now.lost = Math.max(0, report.packetsLost || 0);
      now.received = report.packetsReceived || 0;
      now.jitter = Math.max(now.jitter, report.jitter || 0);
    }
    if (report.type === "remote-inbound-rtp") {
      now.loss = Math.max(now.loss, report.fractionLost || 0);
      now.delay = Math.max(now.delay, report.roundTripTime || 0);
      now.jitter = Math.max(now.jitter, report.jitter || 0);
    }
  }
  const lost = now.lost - before.lost;
  const all = lost + now.received - before.received;
  if (all > 0) now.loss = Math.max(now.loss, lost / all);
  return now;
}

// Tells "good", "weak" or "bad" while the connection lives; returns a function that ends it.
export function watchQuality(connection, tell) {
  let before = { lost: 0, received: 0 };
  const timer = setInterval(async () => {
    if (connection.connectionState === "closed") return clearInterval(timer);
    before = read(await connection.getStats(), before);
    tell(judge(before));
  }, EVERY);
  return () => clearInterval(timer);
}
