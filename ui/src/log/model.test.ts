import {expect, test} from 'vitest';
import {contrast, readableOn, type Rgb} from './colour';
import {endsGroup, foldedAll, Folds, groupTitle} from './folds';
import {formatHash, parseHash, select} from './permalink';
import {Scroller} from './scroller';
import {timeWords} from './times';

test('a colour is moved until it can be read, and no further', () => {
  for (const background of [[255, 255, 255], [22, 27, 32]] as Rgb[]) {
    for (const colour of [[255, 255, 0], [0, 0, 128], [128, 128, 128], [1, 2, 3]] as Rgb[]) {
      expect(contrast(readableOn(colour, background), background)).toBeGreaterThanOrEqual(4.5);
    }
  }
  expect(readableOn([0, 0, 128], [255, 255, 255])).toEqual([0, 0, 128]);
});

test('all groups are folded at once: ended, cut off by the next one, and open at the end', () => {
  const edges = [[2, '::group::a'], [5, '::endgroup::'], [8, '##[group]b'], [10, '::group::c'], [11, '::endgroup::'], [12, '::endgroup::'], [20, '::group::d']];
  const folds = foldedAll(edges.map(([line, text]) => ({line: Number(line), text: String(text)})), 25);
  expect([2, 8, 10, 20, 12].map((line) => folds.isFolded(line))).toEqual([true, true, true, true, false]);
  expect(folds.rows(25)).toBe(25 - 3 - 1 - 1 - 5);
});

test('folds take lines out of the rows and give them back', () => {
  const folds = new Folds().with(10, 20).with(30, 31);
  expect(folds.rows(100)).toBe(100 - 10 - 1);
  expect([folds.rowOf(10), folds.rowOf(15), folds.rowOf(21), folds.rowOf(100)]).toEqual([9, 9, 10, 88]);
  for (let row = 0; row < 89; ++row) expect(folds.rowOf(folds.lineOf(row))).toBe(row);
  expect(folds.showing(15).rows(100)).toBe(99);
  expect(folds.without(10).isFolded(30)).toBe(true);
});

test('a fold around folds takes their place', () => {
  expect(new Folds().with(10, 12).with(9, 20).count).toBe(1);
});

test('groups are known by what GitHub and Azure write', () => {
  expect([groupTitle('::group::Build it '), groupTitle('##[group]Test'), groupTitle('x ::group::')]).toEqual([
    'Build it', 'Test', undefined,
  ]);
  expect([endsGroup('::endgroup::'), endsGroup('::group::')]).toEqual([true, false]);
});

test('an address names a line or several, the smaller first', () => {
  expect(parseHash('#L120')).toEqual({from: 120, to: 120});
  expect(parseHash('#L140-L120')).toEqual({from: 120, to: 140});
  expect([parseHash('#L0'), parseHash('#top'), parseHash('')]).toEqual([undefined, undefined, undefined]);
  expect(formatHash(parseHash('#L3-9')!)).toBe('L3-L9');
  expect(select({from: 5, to: 5}, 2, true)).toEqual({from: 2, to: 5});
});

test('times are told as they were asked for', () => {
  const start = '2026-01-01T00:00:00.000Z';
  expect(timeWords('relative', '2026-01-01T00:00:01.250Z', start)).toBe('+1.250 s');
  expect(timeWords('relative', '2026-01-01T01:02:03.000Z', start)).toBe('+1:02:03');
  expect(timeWords('delta', '2026-01-01T00:01:05.500Z', start, start)).toBe('+1:05.5');
  expect(timeWords('delta', start, start)).toBe('');
  expect(timeWords('absolute', start, start)).toMatch(/^\d\d:00:00\.000$/);
});

function scroller(rows: number, most?: number): Scroller {
  const made = new Scroller(20, most);
  made.setViewport(400);
  made.setRows(rows);
  return made;
}

test('a list that fits is scrolled pixel by pixel', () => {
  const one = scroller(1_000);
  expect(one.height).toBe(20_000);
  one.scrolled(1_010);
  expect(one.at).toEqual({row: 50, offset: 10});
  expect(one.settle()).toBe(1_010);
  expect(one.visible(5)).toEqual({first: 45, last: 75});
  one.scrolled(19_600);
  expect(one.isAtEnd).toBe(true);
  expect(one.visible(0)).toEqual({first: 980, last: 999});
});

test('a list that is shorter than the screen stands still', () => {
  const one = scroller(3);
  one.scrolled(50);
  expect([one.at.row, one.isAtEnd, one.height]).toEqual([0, true, 400]);
});

test('in a list that is too long for a browser a wheel still moves by its pixels', () => {
  const one = scroller(10_000_000, 8_000_000);
  expect(one.height).toBe(8_000_000);
  one.scrolled(4_000_000); // a drag: half the list
  expect(Math.abs(one.at.row - 5_000_000)).toBeLessThan(300);
  const before = one.at;
  one.scrolled(4_000_100);
  expect((one.at.row - before.row) * 20 + one.at.offset - before.offset).toBeCloseTo(100, 6);
  expect(Math.abs(one.settle() - 4_000_004)).toBeLessThan(5);
});

test('every line of a long list can be reached, and both its ends are at the ends of the bar', () => {
  const one = scroller(10_000_000, 8_000_000);
  one.showEnd();
  expect(one.settle()).toBe(8_000_000 - 400);
  expect(one.visible(0).last).toBe(9_999_999);
  for (const row of [0, 1, 4_999_999, 7_654_321]) {
    one.show(row, 0);
    one.scrolled(one.settle());
    expect(one.at.row).toBe(row);
  }
});

test('rows that are taller are gone through pixel by pixel', () => {
  const one = scroller(1_000);
  one.measure(new Map([[0, 100], [1, 20]]));
  one.moveBy(50);
  expect(one.at).toEqual({row: 0, offset: 50});
  one.moveBy(60);
  expect(one.at).toEqual({row: 1, offset: 10});
  one.moveBy(-20);
  expect(one.at).toEqual({row: 0, offset: 90});
});

test('what grows at the end is followed from there', () => {
  const one = scroller(100);
  one.showEnd();
  one.setRows(120);
  expect(one.isAtEnd).toBe(false);
  one.showEnd();
  expect(one.visible(0)).toEqual({first: 100, last: 119});
});
