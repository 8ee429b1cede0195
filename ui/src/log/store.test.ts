import {expect, test, vi} from 'vitest';
import {ArraySource, makeLines} from './array-source';
import {FilteredLines} from './filtered';
import {Finder} from './finder';
import {LogStore} from './log-store';
import {NO_FILTER, type Filter} from './source';
import {PAGE_LINES} from './window';

const numbered = (n: number) => makeLines(Array.from({length: n}, (_, i) => `line ${i + 1}`));
const SOON = {interval: 1, timeout: 30_000};
const filter = (text: string): Filter => ({...NO_FILTER, text});

test('a log is opened at its end with one question, and only what is near is held', async () => {
  const source = new ArraySource(numbered(100_000));
  const store = new LogStore(source);
  await store.open();
  expect(source.asked).toEqual(['{"last":200}']);
  expect(store.get()).toMatchObject({attempt: 1, total: 100_000});
  expect(store.lineAt(100_000)?.text).toBe('line 100000');
  for (let at = 1; at < 100_000; at += 2_500) {
    store.show(at, at + 50);
    await vi.waitFor(() => expect(store.lineAt(at + 50)?.text).toBe(`line ${at + 50}`), SOON);
  }
  expect(store.window.held).toBeLessThanOrEqual(30 * PAGE_LINES);
});

test('an answer that is shorter than asked for is asked on', async () => {
  const store = new LogStore(new ArraySource(numbered(1_000), 1, 70));
  await store.open(500);
  store.show(480, 520);
  await vi.waitFor(() => {
    for (let line = 480; line <= 520; ++line) expect(store.lineAt(line)?.line).toBe(line);
  });
});

test('a last line that had not ended is read again when the log grows', async () => {
  const source = new ArraySource(makeLines(['a', 'hal']));
  source.open = true;
  const store = new LogStore(source);
  await store.open();
  store.show(1, 2);
  source.items = makeLines(['a', 'half', 'b']);
  source.open = false;
  await store.grew();
  expect([2, 3].map((line) => store.lineAt(line)?.text)).toEqual(['half', 'b']);
});

test('a retry takes the place of the attempt before, unless that one was chosen', async () => {
  const source = new ArraySource(numbered(10));
  const store = new LogStore(source);
  await store.open();
  source.items = makeLines(['second']);
  source.attempt = 2;
  await store.grew();
  await vi.waitFor(() => expect(store.lineAt(1)?.text).toBe('second'));
  expect(store.get()).toMatchObject({attempt: 2, total: 1});
});

test('a failure is told and does not ask for ever', async () => {
  const source = new ArraySource(numbered(1_000));
  const store = new LogStore(source);
  await store.open();
  const lines = vi.spyOn(source, 'lines').mockRejectedValue(new Error('gone'));
  store.show(1, 50);
  await vi.waitFor(() => expect(store.get().error).toEqual(new Error('gone')));
  expect(lines).toHaveBeenCalledTimes(1);
});

test('a search goes from match to match, around the end, and knows which one it is at', async () => {
  const finder = new Finder(new ArraySource(numbered(30)), 1, filter('line 2'));
  await finder.count();
  expect(finder.get()).toMatchObject({count: 11, isCounting: false});
  expect(await finder.go(20, false)).toBe(21);
  await vi.waitFor(() => expect(finder.get().position).toBe(3));
  expect(await finder.go(21, true)).toBe(20);
  expect(finder.get().position).toBe(2);
  expect(await finder.go(29, false)).toBe(2);
  expect(finder.get()).toMatchObject({position: 1, hasWrapped: true});
  expect(await finder.go(2, true)).toBe(29);
  expect(finder.get().position).toBe(11);
});

test('a search for what is not there says so', async () => {
  const finder = new Finder(new ArraySource(numbered(5)), 1, filter('nowhere'));
  await finder.count();
  expect(await finder.go(1, false)).toBeUndefined();
  expect(finder.get()).toMatchObject({count: 0, isBusy: false});
});

test('what matches on the screen is marked', async () => {
  const finder = new Finder(new ArraySource(numbered(30)), 1, filter('1'));
  await finder.mark(8, 12);
  expect([8, 10, 11].map((line) => finder.marksOf(line))).toEqual([
    undefined, [{begin: 5, length: 1}], [{begin: 5, length: 1}],
  ]);
});

test('a filtered log is read page by page, dropped far from the screen, and read again', async () => {
  const filtered = new FilteredLines(new ArraySource(numbered(8_000)), 1, filter('line'));
  for (let row = 0; row < 7_800; row += 200) {
    filtered.show(row, row + 40);
    await vi.waitFor(() => expect(filtered.rowAt(row + 40)?.line).toBe(row + 41), SOON);
  }
  expect(filtered.rowAt(0)).toBeUndefined();
  filtered.show(0, 40);
  await vi.waitFor(() => expect(filtered.rowAt(0)?.line).toBe(1));
});

test('a filtered log goes on when the log grows, and reads its open line again', async () => {
  const source = new ArraySource(makeLines(['error a', 'b', 'error c']));
  source.open = true;
  const filtered = new FilteredLines(source, 1, filter('error'));
  filtered.show(0, 10);
  await vi.waitFor(() => expect(filtered.get()).toMatchObject({rows: 2, isComplete: true}));
  source.items = makeLines(['error a', 'b', 'error cd', 'error e']);
  source.open = false;
  filtered.grew();
  await vi.waitFor(() => expect(filtered.get()).toMatchObject({rows: 3, isComplete: true}));
  expect([0, 1, 2].map((row) => filtered.rowAt(row)?.text)).toEqual(['error a', 'error cd', 'error e']);
});

test('a filtered log that grows while its end is looked for is looked through to the new end', async () => {
  const source = new ArraySource(makeLines(['error a']));
  const filtered = new FilteredLines(source, 1, filter('error'));
  const search = source.search.bind(source);
  vi.spyOn(source, 'search').mockImplementationOnce(async (query) => {
    const answer = await search(query);
    source.items = makeLines(['error a', 'error b']);
    filtered.grew();
    return answer;
  });
  filtered.show(0, 10);
  await vi.waitFor(() => expect(filtered.get()).toMatchObject({rows: 2, isComplete: true}));
});

test('an answer that took long takes no lines away that a later one has brought', async () => {
  const source = new ArraySource(numbered(10));
  const store = new LogStore(source);
  await store.open();
  const lines = source.lines.bind(source);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  vi.spyOn(source, 'lines').mockImplementationOnce(async (query) => {
    const answer = await lines(query);
    await held;
    return answer;
  });
  const first = store.grew();
  source.items = numbered(20);
  const second = store.grew();
  release();
  await Promise.all([first, second]);
  expect(store.get().total).toBe(20);
});
