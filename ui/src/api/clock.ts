// The node's clock as this browser sees it: a countdown must be right where the laptop's clock is not.

const TOLERANCE_MS = 2_000; // the Date header has whole seconds, and the answer took its time

let offsetMs = 0;

/** Learns from the Date header of an answer. */
export function learnServerTime(header: string | null, now = Date.now()): void {
  const server = header ? Date.parse(header) : Number.NaN;
  if (!Number.isFinite(server)) return;
  const offset = server + 500 - now;
  offsetMs = Math.abs(offset) > TOLERANCE_MS ? offset : 0;
}

/** Now by the node's clock, in milliseconds. */
export function serverNow(now = Date.now()): number {
  return now + offsetMs;
}
