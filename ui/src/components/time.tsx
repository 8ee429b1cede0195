// Times as people read them: how far away, and exactly, in the job's zone and in mine.
import {useSyncExternalStore} from 'react';
import {serverNow} from '@/api/clock';
import {kept, useShared} from './store';
import {
  absoluteWords, changesEvery, countdownWords, durationWords, LOCAL_ZONE, relativeWords, shortWords,
} from './time-words';

/** Whether times are shown in this browser's zone or in UTC; jobs show their own zone beside it. */
export const zoneChoice = kept('mainspring.zone', ['local', 'utc'] as const, 'local');
/** How instants are shown in lists. */
export const timeChoice = kept('mainspring.times', ['relative', 'absolute'] as const, 'relative');

export function useMyZone(): string {
  return useShared(zoneChoice) === 'utc' ? 'UTC' : LOCAL_ZONE;
}

// One timer for all times on the page; it stands still while the page is hidden.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(serverNow() / 1_000);

function beat() {
  if (document.hidden) return;
  second = Math.floor(serverNow() / 1_000);
  for (const listener of listeners) listener();
}

function onSecond(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(beat, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The node's time, again every `stepMs`: renders only when a step is over. */
export function useNow(stepMs = 1_000): number {
  const seconds = Math.max(1, Math.round(stepMs / 1_000));
  return useSyncExternalStore(onSecond, () => second - (second % seconds)) * 1_000;
}

interface TimeProps {
  at: string | undefined | null;
  /** The zone of the job, where that differs from mine: it is named in the hint. */
  zone?: string;
  show?: 'relative' | 'absolute' | 'full';
  className?: string;
}

/** An instant: relative or absolute, the exact one in both zones as a hint. */
export function Time({at, zone, show, className}: TimeProps) {
  const choice = useShared(timeChoice);
  const mine = useMyZone();
  const instant = at ? Date.parse(at) : Number.NaN;
  const now = useNow(Number.isNaN(instant) ? 3_600_000 : changesEvery(instant, second * 1_000));
  if (Number.isNaN(instant)) return <span className="text-dim">–</span>;
  const hints = [absoluteWords(instant, mine), relativeWords(instant, now)];
  if (zone && zone !== mine) hints.splice(1, 0, `${absoluteWords(instant, zone)} (${zone})`);
  const how = show ?? choice;
  const words =
    how === 'relative'
      ? relativeWords(instant, now)
      : how === 'full'
        ? absoluteWords(instant, zone ?? mine)
        : shortWords(instant, now, zone ?? mine);
  return (
    <time dateTime={at ?? ''} title={hints.join('\n')} className={`tabular whitespace-nowrap ${className ?? ''}`}>
      {words}
    </time>
  );
}

/** The time that is left, second by second; `done` in its place once it has come. */
export function Countdown({at, done = 'due'}: {at: string; done?: string}) {
  const now = useNow();
  const mine = useMyZone();
  const left = Date.parse(at) - now;
  return (
    <time dateTime={at} title={absoluteWords(Date.parse(at), mine)} className="tabular whitespace-nowrap">
      {left > 0 ? countdownWords(left) : done}
    </time>
  );
}

/** How long something took, or takes so far. */
export function Elapsed({from, until}: {from?: string | null; until?: string | null}) {
  const now = useNow(until ? 3_600_000 : 1_000);
  if (!from) return <span className="text-dim">–</span>;
  const end = until ? Date.parse(until) : now;
  return (
    <span className="tabular whitespace-nowrap">
      {durationWords(Math.max(0, end - Date.parse(from)))}
    </span>
  );
}
