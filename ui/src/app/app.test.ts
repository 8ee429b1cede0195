import {describe, expect, test} from 'vitest';
import {KeySequence, keyName} from './keys';
import {rank} from './match';
import {NAVIGATION} from './navigation';
import pages from './pages.json';
import {parseSearch, stringifySearch, texts} from './search';
import {routeTree} from './router';

describe('the keyboard', () => {
  const known = [{keys: 'g j'}, {keys: 'j'}, {keys: '?'}, {keys: 'mod+k'}];

  test('two keys in time are one shortcut, and too late they are two', () => {
    const sequence = new KeySequence();
    expect(sequence.press('g', 0, known)).toBeUndefined();
    expect(sequence.press('j', 500, known)).toBe('g j');
    expect(sequence.press('g', 1_000, known)).toBeUndefined();
    expect(sequence.press('j', 9_000, known)).toBe('j');
    expect(sequence.press('g', 9_100, known)).toBeUndefined();
    expect(sequence.press('?', 9_200, known)).toBe('?');
  });

  test('Ctrl and Cmd mean the same, and Alt is the browser\'s', () => {
    const press = {key: 'K', ctrlKey: false, metaKey: false, altKey: false};
    expect(keyName({...press, ctrlKey: true})).toBe('mod+k');
    expect(keyName({...press, metaKey: true})).toBe('mod+k');
    expect(keyName({...press, altKey: true})).toBeUndefined();
    expect(keyName({...press, key: 'Shift'})).toBeUndefined();
  });
});

describe('addresses', () => {
  test('parameters come back as they were, numbers and braces too', () => {
    const search = {job: '123', q: 'state:failed "a b" {"x":1}', label: 'team=ops&more'};
    expect(parseSearch(stringifySearch(search))).toEqual(search);
    expect(stringifySearch({job: '', state: undefined})).toBe('');
  });

  test('a parameter that the page does not know is dropped', () => {
    expect(texts('job')({job: 7, evil: 'x'})).toEqual({job: '7'});
  });

  test('the node serves every path that the router knows', () => {
    const paths = (routeTree.children as unknown as {options: {path: string}}[]).map((each) => each.options.path);
    const names = new Set(paths.map((path) => path.split('/')[1]).filter(Boolean));
    expect([...names].sort()).toEqual(pages);
    for (const page of NAVIGATION) expect(paths).toContain(page.to);
  });
});

test('the palette prefers starts of words over letters somewhere', () => {
  const all = ['Workers', 'nightly-backup', 'Switch between dark and light'];
  expect(rank(all, 'nb', (each) => each)[0]).toBe('nightly-backup');
  expect(rank(all, 'zzz', (each) => each)).toEqual([]);
  expect(rank(all, '', (each) => each)).toEqual(all);
});
