// Between wall clocks and instants, for what a person picks on a clock. Fires are not computed here:
// the server is asked what it has between the instants.
import {zonedParts} from '@/components/time-words';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "2026-03-29T02:30" of an instant, as a wall clock in the zone shows it. */
export function wallOf(at: number, zone: string): string {
  const parts = zonedParts(at, zone);
  return `${parts.date}T${parts.time.slice(0, 5)}`;
}

/**
 * The instants at which a wall clock in the zone shows `wall` ("2026-03-29T02:30"): one; two where the
 * clock was set back over it; none where it was set forward.
 */
export function instantsOf(wall: string, zone: string): number[] {
  const asUtc = Date.parse(`${wall}:00Z`);
  if (Number.isNaN(asUtc)) return [];
  const candidates = [asUtc - DAY, asUtc + DAY].map((near) => {
    const offset = Date.parse(`${wallOf(near, zone)}:00Z`) - near;
    return asUtc - offset;
  });
  return [...new Set(candidates)].filter((at) => wallOf(at, zone) === wall).sort((a, b) => a - b);
}

export interface Range {
  from: number;
  until: number; // not included
}

/** What a clock in the zone shows from `wall` for so many minutes, once for each time it shows it. */
export function rangesOf(wall: string, minutes: number, zone: string): Range[] {
  return instantsOf(wall, zone).map((from) => ({from, until: from + minutes * MINUTE}));
}

/** Midnight in the zone, or the first instant after it where a clock change leaves it out. */
export function dayStart(date: string, zone: string): number {
  for (let minutes = 0; minutes < 180; minutes += 15) {
    const two = (n: number) => String(n).padStart(2, '0');
    const [first] = instantsOf(`${date}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`, zone);
    if (first !== undefined) return first;
  }
  return Date.parse(`${date}T00:00:00Z`);
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

export function weekdayOf(date: string): string {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
}
