import {expect, test} from 'vitest';
import {addDays, dayStart, instantsOf, rangesOf, wallOf, weekdayOf} from './wall';

const iso = (at: number) => new Date(at).toISOString();

test('a wall time on a usual day is one instant', () => {
  expect(instantsOf('2026-11-22T02:00', 'Europe/Berlin').map(iso)).toEqual(['2026-11-22T01:00:00.000Z']);
  expect(instantsOf('2026-11-22T02:00', 'Asia/Kathmandu').map(iso)).toEqual(['2026-11-21T20:15:00.000Z']);
});

test('a wall time that the clocks leave out is no instant', () => {
  expect(instantsOf('2026-03-29T02:30', 'Europe/Berlin')).toEqual([]);
});

test('a wall time that comes twice is two instants, in order', () => {
  expect(instantsOf('2026-10-25T02:30', 'Europe/Berlin').map(iso)).toEqual([
    '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z',
  ]);
  expect(rangesOf('2026-10-25T02:30', 5, 'Europe/Berlin')[1]?.until).toBe(Date.parse('2026-10-25T01:35:00Z'));
});

test('what is no time is no instant', () => {
  expect(instantsOf('tomorrow', 'UTC')).toEqual([]);
});

test('a day begins at midnight of its zone, or after the gap that swallows midnight', () => {
  expect(iso(dayStart('2026-11-22', 'America/New_York'))).toBe('2026-11-22T05:00:00.000Z');
  expect(iso(dayStart('2026-09-06', 'America/Santiago'))).toBe('2026-09-06T04:00:00.000Z');
});

test('dates are counted across months, and have weekdays', () => {
  expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
  expect(weekdayOf('2026-11-22')).toBe('Sun');
  expect(wallOf(Date.parse('2026-11-22T01:05:00Z'), 'UTC')).toBe('2026-11-22T01:05');
});
