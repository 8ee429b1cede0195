import {describe, expect, test} from 'vitest';
import {choicesFor, hasTerms, isUnfinished, markedAt, queryOf, quoted, taken, termsOf, typedAt, withTerms} from './run-query';

describe('terms', () => {
  test('a quoted value is one term, blanks and all', () => {
    expect(termsOf('state:failed queue:"slow lane",x  word')).toEqual(['state:failed', 'queue:"slow lane",x', 'word']);
  });
  test('a term takes the place of the one with its key, negated or not', () => {
    expect(withTerms('-state:scheduled job:a', ['state:failed'])).toBe('job:a state:failed');
    expect(withTerms('backup', ['since:1h'])).toBe('backup since:1h');
    expect(hasTerms('job:a state:failed', ['state:failed'])).toBe(true);
  });
  test('parameters of older links become a query', () => {
    expect(queryOf({job: 'a b', state: 'failed,timed_out'})).toBe('job:"a b" state:failed,timed_out');
    expect(queryOf({q: 'job:x', operation: 'op_1'})).toBe('job:x operation:op_1');
    expect(quoted('say "x"')).toBe('"say \\"x\\""');
  });
});

describe('completion', () => {
  const choices = (text: string, names: string[] = []) =>
    choicesFor(typedAt(text, text.length), names).map((choice) => choice.text);
  test('offers keys, then the values of the key', () => {
    expect(choices('st')).toEqual(['state:']);
    expect(choices('-')).toEqual(['-state:', '-label:', '-trigger:']);
    expect(choices('job:x state:failed,t')).toEqual(['timed_out']);
    expect(choices('job:ni', ['nightly', 'other'])).toEqual(['nightly']);
    expect(choices('state:failed')).toEqual([]);
  });
  test('a choice takes the place of what was typed, with a blank behind a value', () => {
    expect(taken('job:x sta', 9, 'state:')).toEqual({query: 'job:x state:', caret: 12});
    expect(taken('state:fa job:x', 8, 'failed')).toEqual({query: 'state:failed job:x', caret: 12});
    expect(taken('state:fa', 8, 'failed')).toEqual({query: 'state:failed ', caret: 13});
  });
  test('what lacks a value is not asked yet', () => {
    expect(['state:', 'state:a,', 'job:"a', '-', 'x -'].every(isUnfinished)).toBe(true);
    expect(['', 'state:a', 'job:"a"', 'a-'].some(isUnfinished)).toBe(false);
  });
});

test('a mistake is marked from its column to the end of its word', () => {
  expect(markedAt('job:x stat:failed', 7)).toEqual(['job:x ', 'stat', ':failed']);
  expect(markedAt('state:', 7)).toEqual(['state:', ' ', '']);
});
