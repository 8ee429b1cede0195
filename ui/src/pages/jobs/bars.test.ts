import {expect, test} from 'vitest';
import {barsOf, barWords, heightsOf} from './bars';

const NOW = Date.parse('2026-03-01T12:00:00Z');

test('bars stand oldest first and are as high as their run was long', () => {
  const bars = barsOf(
    [
      {id: 'b', state: 'running', started_at: '2026-03-01T11:59:50Z'},
      {id: 'a', state: 'failed', started_at: '2026-03-01T11:00:00Z', finished_at: '2026-03-01T11:00:05Z'},
    ],
    NOW,
  );
  expect(bars.map((bar) => bar.id)).toEqual(['a', 'b']);
  expect(heightsOf(bars)).toEqual([0.5, 1]);
  expect(barWords(bars[0]!, NOW)).toBe('failed after 5.0 s, 59 min ago');
  expect(barWords(bars[1]!, NOW)).toBe('running for 10 s');
});

test('a run that never started has a bar that can be seen', () => {
  const [bar] = barsOf([{id: 'a', state: 'skipped', finished_at: '2026-03-01T11:00:00Z'}], NOW);
  expect(heightsOf([bar!])[0]).toBeGreaterThan(0.1);
  expect(barWords(bar!, NOW)).toBe('skipped, 1 h ago');
});
