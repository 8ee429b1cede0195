import {startOfDay} from './months';
import {zonedParts} from '@/components/time-words';

/** The instant of what a datetime-local input holds, read in a zone; undefined where it is no time. */
export function instantOf(local: string, zone: string): string | undefined {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)$/.exec(local);
  if (!found) return undefined;
  const [, day = '', time = ''] = found;
  const wanted = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(wanted)) return undefined;
  let instant = startOfDay(day, zone) + (wanted - Date.parse(`${day}T00:00:00Z`));
  const shown = zonedParts(instant, zone);
  instant += wanted - Date.parse(`${shown.date}T${shown.time}Z`); // the clock changed since midnight
  return new Date(instant).toISOString();
}
