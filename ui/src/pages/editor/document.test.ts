import {expect, test} from 'vitest';
import {isOneDocument, read, replacement, scheduleAt, write, writeSchedule} from './document';

const TEXT = `# who: the platform team
name: nightly
command: echo hi # says hi
schedule:
  cron: 30 2 * * * # after the backup
  timezone: Europe/Berlin
  overlap: skip
`;

test('a field is written where it stands, and comments stay', () => {
  const text = write(TEXT, ['command'], 'echo bye');
  expect(text).toBe(TEXT.replace('echo hi', 'echo bye'));
  expect(read(text, ['command'])).toBe('echo bye');
});

test('a field that was not there comes, with the map around it, and goes again', () => {
  const text = write(TEXT, ['retry', 'max_attempts'], 3);
  expect(read(text, ['retry'])).toEqual({max_attempts: 3});
  expect(write(text, ['retry'], undefined)).toBe(TEXT);
});

test('a document begins with its first field', () => {
  expect(write('', ['name'], 'hello')).toBe('name: hello\n');
});

test('another cron expression leaves the rest of the schedule alone', () => {
  const text = writeSchedule(TEXT, {kind: 'cron', text: '0 3 * * 1-5', timezone: 'Europe/Paris'});
  expect(scheduleAt(text)).toMatchObject({kind: 'cron', text: '0 3 * * 1-5', timezone: 'Europe/Paris'});
  expect(text).toContain('overlap: skip');
  expect(text).toContain('# after the backup');
});

test('a schedule changes its kind, its short form, its place in a list', () => {
  const every = writeSchedule('name: a\nschedule: "@daily"\n', {kind: 'every', text: '5m', timezone: ''});
  expect(read(every, ['schedule'])).toEqual({every: '5m'});
  const list = writeSchedule('schedule:\n  - cron: 0 1 * * *\n  - cron: 0 2 * * *\n', {kind: 'cron', text: '5 1 * * *', timezone: ''});
  expect(read(list, ['schedule'])).toEqual([{cron: '5 1 * * *'}, {cron: '0 2 * * *'}]);
  expect(read(writeSchedule(TEXT, {kind: 'none', text: '', timezone: ''}), ['schedule'])).toBeUndefined();
});

test('what cannot be read is left as it is', () => {
  expect(isOneDocument('a: 1\n---\nb: 2\n')).toBe(false);
  expect(write('a: [', ['name'], 'x')).toBe('a: [');
});

test('an editor replaces only what differs', () => {
  expect(replacement('name: a\n', 'name: b\n')).toEqual({from: 6, to: 7, insert: 'b'});
  expect(replacement('aa', 'aaa')).toEqual({from: 2, to: 2, insert: 'a'});
  expect(replacement('x', 'x')).toBeUndefined();
});
