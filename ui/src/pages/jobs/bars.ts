// Runs as bars: how high each is, and what it says. Pure.
import type {RunState} from '@/api/queries';
import {plainWord} from '@/components/state';
import {durationWords, relativeWords} from '@/components/time-words';

export interface Bar {
  id: string;
  state: RunState;
  /** How long it took, or takes so far; undefined where it never started. */
  tookMs?: number;
  endedAt?: number;
}

interface Glance {
  id?: string;
  state?: RunState;
  started_at?: string;
  finished_at?: string;
}

/** The bars of runs that come newest first: oldest first, as time is read. */
export function barsOf(runs: readonly Glance[], now: number): Bar[] {
  return runs
    .map((run): Bar => {
      const started = run.started_at ? Date.parse(run.started_at) : undefined;
      const ended = run.finished_at ? Date.parse(run.finished_at) : undefined;
      return {
        id: run.id ?? '',
        state: run.state ?? 'queued',
        ...(started === undefined ? {} : {tookMs: Math.max(0, (ended ?? now) - started)}),
        ...(ended === undefined ? {} : {endedAt: ended}),
      };
    })
    .reverse();
}

const LOWEST = 0.18; // so that the quickest run can still be seen and hit

/** 0 to 1 of the longest of them. */
export function heightsOf(bars: readonly Bar[]): number[] {
  const longest = Math.max(1, ...bars.map((bar) => bar.tookMs ?? 0));
  return bars.map((bar) => Math.max(LOWEST, (bar.tookMs ?? 0) / longest));
}

/** "failed after 3.2 s, 5 min ago". */
export function barWords(bar: Bar, now: number): string {
  const took = bar.tookMs === undefined ? '' : ` ${bar.endedAt ? 'after' : 'for'} ${durationWords(bar.tookMs)}`;
  const when = bar.endedAt === undefined ? '' : `, ${relativeWords(bar.endedAt, now)}`;
  return `${plainWord(bar.state)}${took}${when}`;
}
