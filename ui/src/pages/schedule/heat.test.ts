import {expect, test} from 'vitest';
import {heatDays as daysOf, heatLevel, shortCount, summarise} from './heat';

const heatDays = (from: number, counts: number[], zone: string, now = from) => daysOf({from, counts, zone, now});

test('hours stand under the hour of the wall clock, day by day', () => {
  const days = heatDays(Date.parse('2026-11-21T22:00:00Z'), [1, 2, 3], 'Europe/Berlin');
  expect(days.map((day) => [day.date, day.total])).toEqual([['2026-11-21', 1], ['2026-11-22', 5]]);
  expect(days[0]?.cells[23]?.fires).toBe(1);
  expect(days[1]?.cells[1]?.fires).toBe(3);
  expect(days[1]?.cells[5]).toBeUndefined();
});

test('the hour that comes twice holds both, the one left out holds nothing', () => {
  const autumn = heatDays(Date.parse('2026-10-24T22:00:00Z'), Array<number>(25).fill(1), 'Europe/Berlin');
  expect(autumn).toHaveLength(1);
  expect(autumn[0]?.cells[2]).toMatchObject({fires: 2, isTwice: true});
  const spring = heatDays(Date.parse('2026-03-28T23:00:00Z'), Array<number>(23).fill(1), 'Europe/Berlin');
  expect(spring[0]?.cells[2]).toBeUndefined();
  expect(spring[0]?.total).toBe(23);
});

test('a level says something of small counts beside large ones', () => {
  expect([0, 1, 30, 300, 1_000].map((count) => heatLevel(count, 1_000))).toEqual([0, 1, 1, 3, 4]);
  expect(heatLevel(0, 0)).toBe(0);
});

test('counts take four characters at most', () => {
  expect([0, 999, 1_000, 1_250, 35_900, 1_200_000].map(shortCount)).toEqual(['0', '999', '1k', '1.2k', '35k', '1.2M']);
});

test('the summary names the first busiest hour and counts the empty ones', () => {
  const summary = summarise(heatDays(0, [0, 7, 7, 1], 'UTC'));
  expect(summary).toEqual({total: 15, busiest: {at: 3_600_000, fires: 7, isTwice: false, isPast: false}, emptyHours: 1});
  expect(summarise(heatDays(0, [0], 'UTC')).busiest).toBeUndefined();
});

test('an hour that is over is no empty one', () => {
  const hour = 3_600_000;
  const days = heatDays(0, [0, 0, 0, 5], 'UTC', 1.5 * hour);
  expect(days[0]?.cells.slice(0, 3).map((cell) => cell?.isPast)).toEqual([true, false, false]);
  expect(summarise(days).emptyHours).toBe(2);
});
