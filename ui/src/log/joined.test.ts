import {expect, test} from 'vitest';
import {ArraySource, makeLines} from './array-source';
import {JoinedSource} from './joined-source';
import type {LogSource, Match} from './source';
import {NO_FILTER} from './source';

/** A run with several attempts. */
class Attempts implements LogSource {
  readonly each: ArraySource[];
  constructor(...logs: string[][]) {
    this.each = logs.map((texts, at) => new ArraySource(makeLines(texts), at + 1, 3));
  }
  private of(attempt: number | undefined) {
    return this.each[(attempt ?? this.each.length) - 1]!;
  }
  async attempts() {
    const all = await Promise.all(this.each.map((source) => source.attempts()));
    return {items: all.flatMap(({items}) => items), complete: false};
  }
  lines: LogSource['lines'] = ({attempt, ...rest}) => this.of(attempt).lines(rest);
  line: LogSource['line'] = ({attempt, ...rest}) => this.of(attempt).line(rest);
  search: LogSource['search'] = (query) => this.of(query.attempt).search(query);
  downloadUrl = (attempt: number) => `attempt ${attempt}`;
}

const run = () => new Attempts(['a1', 'a2', 'a3', 'a4'], ['b1'], ['c1', 'c2']);
const texts = (items: readonly {line: number; text: string}[]) => items.map((each) => `${each.line} ${each.text}`);

test('the attempts follow one another, each under its name, and their lines are counted through', async () => {
  const source = new JoinedSource(run());
  const whole = await source.lines({from: 1, limit: 3});
  expect(whole).toMatchObject({total: 10, attempt: 1_000_000});
  expect(texts(whole.items)).toEqual(['1 Attempt 1', '2 a1', '3 a2']);
  expect(texts((await source.lines({last: 5})).items)).toEqual(['6 Attempt 2', '7 b1', '8 Attempt 3', '9 c1', '10 c2']);
  expect(texts((await source.lines({from: 5, limit: 4})).items)).toEqual(['5 a4', '6 Attempt 2', '7 b1', '8 Attempt 3']);
  expect((await source.line({attempt: 0, line: 9, offset: 1})).text).toBe('1');
  expect(source.downloadUrl(1_000_000, NO_FILTER, false)).toBe('attempt 0');
});

test('an attempt that answers in short pages is not skipped over', async () => {
  const answer = await new JoinedSource(run()).lines({from: 1, limit: 10});
  expect(texts(answer.items)).toEqual(['1 Attempt 1', '2 a1', '3 a2', '4 a3']); // three at a time
});

test('the last attempt grows, and a retry joins on', async () => {
  const attempts = run();
  const source = new JoinedSource(attempts);
  await source.lines({last: 2});
  attempts.each[2]!.items = makeLines(['c1', 'c2', 'c3']);
  attempts.each.push(new ArraySource(makeLines(['d1']), 4));
  const grown = await source.lines({from: 11, limit: 50});
  expect([grown.total, ...texts(grown.items)]).toEqual([13, '11 c3', '12 Attempt 4', '13 d1']);
});

async function found(source: JoinedSource, query: {from?: number; to?: number; backward?: boolean}) {
  const all: Match[] = [];
  let cursor: string | undefined;
  do {
    const filter = {...NO_FILTER, text: '1'};
    const answer = await source.search({...query, attempt: 1, filter, limit: 10, ...(cursor ? {cursor} : {})});
    all.push(...answer.items);
    cursor = answer.next_cursor;
  } while (cursor);
  return all.map((match) => match.line);
}

test('a search goes through all of them, in either direction and within bounds', async () => {
  const source = new JoinedSource(run());
  expect(await found(source, {})).toEqual([2, 7, 9]);
  expect(await found(source, {backward: true})).toEqual([9, 7, 2]);
  expect(await found(source, {from: 3})).toEqual([7, 9]);
  expect(await found(source, {from: 3, to: 8})).toEqual([7]);
  expect(await found(source, {to: 6, backward: true})).toEqual([2]);
  expect(await found(source, {from: 11})).toEqual([]);
});
