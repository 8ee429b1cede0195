import {describe, expect, test} from 'vitest';
import {
  absoluteWords, countdownWords, durationWords, parseDuration, relativeWords, shortWords,
} from './time-words';

const at = (text: string) => Date.parse(text);
const NOW = at('2026-11-22T12:00:00Z');

describe('words for times', () => {
  test('a distance is said in its largest unit', () => {
    expect(relativeWords(NOW - 400, NOW)).toBe('now');
    expect(relativeWords(NOW - 59_999, NOW)).toBe('59 s ago');
    expect(relativeWords(NOW - 60_000, NOW)).toBe('1 min ago');
    expect(relativeWords(NOW + 2 * 3_600_000, NOW)).toBe('in 2 h');
    expect(relativeWords(NOW - 40 * 86_400_000, NOW)).toBe('40 d ago');
  });

  test('a duration has two units at most, and no more exactness than it needs', () => {
    expect(durationWords(0)).toBe('0 ms');
    expect(durationWords(999)).toBe('999 ms');
    expect(durationWords(4_260)).toBe('4.2 s');
    expect(durationWords(59_999)).toBe('59 s');
    expect(durationWords(187_000)).toBe('3 min 7 s');
    expect(durationWords(7_200_000)).toBe('2 h');
    expect(durationWords(3 * 86_400_000 + 4 * 3_600_000)).toBe('3 d 4 h');
  });

  test('a countdown never shows a second that is over', () => {
    expect(countdownWords(8_001)).toBe('0:09');
    expect(countdownWords(0)).toBe('0:00');
    expect(countdownWords(-5)).toBe('0:00');
    expect(countdownWords(10_931_000)).toBe('3:02:11');
    expect(countdownWords(52 * 3_600_000)).toBe('2 d 4 h');
  });

  test('durations of the API are read, and other texts are none', () => {
    expect(parseDuration('1h30m')).toBe(5_400_000);
    expect(parseDuration('0.25s')).toBe(250);
    expect(parseDuration('1500ms')).toBe(1_500);
    expect(parseDuration('soon')).toBeUndefined();
    expect(parseDuration('')).toBeUndefined();
    expect(parseDuration(undefined)).toBeUndefined();
  });

  test('the two halves of the hour that comes twice have different names', () => {
    expect(absoluteWords(at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('2026-10-25 02:30:00 CEST');
    expect(absoluteWords(at('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('2026-10-25 02:30:00 CET');
  });

  test('a zone that the browser does not know is shown as UTC and not as something else', () => {
    expect(absoluteWords(NOW, 'Mars/Olympus')).toBe('2026-11-22 12:00:00 UTC');
  });

  test('a short time leaves out what today makes plain', () => {
    expect(shortWords(at('2026-11-22T02:30:00Z'), NOW, 'UTC')).toBe('02:30:00');
    expect(shortWords(at('2026-03-29T02:30:00Z'), NOW, 'UTC')).toBe('03-29 02:30');
    expect(shortWords(at('2025-03-29T02:30:00Z'), NOW, 'UTC')).toBe('2025-03-29 02:30');
  });
});
