import {describe, expect, test} from 'vitest';
import type {RunSummary} from '@/api/queries';
import {refreshed, type RunPage, type RunPages, startOf, waitingWords, withEvents, withHead} from './live-rows';

const run = (id: string, state = 'running') => ({id, state}) as RunSummary;
const page = (ids: string, next_cursor?: string): RunPage => ({items: [...ids].map((id) => run(id)), next_cursor});
const list = (...pages: RunPage[]): RunPages => ({pages, pageParams: pages.map(String)});
const ids = (data: RunPages) => data.pages.flatMap((each) => each.items ?? []).map((each) => each.id).join('');

describe('at the top', () => {
  test('new runs come before what was loaded, and nothing twice', () => {
    expect(ids(withHead(list(page('fed', 'c'), page('cb', 'a')), page('hgfe', 'x')))).toBe('hgfedcb');
  });
  test('a run that matches no longer goes', () => {
    expect(ids(withHead(list(page('fed', 'c'), page('cb', 'a')), page('fdc', 'x')))).toBe('fdcb');
  });
  test('where runs between were never read, the list begins anew', () => {
    const head = page('zyx', 'w');
    expect(withHead(list(page('fed', 'c')), head)).toEqual(startOf(head));
  });
  test('a head that is everything is the whole list', () => {
    expect(ids(withHead(list(page('fed', 'c'), page('cb')), page('f')))).toBe('f');
  });
  test('a page on which nothing matched yet does not take away what was found behind it', () => {
    expect(ids(withHead(list(page('', 'c'), page('cb')), page('', 'c')))).toBe('cb');
  });
});

describe('scrolled away', () => {
  test('rows stay where they are and show what became of them', () => {
    const head = {items: [run('g'), run('f', 'failed')], next_cursor: 'x'};
    const data = refreshed(list(page('fed', 'c')), head);
    expect(ids(data)).toBe('fed');
    expect(data.pages[0]?.items?.[0]?.state).toBe('failed');
  });
  test('says how many wait above', () => {
    expect(waitingWords(list(page('fed', 'c')), page('hgf', 'x'))).toBe('2 new runs');
    expect(waitingWords(list(page('fed', 'c')), page('gf', 'x'))).toBe('1 new run');
    expect(waitingWords(list(page('fed', 'c')), page('zyx', 'w'))).toBe('3+ new runs');
    expect(waitingWords(list(page('fed', 'c')), page('fe', 'x'))).toBeUndefined();
  });
});

test('rows below the head follow the events', () => {
  const event = {id: '1', type: 'run.failed', subject: 'd', time: 'T', data: {state: 'failed', reason: 'exit 3'}};
  const changed = withEvents(list(page('fed')), [event]).pages[0]?.items?.[2];
  expect(changed).toEqual({id: 'd', state: 'failed', finished_at: 'T', reason: 'exit 3'});
  const data = list(page('fe'));
  expect(withEvents(data, [event])).toBe(data);
});
