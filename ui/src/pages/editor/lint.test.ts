import {expect, test} from 'vitest';
import {merged, mistakesIn} from './lint';
import {keysAt, type Schema, valuesAt} from './manifest-schema';
import {placeAt} from './place';

const ROOT: Schema = {
  $ref: '#/$defs/JobSpec',
  $defs: {
    JobSpec: {
      type: 'object', additionalProperties: false,
      properties: {
        name: {type: 'string', examples: ['nightly']},
        command: {oneOf: [{type: 'string'}, {type: 'array', items: {type: 'string'}}]},
        image: {description: 'Belongs to type container; not in this build yet.'},
        schedule: {
          anyOf: [
            {oneOf: [{$ref: '#/$defs/ScheduleSpec'}, {type: 'array', items: {$ref: '#/$defs/ScheduleSpec'}}]},
            {type: 'string'},
          ],
        },
        retry: {$ref: '#/$defs/Retry'},
        labels: {type: 'object', additionalProperties: {type: 'string'}},
      },
    },
    ScheduleSpec: {
      type: 'object', additionalProperties: false,
      properties: {cron: {type: 'string'}, timezone: {type: 'string'}, overlap: {$ref: '#/$defs/Overlap'}},
    },
    Overlap: {type: 'string', enum: ['skip', 'allow'], description: 'What.\n- `skip`: It is skipped.\n- `allow`: Both.'},
    Retry: {type: 'object', additionalProperties: false, properties: {max_attempts: {type: 'integer'}}},
  },
};

test('an unknown key is told at its place, with the one that was meant', () => {
  expect(mistakesIn('name: a\ncomand: x\n', ROOT)).toEqual([
    {line: 2, column: 1, message: "unknown key 'comand'; did you mean command?"},
  ]);
  expect(mistakesIn('schedule:\n  - cron: x\n    zone: y\n', ROOT)[0]).toMatchObject({line: 3, column: 5});
});

test('a value of the wrong kind, or none of the words, is told at its place', () => {
  expect(mistakesIn('retry: {max_attempts: many}\n', ROOT)).toEqual([
    {line: 1, column: 23, message: 'this is a text; write a whole number'},
  ]);
  expect(mistakesIn('schedule: {overlap: never}\n', ROOT)[0]?.message).toBe("'never' is none of skip, allow");
});

test('what may stand is no mistake', () => {
  const text = 'name: 12\ncommand: [a, b]\nschedule: "@daily"\nlabels: {any: thing}\n---\nname: b\ncommand: x\n';
  expect(mistakesIn(text, ROOT)).toEqual([]);
});

test('broken YAML is told at its line', () => {
  expect(mistakesIn('name: a\ncommand: "x\n', ROOT)[0]?.line).toBeGreaterThan(1);
});

test('the server has the last word about a line', () => {
  const ours = [{line: 1, column: 1, message: 'ours'}, {line: 2, column: 1, message: 'kept'}];
  const told = merged(ours, [{line: 1, column: 3, message: 'theirs'}]);
  expect(told.map((mistake) => mistake.message)).toEqual(['theirs', 'kept']);
});

const at = (marked: string) => placeAt(marked.replace('|', ''), marked.indexOf('|'));

test('the place of a key is the path of the map around it', () => {
  expect(at('name: a\nsch|')).toMatchObject({path: [], word: 'sch', present: ['name']});
  expect(at('schedule:\n  cron: x\n  ov|')).toMatchObject({path: ['schedule'], present: ['cron']});
  expect(at('schedule:\n  - cron: x\n    |')).toMatchObject({path: ['schedule', 0], word: ''});
  expect(at('schedule:\n  - cr|')).toMatchObject({path: ['schedule', 0], word: 'cr'});
  expect(at('schedule: {cron: "1", ti|}')).toMatchObject({path: ['schedule'], word: 'ti', present: ['cron']});
});

test('the place of a value knows its key', () => {
  expect(at('schedule:\n  overlap: sk|')).toMatchObject({path: ['schedule'], key: 'overlap', word: 'sk'});
  expect(at('schedule: {overlap: |}')).toMatchObject({path: ['schedule'], key: 'overlap', word: ''});
  expect(at('a: 1\n---\nna|')).toMatchObject({path: [], present: []});
  expect(at('name: a # wh|')).toBeUndefined();
});

test('the schema offers keys and words with what they mean', () => {
  expect(keysAt([], ROOT).map((key) => key.name)).not.toContain('image');
  expect(keysAt(['schedule', 0], ROOT).map((key) => key.name)).toEqual(['cron', 'timezone', 'overlap']);
  expect(valuesAt(['schedule', 'overlap'], ROOT)[0]).toEqual({text: 'skip', description: 'It is skipped.'});
});
