import {expect, test} from 'vitest';
import {endingWords, ranked} from './endings';
import {dayAfter, monthAfter, startOfDay, weeksOf} from './months';

const at = (instant: number) => new Date(instant).toISOString();

test('a day begins when the clock of its zone says midnight, also when the clock changes', () => {
  expect(at(startOfDay('2026-03-29', 'Europe/Berlin'))).toBe('2026-03-28T23:00:00.000Z');
  expect(at(startOfDay('2026-03-30', 'Europe/Berlin'))).toBe('2026-03-29T22:00:00.000Z');
  expect(at(startOfDay('2026-10-26', 'Europe/Berlin'))).toBe('2026-10-25T23:00:00.000Z');
  expect(at(startOfDay('2026-11-22', 'America/New_York'))).toBe('2026-11-22T05:00:00.000Z');
  expect(at(startOfDay('2026-11-22', 'Asia/Kathmandu'))).toBe('2026-11-21T18:15:00.000Z');
});

test('months follow one another over the end of the year', () => {
  expect(monthAfter('2026-01', -1)).toBe('2025-12');
  expect(monthAfter('2025-11', 3)).toBe('2026-02');
  expect(dayAfter('2028-02-28')).toBe('2028-02-29');
});

test('the weeks of a month begin on Monday and have seven cells', () => {
  const weeks = weeksOf('2026-03');
  expect(weeks[0]).toEqual(['', '', '', '', '', '', '2026-03-01']);
  expect(weeks.at(-1)).toEqual(['2026-03-30', '2026-03-31', '', '', '', '', '']);
});

test('the worst ending of a day comes first', () => {
  const endings = {succeeded: 22, failed: 2, skipped_overlap: 0};
  expect(ranked(endings)[0]).toEqual(['failed', 2]);
  expect(endingWords(endings)).toBe('2 failed, 22 succeeded');
  expect(endingWords({})).toBe('no occurrence');
});
