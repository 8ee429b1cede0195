// The dots of the duration graph. Pure.
import type {Schemas} from '@/api/client';
import type {RunState} from '@/api/queries';

export interface Dot {
  run: string;
  state: RunState;
  at: number; // seconds, as uPlot counts them
  tookMs: number | null;
}

/** Oldest first, as an axis of time needs them. */
export function dotsOf(chart: Schemas['DurationChart']): Dot[] {
  const {runs = [], states = [], finished_at: ends = [], duration_ms: durations = []} = chart;
  return runs
    .map((run, at): Dot => ({
      run,
      state: states[at] ?? 'succeeded',
      at: Date.parse(ends[at] ?? '') / 1_000,
      tookMs: durations[at] ?? null,
    }))
    .filter((dot) => Number.isFinite(dot.at))
    .reverse();
}

/** The dot nearest to a place on the screen, if it is within reach. */
export function nearest(places: readonly (readonly [number, number] | null)[], x: number, y: number, reach: number): number | undefined {
  let found: number | undefined;
  let best = reach * reach;
  places.forEach((place, at) => {
    if (!place) return;
    const distance = (place[0] - x) ** 2 + (place[1] - y) ** 2;
    if (distance <= best) {
      best = distance;
      found = at;
    }
  });
  return found;
}

const SHORTEST_SECONDS = 60; // below it the marks of the axis would show the same second twice

/** What the axis of time spans: all dots, and never so little that its marks look alike. */
export function timeRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, SHORTEST_SECONDS];
  const missing = Math.max(0, SHORTEST_SECONDS - (max - min));
  return [min - missing / 2, max + missing / 2];
}
