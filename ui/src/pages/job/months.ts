// Days and months of a zone, for the calendar of occurrences. Pure. No fire is computed here: only
// where the days of a zone begin, to ask the server for them.
import {zonedParts} from '@/components/time-words';

const DAY_MS = 86_400_000;

/** The instant at which a day such as 2026-03-29 begins in a zone. */
export function startOfDay(day: string, zone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  let instant = wanted;
  // The wall clock at a guess says how far off it is; twice, since the offset may change on the way.
  for (let turn = 0; turn < 2; turn += 1) {
    const {date, time} = zonedParts(instant, zone);
    instant += wanted - Date.parse(`${date}T${time}Z`);
  }
  return instant;
}

/** The day that comes `days` later. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The month that comes `months` later: monthAfter('2026-01', -1) is '2025-12'. */
export function monthAfter(month: string, months: number): string {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** The weeks of a month, Monday first; '' where a day belongs to another month. */
export function weeksOf(month: string): string[][] {
  const first = `${month}-01`;
  const before = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells: string[] = Array.from({length: before}, () => '');
  for (let day = first; day.startsWith(month); day = dayAfter(day)) cells.push(day);
  while (cells.length % 7 !== 0) cells.push('');
  return Array.from({length: cells.length / 7}, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** "March 2026". */
export function monthWords(month: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {month: 'long', year: 'numeric', timeZone: 'UTC'});
  return format.format(Date.parse(`${month}-01T00:00:00Z`));
}
