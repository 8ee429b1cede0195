import {expect, test} from 'vitest';
import {bytesWords, isFound, valueWords} from './words';

test('a value is said in a line, also when there is none', () => {
  expect([true, 0, '', undefined, [], ['a', 'b'], {}, {role: 'db'}].map(valueWords)).toEqual([
    'true', '0', '(empty)', '(empty)', '(none)', 'a, b', '(none)', 'role=db',
  ]);
});

test('sizes have the unit that fits', () => {
  expect([0, 1023, 1536, 20 * 1024 * 1024].map(bytesWords)).toEqual(['0 B', '1023 B', '1.5 KiB', '20 MiB']);
});

test('a setting is found by its name or by what it is for', () => {
  const setting = {name: 'data_dir', doc: 'Where the node keeps everything.'};
  expect(['DATA', 'keeps', ''].every((text) => isFound(setting, text))).toBe(true);
  expect(isFound(setting, 'lease')).toBe(false);
});
