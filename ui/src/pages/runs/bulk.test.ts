import {expect, test} from 'vitest';
import {type BulkProgress, forEachRun, runsWords} from './bulk';

test('what one run refuses does not hold back the others', async () => {
  const told: BulkProgress[] = [];
  const act = (run: string) => (run === 'b' ? Promise.reject(new Error('it has ended')) : Promise.resolve());
  const end = await forEachRun(['a', 'b', 'c'], act, (now) => told.push(now), new AbortController().signal);
  expect(end).toEqual({total: 3, done: 2, refused: [{run: 'b', why: 'it has ended'}]});
  expect(told).toHaveLength(3);
});

test('stopped, it begins no more runs', async () => {
  const stop = new AbortController();
  const runs = Array.from({length: 100}, (_, at) => String(at));
  const act = () => Promise.resolve(stop.abort());
  const end = await forEachRun(runs, act, () => {}, stop.signal);
  expect(end.done).toBeLessThanOrEqual(4);
});

test('counts are said with their noun', () => {
  expect(runsWords(1)).toBe('1 run');
  expect(runsWords(12345, false)).toBe('at least 12,345 runs');
});
