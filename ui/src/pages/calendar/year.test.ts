import {expect, test} from 'vitest';
import {dayWords, joinedSpans, spanChanges, spanMistake, weeksOf} from './year';

test('a month is weeks from Monday, with nothing before the first and after the last', () => {
  const weeks = weeksOf(2026, 2); // begins on a Sunday
  expect(weeks).toHaveLength(5);
  expect(weeks[0]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, '2026-02-01']);
  expect(weeks.flat().filter(Boolean)).toHaveLength(28);
  expect(weeksOf(2028, 2).flat().filter(Boolean)).toHaveLength(29);
});

test('a day says what of it is left out, and why', () => {
  expect(dayWords({day: '2026-12-25', weekday: 'fri', whole: true, times: [], reason: 'Christmas'}))
    .toBe('25 December: the whole day, Christmas');
  expect(dayWords({day: '2026-12-24', weekday: 'thu', whole: false, times: ['14:00-20:00'], reason: ''}))
    .toBe('24 December: 14:00-20:00');
});

const span = (from: string, to = '') => ({from, to, note: ''});

test('an import says what it adds and what it takes away', () => {
  const changes = spanChanges([span('2026-01-01'), span('2026-05-01')], [span('2026-01-01'), span('2026-12-25')]);
  expect(changes).toEqual({added: [span('2026-12-25')], removed: [span('2026-05-01')]});
});

test('joined spans are in order, each once', () => {
  const joined = joinedSpans([span('2026-05-01')], [span('2026-12-25'), span('2026-05-01')]);
  expect(joined.map((each) => each.from)).toEqual(['2026-05-01', '2026-12-25']);
});

test('a span that the server would refuse is said at once', () => {
  expect(spanMistake(span('2026-12-25', '2026-12-26'))).toBeUndefined();
  expect(spanMistake(span('2026-12-24T14:00', '2026-12-24T20:00'))).toBeUndefined();
  expect(spanMistake(span('25.12.2026'))).toContain('A day such as');
  expect(spanMistake(span('2026-12-24T14:00'))).toContain('needs an end');
  expect(spanMistake(span('2026-12-26', '2026-12-25'))).toContain('ends before');
});
