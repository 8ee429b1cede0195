import {expect, test} from 'vitest';
import {dotsOf, nearest, timeRange} from './duration-points';

test('dots come oldest first, and a run that never started has no height', () => {
  const dots = dotsOf({
    runs: ['b', 'a'], states: ['failed', 'skipped'],
    finished_at: ['2026-03-01T12:00:01Z', '2026-03-01T12:00:00Z'],
    duration_ms: [250, null as unknown as number],
  });
  expect(dots.map((dot) => [dot.run, dot.tookMs])).toEqual([['a', null], ['b', 250]]);
  expect(dots[1]!.at - dots[0]!.at).toBe(1);
});

test('the nearest dot within reach is found', () => {
  const places = [[10, 10], null, [20, 10]] as const;
  expect(nearest(places, 17, 10, 12)).toBe(2);
  expect(nearest(places, 200, 10, 12)).toBeUndefined();
});

test('runs that ended together leave the axis of time a minute to span', () => {
  expect(timeRange(100, 102)).toEqual([71, 131]);
  expect(timeRange(100, 500)).toEqual([100, 500]);
  expect(timeRange(null, null)).toEqual([0, 60]);
});
