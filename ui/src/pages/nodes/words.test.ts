import {expect, test} from 'vitest';
import type {Node} from '@/api/queries';
import {clockWords, shareWords, whyNoShare, workerIdOf} from './words';

const node = (about: Partial<Node> = {}): Node => ({
  id: 'node_01', name: 'one', state: 'online', roles: ['api', 'scheduler', 'worker'], started_at: '', heartbeat_at: '',
  ...about,
});

test('schedules are shared by those that plan: schedulers that are online and in time', () => {
  const all = [
    node(), node({clock_offset_ms: -40}), node({state: 'lost'}), node({roles: ['worker']}), node({clock_offset_ms: 1_001}),
  ];
  expect(all.map((each) => shareWords(each, all))).toEqual(['half', 'half', 'none', 'none', 'none']);
  expect(all.map(whyNoShare).map((why) => why?.split(' ')[0])).toEqual([undefined, undefined, 'The', 'It', 'Its']);
  expect(shareWords(all[0]!, [all[0]!])).toBe('all');
  const many = Array.from({length: 7}, () => node());
  expect(shareWords(many[0]!, many)).toBe('1 of 7');
});

test('a clock is behind where the clock of the store is ahead of it', () => {
  expect([undefined, 0, -4, 120, -2_345].map(clockWords)).toEqual(['–', 'in step', 'in step', '120 ms behind', '2.3 s ahead']);
});

test('a node and its worker have the same number', () => {
  expect(workerIdOf(node({id: 'node_0190aa'}))).toBe('wrk_0190aa');
});
