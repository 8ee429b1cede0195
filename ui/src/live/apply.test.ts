import {QueryClient} from '@tanstack/react-query';
import {describe, expect, test} from 'vitest';
import {patchRuns, Refresher, staleKeys} from './apply';
import type {LiveEvent} from './event';
import {FakeTime} from './fake-time';

const event = (type: string, subject: string, data = {}): LiveEvent => ({
  id: '1', type, subject, time: '', data,
});

describe('live events and the query cache', () => {
  test('the state of a run that is shown changes at once, and nothing else does', () => {
    const client = new QueryClient();
    const rows = [{id: 'run_1', state: 'queued'}, {id: 'run_2', state: 'queued'}];
    client.setQueryData(['runs', {}], {pages: [{items: rows}], pageParams: ['']});
    const before = client.getQueryData(['runs', {}]);
    patchRuns(client, [event('run.queued', 'run_9', {state: 'queued'})]);
    expect(client.getQueryData(['runs', {}])).toBe(before);
    patchRuns(client, [
      event('run.started', 'run_1', {state: 'running'}),
      event('run.failed', 'run_1', {state: 'failed'}),
    ]);
    expect(client.getQueryData(['runs', {}])).toMatchObject({
      pages: [{items: [{id: 'run_1', state: 'failed'}, {id: 'run_2', state: 'queued'}]}],
    });
  });

  test('an event makes old what it touches', () => {
    const keys = staleKeys([event('run.started', 'run_1', {job: 'x'}), event('queue.paused', 'imports')]);
    expect(keys).toContainEqual(['runs']);
    expect(keys).toContainEqual(['run', 'run_1']);
    expect(keys).toContainEqual(['job', 'x']);
    expect(keys).toContainEqual(['queues']);
    expect(keys).not.toContainEqual(['calendars']);
  });

  test('a list is read again at most once a second however many events come', () => {
    const time = new FakeTime();
    const client = new QueryClient();
    let readings = 0;
    client.invalidateQueries = async () => void (readings += 1);
    const refresher = new Refresher(client, time);
    for (let at = 0; at < 30; at += 1) {
      refresher.mark([['runs']]);
      time.pass(100);
    }
    time.pass(2_000);
    expect(readings).toBeGreaterThanOrEqual(3);
    expect(readings).toBeLessThanOrEqual(4);
  });
});
