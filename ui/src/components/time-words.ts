// Instants and durations as words. Pure: now and the zone come in.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: [number, string][] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
];

/** "5 min ago", "in 2 h", "now"; the largest unit alone, rounded down. */
export function relativeWords(at: number, now: number): string {
  const distance = Math.abs(at - now);
  if (distance < SECOND) return 'now';
  const [size, unit] = UNITS.find(([size]) => distance >= size) ?? [SECOND, 's'];
  const words = `${Math.floor(distance / size)} ${unit}`;
  return at < now ? `${words} ago` : `in ${words}`;
}

/** How often words of this distance change: no timer runs faster than it shows. */
export function changesEvery(at: number, now: number): number {
  const distance = Math.abs(at - now);
  if (distance < 2 * MINUTE) return SECOND;
  return distance < 2 * HOUR ? 15 * SECOND : MINUTE;
}

/** "0 ms", "850 ms", "4.2 s", "3 min 7 s", "2 h 5 min", "3 d 4 h". */
export function durationWords(ms: number): string {
  if (ms < 0) return `-${durationWords(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const at = UNITS.findIndex(([size]) => ms >= size);
  const [size, unit] = UNITS[at]!;
  const smaller = UNITS[at + 1];
  const rest = smaller ? Math.floor((ms % size) / smaller[0]) : 0;
  const words = `${Math.floor(ms / size)} ${unit}`;
  return rest > 0 && smaller ? `${words} ${rest} ${smaller[1]}` : words;
}

/** A countdown: "0:09", "12:05", "3:02:11", "2 d 4 h". */
export function countdownWords(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  if (left >= 2 * 86_400) return durationWords(left * SECOND);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(left / 3_600);
  const minutes = Math.floor(left / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}

const UNIT_MS: Record<string, number> = {
  ns: 1e-6, us: 1e-3, ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY,
};

/** The milliseconds of an API duration such as "1h30m" or "0.25s"; undefined where it is none. */
export function parseDuration(text: string | undefined): number | undefined {
  if (!text || !/^(\d+(\.\d+)?(ns|us|ms|s|m|h|d|w))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d|w)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return total;
}

export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>(); // making one costs 50 times its use

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', timeZoneName: 'short', weekday: 'short',
    year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

export interface ZonedParts {
  date: string; // 2026-03-29
  time: string; // 02:30:00
  weekday: string; // Sun
  zoneName: string; // CET
}

/** The wall-clock parts of an instant in an IANA zone; of UTC where the browser knows no such zone. */
export function zonedParts(at: number, zone: string): ZonedParts {
  let format: Intl.DateTimeFormat;
  try {
    format = formatOf(zone);
  } catch {
    format = formatOf('UTC');
  }
  const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
    weekday: parts.weekday ?? '',
    zoneName: parts.timeZoneName ?? '',
  };
}

/** "2026-03-29 02:30:00 CET". */
export function absoluteWords(at: number, zone: string): string {
  const parts = zonedParts(at, zone);
  return `${parts.date} ${parts.time} ${parts.zoneName}`;
}

/** The same without what today makes plain: "02:30:00" today, "03-29 02:30" this year. */
export function shortWords(at: number, now: number, zone: string): string {
  const then = zonedParts(at, zone);
  const today = zonedParts(now, zone);
  if (then.date === today.date) return then.time;
  const minutes = then.time.slice(0, 5);
  const isThisYear = then.date.slice(0, 4) === today.date.slice(0, 4);
  return `${isThisYear ? then.date.slice(5) : then.date} ${minutes}`;
}
