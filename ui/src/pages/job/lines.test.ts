import {expect, test} from 'vitest';
import {diffLines, foldSame} from './lines';

const marks = {same: ' ', gone: '-', new: '+'};
const written = (before: string, after: string) =>
  diffLines(before, after).map((line) => marks[line.kind] + line.text);

test('a changed line goes and comes between those that stay', () => {
  expect(written('a\nb\nc', 'a\nB\nc')).toEqual([' a', '-b', '+B', ' c']);
});

test('lines that are put in or taken out leave the others alone', () => {
  expect(written('a\nb', 'a\nx\nb')).toEqual([' a', '+x', ' b']);
  expect(written('a\nx\nb\nc\ny', 'a\nb\nz\nc')).toEqual([' a', '-x', ' b', '+z', ' c', '-y']);
});

test('equal texts have no change', () => {
  expect(written('a\nb', 'a\nb')).toEqual([' a', ' b']);
});

test('what stays far from any change is counted, not shown', () => {
  const lines = diffLines('1\n2\n3\n4\n5\n6\nx', '1\n2\n3\n4\n5\n6\ny');
  expect(foldSame(lines)[0]).toBe(3);
  expect(foldSame(diffLines('a\nb', 'a\nb'))).toEqual([2]);
});
