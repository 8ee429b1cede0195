import {expect, test} from 'vitest';
import {instantOf} from './local-instant';

test('a local time is read in its zone, before and after a clock change', () => {
  expect(instantOf('2026-03-29T01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z');
  expect(instantOf('2026-03-29T03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  expect(instantOf('2026-06-01T00:00', 'UTC')).toBe('2026-06-01T00:00:00.000Z');
});

test('what is no time has no instant', () => {
  expect(instantOf('', 'UTC')).toBeUndefined();
  expect(instantOf('2026-13-01T00:00', 'UTC')).toBeUndefined();
});
