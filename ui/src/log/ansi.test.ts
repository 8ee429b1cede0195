import {expect, test} from 'vitest';
import {findLinks, lastWritten, paletteColour, parseLine, safeLink, visibleText} from './ansi';

const looks = (line: string) => parseLine(line).map((piece) => [piece.text, piece.classes]);

test('a plain line is one piece', () => {
  expect(parseLine('hello')).toEqual([{text: 'hello', classes: '', isHit: false}]);
  expect(parseLine('')).toEqual([]);
});

test('colours and styles become classes until they are taken back', () => {
  expect(looks('a\x1b[1;31mb\x1b[39mc\x1b[0md')).toEqual([
    ['a', ''], ['b', 'ansi-bold ansi-fg-1'], ['c', 'ansi-bold'], ['d', ''],
  ]);
  expect(looks('\x1b[92;44mx\x1b[22;49my')).toEqual([['x', 'ansi-fg-10 ansi-bg-4'], ['y', 'ansi-fg-10']]);
  expect(looks('\x1b[7mx\x1b[27my\x1b[mz')).toEqual([['x', 'ansi-inverse'], ['y', ''], ['z', '']]);
});

test('of 256 colours the first sixteen are the theme\'s, the others their own', () => {
  expect(looks('\x1b[38;5;9mx')).toEqual([['x', 'ansi-fg-9']]);
  expect(parseLine('\x1b[38;5;196mx')[0]!.colour).toMatch(/^light-dark\(rgb\(\d+ \d+ \d+\), rgb/);
  expect(paletteColour(16)).toEqual([0, 0, 0]);
  expect(paletteColour(231)).toEqual([255, 255, 255]);
  expect(paletteColour(244)).toEqual([128, 128, 128]);
});

test('a true colour on a background of its own stays as it is', () => {
  const piece = parseLine('\x1b[38;2;1;2;3;48;2;250;251;252mx')[0]!;
  expect([piece.colour, piece.background]).toEqual(['rgb(1 2 3)', 'rgb(250 251 252)']);
  expect(parseLine('\x1b[38;2;1;2;999mx')[0]!.colour).toBeUndefined();
});

test('sequences that are no colours, and broken ones, are left out', () => {
  expect(visibleText('\x1b[2K\x1b[1Ga\x1b]0;title\x07b\x1b(Bc\x1b[')).toBe('abc');
  expect(looks('\x1b[?25lx')).toEqual([['x', '']]);
});

test('what is no text shows as a mark', () => {
  expect(parseLine('a\x00b\x7f')[0]!.text).toBe('a\ufffdb\ufffd');
});

test('of a line that was written over and over the last is shown', () => {
  expect(lastWritten('10%\r50%\r100%')).toEqual({text: '100%', skipped: '10%\r50%\r'});
  expect(lastWritten('done\r')).toEqual({text: 'done', skipped: ''});
  expect(parseLine('\x1b[31m10%\r100%\r').map((piece) => piece.text)).toEqual(['100%']);
});

test('hits are marked where they are, across colours and behind what was written over', () => {
  expect(parseLine('er\x1b[31mror\x1b[0m!', [{begin: 0, length: 5}]).map((piece) => [piece.text, piece.isHit])).toEqual([
    ['er', true], ['ror', true], ['!', false],
  ]);
  expect(parseLine('ab\rabc', [{begin: 4, length: 1}]).filter((piece) => piece.isHit)).toMatchObject([{text: 'b'}]);
});

test('web addresses are links, without the punctuation behind them', () => {
  expect(findLinks('see http://a.example/x?y=1. And (https://b.example/z_(1)).').map((link) => link.href)).toEqual([
    'http://a.example/x?y=1', 'https://b.example/z_(1)',
  ]);
  expect(parseLine('go http://a.example/ now').map((piece) => piece.href)).toEqual([
    undefined, 'http://a.example/', undefined,
  ]);
});

test('a link of a terminal is followed to the web only', () => {
  const link = (address: string) => parseLine(`\x1b]8;;${address}\x1b\\here\x1b]8;;\x07!`).map((piece) => piece.href);
  expect(link('https://a.example/')).toEqual(['https://a.example/', undefined]);
  expect(link('javascript:alert(1)')).toEqual([undefined, undefined]);
  expect(safeLink('data:text/html,x')).toBeUndefined();
});
