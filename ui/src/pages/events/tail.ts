// The tail of the events: what is shown, what came while it was held. Pure and bounded.
import type {CloudEvent} from '@/api/queries';

export const MOST_EVENTS = 2_000; // more are not read; the list starts anew behind them

export interface EventFilter {
  /** A type or its beginning: "run" has "run.failed". */
  type?: string;
  subject?: string;
}

/** As the server filters: a type is whole words, up to a dot or the end. */
export function fits(event: Pick<CloudEvent, 'type' | 'subject'>, filter: EventFilter): boolean {
  const type = event.type ?? '';
  const isOfType = !filter.type || type.startsWith(filter.type);
  return isOfType && (!filter.subject || event.subject === filter.subject);
}

/** Both lists in one, the latest first, each event once, at most MOST_EVENTS. */
export function merged(known: readonly CloudEvent[], added: readonly CloudEvent[]): CloudEvent[] {
  if (added.length === 0) return [...known];
  const byId = new Map<string, CloudEvent>();
  for (const event of [...known, ...added]) byId.set(event.id ?? '', event);
  return [...byId.values()].sort((a, b) => Number(b.id) - Number(a.id)).slice(0, MOST_EVENTS);
}

export type SubjectKind = 'run' | 'job' | 'queue' | 'calendar' | 'operation' | 'worker' | 'other';

/** What an event is about. */
export function kindOf(event: Pick<CloudEvent, 'type' | 'subject'>): SubjectKind {
  const noun = (event.type ?? '').split('.', 1)[0];
  if (noun === 'run' || noun === 'queue' || noun === 'calendar' || noun === 'operation') return noun;
  if (noun === 'job' || noun === 'schedule') return 'job';
  return noun === 'node' ? 'worker' : 'other';
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The part of the event that says most, in a line. */
export function gist(event: Pick<CloudEvent, 'data' | 'subject'>): string {
  if (typeof event.data !== 'object' || event.data === null) return '';
  return Object.entries(event.data as Record<string, unknown>)
    .filter(([, value]) => value !== null && value !== '' && value !== event.subject)
    .map(([name, value]) => `${name} ${textOf(value)}`)
    .join(' · ');
}
