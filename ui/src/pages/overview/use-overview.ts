// What the overview shows: one answer of the server, and what is counted from it here.
import {queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';

export type Overview = Schemas['Overview'];

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/overview', {signal})),
});

/** How the runs of one minute ended. */
export interface Minute {
  at: number;
  succeeded: number;
  failed: number;
  other: number;
}

const BAD = ['failed', 'timed_out'];

/** The minutes of the last hour, the oldest first. */
export function minutesOf(overview: Overview): Minute[] {
  const from = Date.parse(overview.minutes.from);
  const ended = Object.entries(overview.minutes.ended as Record<string, number[]>);
  const length = Math.max(0, ...ended.map(([, counts]) => counts.length));
  const sum = (index: number, isCounted: (state: string) => boolean) =>
    ended.reduce((total, [state, counts]) => total + (isCounted(state) ? (counts[index] ?? 0) : 0), 0);
  return Array.from({length}, (_, index) => ({
    at: from + index * 60_000,
    succeeded: sum(index, (state) => state === 'succeeded'),
    failed: sum(index, (state) => BAD.includes(state)),
    other: sum(index, (state) => state !== 'succeeded' && !BAD.includes(state)),
  }));
}

export interface Totals {
  succeeded: number;
  failed: number;
  other: number;
}

export function totalsOf(minutes: readonly Minute[]): Totals {
  return minutes.reduce(
    (sum, minute) => ({
      succeeded: sum.succeeded + minute.succeeded,
      failed: sum.failed + minute.failed,
      other: sum.other + minute.other,
    }),
    {succeeded: 0, failed: 0, other: 0},
  );
}

/** Runs that have not ended, in these states. */
export function liveCount(overview: Overview, ...states: string[]): number {
  const live = (overview.live ?? {}) as Record<string, number>;
  return states.reduce((sum, state) => sum + (live[state] ?? 0), 0);
}
