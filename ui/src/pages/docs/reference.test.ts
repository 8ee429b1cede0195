import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {
  byTag, curlExample, exampleOf, fieldsOf, isFound, jobctlExample, operationsOf, typeWords, type ApiDocument,
} from './reference';

const text = readFileSync(new URL('../../../../api/openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as ApiDocument;
const operations = operationsOf(document);
const operation = (id: string) => operations.find((each) => each.operationId === id)!;

test('every operation of the document has a group, a summary and both examples', () => {
  expect(operations.length).toBeGreaterThan(50);
  expect(byTag(operations).flatMap(([, each]) => each)).toHaveLength(operations.length);
  for (const each of operations) {
    expect(each.summary, each.operationId).toBeTruthy();
    expect(curlExample(document, each, 'http://node'), each.operationId).not.toContain('{run}');
    expect(jobctlExample(document, each), each.operationId).toContain(`jobctl api ${each.method} /`);
  }
});

test('an operation is found by its words in any order', () => {
  expect(isFound(operation('pause_queue'), 'queues post')).toBe(true);
  expect(isFound(operation('pause_queue'), 'queues calendar')).toBe(false);
});

test('an example has what must be there', () => {
  expect(exampleOf(document, {$ref: '#/components/schemas/TokenBody'})).toEqual({name: 'text'});
  expect(curlExample(document, operation('create_token'), 'http://node')).toBe(
    'curl -X POST http://node/api/v1/tokens \\\n  -H "Authorization: Bearer $MAINSPRING_TOKEN" \\\n' +
      `  -H 'Content-Type: application/json' \\\n  -d '{"name":"text"}'`,
  );
});

test('a file goes up as a file', () => {
  expect(jobctlExample(document, operation('import_calendar'))).toBe(
    'jobctl api POST /api/v1/calendars/CALENDAR/import --data @FILE',
  );
});

test('fields say their type, and lead to what is inside them', () => {
  const fields = fieldsOf(document, {$ref: '#/components/schemas/Queue'});
  expect(fields.find((each) => each.name === 'spec')).toMatchObject({type: 'QueueSpec', isRequired: true});
  expect(fields.find((each) => each.name === 'spec')?.inner).toBeDefined();
  expect(typeWords({type: 'array', items: {$ref: '#/components/schemas/Run'}})).toBe('Run[]');
  expect(typeWords({type: 'string', format: 'date-time'})).toBe('string (date-time)');
});
