import {expect, test} from 'vitest';
import {changesOf, type Param, readParams} from './params-check';

const KNOWN: Record<string, Param> = {
  region: {type: 'string', enum: ['eu', 'us'], required: true},
  count: {type: 'integer', minimum: 1, maximum: 9},
};
const mistakes = (text: string) => {
  const read = readParams(text, KNOWN);
  return 'mistakes' in read ? read.mistakes.map(({where, what}) => `${where}: ${what}`) : [];
};

test('values that fit are read', () => {
  expect(readParams('{"region": "eu", "count": 3}', KNOWN)).toEqual({values: {region: 'eu', count: 3}});
});

test('every value that does not fit is told with its name', () => {
  expect(mistakes('{"region": "mars", "count": 10, "x": 1}')).toEqual([
    'region: must be one of "eu", "us"', 'count: must be at most 9', 'x: the job has no such parameter; it has region, count',
  ]);
  expect(mistakes('{"count": "3"}')).toEqual(['count: must be of type integer', 'region: is required']);
});

test('what is no JSON is told with its place', () => {
  expect(mistakes('[]')).toEqual(['the text: write an object: {"name": value}']);
  expect(mistakes('{"region": eu}')[0]).toMatch(/^(line 1, column 12|the text): this is no JSON/);
});

test('a re-run is told only what differs', () => {
  expect(changesOf({a: 1, b: {c: 1}, d: 4}, {a: 2, b: {c: 1}})).toEqual({a: 2, d: null});
});
