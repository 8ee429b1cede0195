import {expect, test} from 'vitest';
import {bodyOf, fieldsOf, mistakesIn, rateWords} from './limits';

const EMPTY = fieldsOf({name: 'q', description: ''});

test('empty fields are no limits', () => {
  expect(mistakesIn(EMPTY)).toEqual({});
  expect(bodyOf(EMPTY)).toEqual({description: ''});
});

test('limits go to the form and back as they are', () => {
  const spec = {name: 'q', description: 'imports', limit: 3, depth: 100, weight: 3, rate: {count: 10, per: '1m', burst: 20}};
  const {name: _, ...body} = spec;
  expect(bodyOf(fieldsOf(spec))).toEqual(body);
});

test('what is no whole number, no duration or half a rate is said at its field', () => {
  expect(Object.keys(mistakesIn({...EMPTY, limit: '0', depth: '1.5', count: '-1'}))).toEqual(['limit', 'depth', 'count']);
  expect(mistakesIn({...EMPTY, count: '10', per: 'often'}).per).toContain('duration');
  expect(mistakesIn({...EMPTY, weight: '1001'}).weight).toContain('1000');
  expect(mistakesIn({...EMPTY, burst: '5'}).count).toContain('rate');
});

test('a rate is said in words', () => {
  expect(rateWords({count: 10, per: '1m', burst: 20})).toBe('10 per 1m, 20 at once');
  expect(rateWords({count: 1, per: '1s', burst: 0})).toBe('1 per 1s');
  expect(rateWords(undefined)).toBe('');
});
