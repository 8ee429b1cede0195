import {expect, test} from 'vitest';
import {fieldsOf, PRESETS, withField} from './cron-fields';

test('five fields are five fields, all else is left to be written as text', () => {
  expect(fieldsOf(' 30 2  * * 1-5 ')).toEqual(['30', '2', '*', '*', '1-5']);
  expect(fieldsOf('@daily')).toBeUndefined();
  expect(fieldsOf('0 30 2 * * *')).toBeUndefined();
});

test('a field is changed in its place, and an empty one is any', () => {
  expect(withField('30 2 * * *', 1, '3')).toBe('30 3 * * *');
  expect(withField('30 2 * * *', 1, '')).toBe('30 * * * *');
  expect(withField('30 2 * * *', 4, '1, 2')).toBe('30 2 * * 1,2');
});

test('every preset can be edited by its fields', () => {
  for (const [cron] of PRESETS) expect(fieldsOf(cron)).toHaveLength(5);
});
