import {expect, test} from 'vitest';
import {choicesOf, fill, hintOf, type Params} from './params';

const PARAMS: Params = {
  region: {type: 'string', enum: ['eu', 'us'], default: 'eu'},
  count: {type: 'integer', minimum: 1, maximum: 10, required: true},
  dry: {type: 'boolean'},
  filter: {type: 'object'},
};

test('texts become values of the type that the job says', () => {
  const texts = {region: 'us', count: '3', dry: 'true', filter: '{"a": [1]}'};
  expect(fill(PARAMS, texts)).toEqual({
    params: {region: 'us', count: 3, dry: true, filter: {a: [1]}}, mistakes: {},
  });
});

test('what is empty is left out, unless it is required', () => {
  expect(fill(PARAMS, {})).toEqual({params: {}, mistakes: {count: 'Give it a value.'}});
});

test('what does not fit its type is named', () => {
  const {mistakes} = fill(PARAMS, {count: '1.5', filter: '[1]'});
  expect(mistakes).toEqual({
    count: 'This is not (a whole number).', filter: 'This is not (a JSON object).',
  });
});

test('a param says what it takes', () => {
  expect(hintOf(PARAMS.count!)).toBe('(a whole number, 1 to 10)');
  expect(hintOf(PARAMS.region!)).toBe('(text; eu when empty)');
  expect(choicesOf(PARAMS.dry!)).toEqual(['true', 'false']);
});
