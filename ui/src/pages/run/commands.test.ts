import {expect, test} from 'vitest';
import {asCurl, asJobctl, shellWord} from './commands';

test('a value with blanks and quotes stays one word', () => {
  expect(shellWord('plain-1')).toBe('plain-1');
  expect(shellWord("it's")).toBe("'it'\\''s'");
  expect(asJobctl({job: 'report', params: {region: 'eu', note: 'a b', n: 3}})).toBe("jobctl run report -p region=eu -p 'note=a b' -p n=3");
});

test('curl sends the same values, with a token from the environment', () => {
  const text = asCurl({job: 'report', params: {n: 3}}, 'http://127.0.0.1:7070');
  expect(text).toContain('curl -X POST http://127.0.0.1:7070/api/v1/jobs/report/runs');
  expect(text).toContain(`-d '{"params":{"n":3}}'`);
  expect(text).toContain('$MAINSPRING_TOKEN');
});
