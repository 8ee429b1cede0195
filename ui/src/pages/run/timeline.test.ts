import {expect, test} from 'vitest';
import type {Run} from '@/api/queries';
import {bytesWords, cpuWords, endingWords, gapWords, stepsOf} from './timeline';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const RUN = {
  id: 'run_1', job: 'report', state: 'failed', trigger: 'manual', requested_by: 'ada', queue: 'imports', reason: 'no attempt is left',
  created_at: at(0), due_at: at(0), finished_at: at(40),
  attempts: [
    {number: 1, epoch: 1, worker_id: 'w', worker: 'box', started_at: at(1), finished_at: at(3), outcome: {status: 'retryable', exit_code: 3}},
    {number: 2, epoch: 2, worker_id: 'w', worker: 'box', started_at: at(33), finished_at: at(40), outcome: {status: 'failed', signal: 'KILL', error: {type: 'signal', message: 'it was killed'}}},
  ],
} as unknown as Run;

test('the way of a run is told in order, every wait with its reason', () => {
  const events = [{type: 'run.retrying', time: at(3), data: {due_at: at(33), reason: 'exit code 3'}}, {type: 'run.started', time: at(1)}];
  const steps = stepsOf(RUN, events);
  expect(steps.map((step) => step.what)).toEqual([
    'Made', 'Attempt 1 began', 'Attempt 1 failed, and may be retried', 'Waits to be tried again',
    'Attempt 2 began', 'Attempt 2 failed', 'Failed',
  ]);
  expect(steps[1]?.why).toBe('on box, after 1.0 s in the queue imports');
  expect(steps[4]?.why).toBe('on box');
  expect(steps[3]?.why).toBe('for 30 s, exit code 3');
  expect(steps[5]?.why).toBe('signal KILL: it was killed');
  expect(gapWords(steps[3], steps[4]!)).toBe('+30 s');
});

test('who asked it to stop is told with what they said', () => {
  const cancel = {by: 'ada', reason: 'wrong day', at: at(2), mode: 'kill' as const};
  const asked = stepsOf({...RUN, cancel}, []).find((step) => step.icon === 'stop');
  expect(asked?.what).toBe('Asked to be killed at once');
  expect(asked?.why).toBe('by ada: wrong day');
});

test('an attempt ends by a code, a signal or a word', () => {
  expect(endingWords(undefined)).toBe('under way');
  expect(endingWords({status: 'success', exit_code: 0})).toBe('exit code 0');
  expect(endingWords({status: 'timed_out'})).toBe('timed out');
});

test('processor time is that of program and kernel', () => {
  expect(cpuWords({cpu_user: '1s', cpu_system: '500ms'})).toBe('1.5 s');
  expect(cpuWords(undefined)).toBe('–');
});

test('bytes are said in the unit that fits', () => {
  expect([512, 2048, 157_286_400].map(bytesWords)).toEqual(['512 B', '2.0 KiB', '150 MiB']);
});
