// The planned load by hour, laid out as days of a zone. Pure: counts come from the server.
import {zonedParts} from '@/components/time-words';

const HOUR = 3_600_000;
export const HOURS = Array.from({length: 24}, (_, hour) => hour);

export interface HeatCell {
  /** When the hour begins; of an hour that comes twice, the first. */
  at: number;
  fires: number;
  /** The clock shows this hour twice. */
  isTwice: boolean;
  /** It is over: nothing is planned for it any more. */
  isPast: boolean;
}

export interface HeatInput {
  /** When the first hour begins. */
  from: number;
  counts: readonly number[];
  zone: string;
  now: number;
}

export interface HeatDay {
  date: string;
  /** By the hour on the wall clock; undefined where the clock leaves it out or nothing is known. */
  cells: (HeatCell | undefined)[];
  total: number;
}

/** Counts of whole hours, as days of a zone. */
export function heatDays({from, counts, zone, now}: HeatInput): HeatDay[] {
  const days = new Map<string, HeatDay>();
  counts.forEach((fires, index) => {
    const at = from + index * HOUR;
    const wall = zonedParts(at, zone);
    const hour = Number(wall.time.slice(0, 2));
    const day = days.get(wall.date) ?? {date: wall.date, cells: new Array<HeatCell | undefined>(24), total: 0};
    const cell = day.cells[hour];
    const isPast = at + HOUR <= now;
    day.cells[hour] = cell
      ? {...cell, fires: cell.fires + fires, isTwice: true, isPast}
      : {at, fires, isTwice: false, isPast};
    day.total += fires;
    days.set(wall.date, day);
  });
  return [...days.values()];
}

/** 0 (nothing) to 4 (the most there is): by the root, so that one busy hour does not hide the others. */
export function heatLevel(fires: number, most: number): number {
  if (fires === 0 || most === 0) return 0;
  return Math.max(1, Math.ceil(4 * Math.sqrt(fires / most)));
}

/** "999", "1.2k", "35k", "1.2M": four characters at most. */
export function shortCount(count: number): string {
  const scaled = (value: number, unit: string) =>
    `${value < 10 ? (Math.floor(value * 10) / 10).toString() : Math.floor(value)}${unit}`;
  if (count < 1_000) return String(count);
  return count < 1_000_000 ? scaled(count / 1_000, 'k') : scaled(count / 1_000_000, 'M');
}

export interface HeatSummary {
  total: number;
  busiest: HeatCell | undefined;
  /** Hours to come in which nothing fires. */
  emptyHours: number;
}

export function summarise(days: readonly HeatDay[]): HeatSummary {
  const cells = days.flatMap((day) => day.cells.filter((cell) => cell !== undefined));
  const busiest = cells.reduce<HeatCell | undefined>(
    (best, cell) => (cell.fires > (best?.fires ?? 0) ? cell : best),
    undefined,
  );
  return {
    total: cells.reduce((sum, cell) => sum + cell.fires, 0),
    busiest,
    emptyHours: cells.filter((cell) => cell.fires === 0 && !cell.isPast).length,
  };
}
