import {expect, test} from 'vitest';
import {fits, gist, kindOf, merged, MOST_EVENTS} from './tail';

const event = (id: number, type = 'run.queued') => ({id: String(id), type, subject: `run_${id}`});

test('the latest is first, and what came twice is there once', () => {
  const list = merged([event(3), event(2)], [event(2), event(10), event(4)]);
  expect(list.map((each) => each.id)).toEqual(['10', '4', '3', '2']);
});

test('the list never grows beyond its bound', () => {
  const many = Array.from({length: MOST_EVENTS + 50}, (_, at) => event(at));
  const list = merged([], many);
  expect(list).toHaveLength(MOST_EVENTS);
  expect(list[0]?.id).toBe(String(MOST_EVENTS + 49));
});

test('a filter is the beginning of the type and the whole subject', () => {
  expect(fits(event(1), {})).toBe(true);
  expect(fits(event(1), {type: 'run'})).toBe(true);
  expect(fits(event(1), {type: 'job'})).toBe(false);
  expect(fits(event(1), {subject: 'run_1'})).toBe(true);
  expect(fits(event(1), {subject: 'run_'})).toBe(false);
});

test('an event leads to what it is about', () => {
  expect(['run.failed', 'schedule.missed', 'queue.paused', 'node.lost', 'backup.verified'].map((type) => kindOf({type})))
    .toEqual(['run', 'job', 'queue', 'worker', 'other']);
});

test('the gist names what the event holds', () => {
  expect(gist({subject: 'run_1', data: {run: 'run_1', state: 'failed', note: '', roles: ['api', 'worker'], limits: {cpu: 2}}}))
    .toBe('state failed · roles api, worker · limits {"cpu":2}');
  expect(gist({})).toBe('');
});
