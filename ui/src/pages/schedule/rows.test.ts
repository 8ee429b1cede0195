import {expect, test} from 'vitest';
import {agendaRows} from './rows';

const fire = (at: string, job = 'a') => ({at, job, local: at, schedule: 'every minute'});

test('fires of a schedule within an hour share a row, in the place of the first', () => {
  const rows = agendaRows(
    [fire('2026-11-22T01:10:00Z'), fire('2026-11-22T01:10:00Z', 'b'), fire('2026-11-22T01:20:00Z'), fire('2026-11-22T02:00:00Z')],
    'UTC',
  );
  expect(rows.map((row) => [row.hour, row.job, row.count, row.through])).toEqual([
    ['Sun 2026-11-22 01:00 UTC', 'a', 2, '2026-11-22T01:20:00Z'],
    ['', 'b', 1, '2026-11-22T01:10:00Z'],
    ['Sun 2026-11-22 02:00 UTC', 'a', 1, '2026-11-22T02:00:00Z'],
  ]);
});

test('a fire that two pages have counts once', () => {
  const twice = [fire('2026-11-22T01:10:00Z'), fire('2026-11-22T01:10:00Z')];
  expect(agendaRows(twice, 'UTC')[0]?.count).toBe(1);
});

test('the two passes of a repeated hour are two hours', () => {
  const rows = agendaRows([fire('2026-10-25T00:30:00Z'), fire('2026-10-25T01:30:00Z')], 'Europe/Berlin');
  expect(rows).toHaveLength(2);
});
