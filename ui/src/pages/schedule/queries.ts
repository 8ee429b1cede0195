import {infiniteQueryOptions, queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';
import type {Range} from './wall';

type Agenda = Schemas['Agenda'];

// Of one answer, which stays below 100 KB so: a row of the ledger is three times as long as a fire.
const MOST_FIRES = 300;
const MOST_OCCURRENCES = 150;
const MOST_ANSWERS = 4;
const instant = (at: number) => new Date(at).toISOString();

export const agendaQuery = (range: Range) =>
  infiniteQueryOptions({
    queryKey: ['agenda', 'fires', range],
    queryFn: ({pageParam, signal}) => askFires(range, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

export const loadQuery = (range: Range) =>
  queryOptions({
    queryKey: ['agenda', 'load', range],
    queryFn: ({signal}) => {
      const query = {from: instant(range.from), until: instant(range.until), limit: 0};
      return ask(api.GET('/api/v1/agenda', {signal, params: {query}}));
    },
  });

/** What fires within the ranges, and what became of the fires that are past. */
export const firesWithinQuery = (ranges: readonly Range[], now: number) =>
  queryOptions({
    queryKey: ['agenda', 'within', ranges, Math.floor(now / 60_000)],
    queryFn: async ({signal}) => {
      const answers = await Promise.all(ranges.map((range) => within(range, now, signal)));
      return {
        fires: answers.flatMap((answer) => answer.fires),
        past: answers.flatMap((answer) => answer.past),
        isTruncated: answers.some((answer) => answer.isTruncated),
      };
    },
  });

async function within(range: Range, now: number, signal: AbortSignal) {
  const [to, from] = [Math.min(range.until, now), Math.max(range.from, now)];
  const [past, coming] = await Promise.all([
    range.from < to ? ledgerOf({from: range.from, until: to}, signal) : undefined,
    from < range.until ? firesOf({from, until: range.until}, signal) : undefined,
  ]);
  return {
    past: past?.items ?? [],
    fires: coming?.items ?? [],
    isTruncated: past?.isTruncated === true || coming?.isTruncated === true,
  };
}

async function ledgerOf(range: Range, signal: AbortSignal) {
  const items: Schemas['Occurrence'][] = [];
  let cursor: string | undefined;
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const query = {
      from: instant(range.from), until: instant(range.until), limit: MOST_OCCURRENCES, ...(cursor ? {cursor} : {}),
    };
    const page = await ask(api.GET('/api/v1/occurrences', {signal, params: {query}}));
    items.push(...(page.items ?? []));
    cursor = page.next_cursor;
    if (!cursor) return {items, isTruncated: false};
  }
  return {items, isTruncated: true};
}

function askFires(range: Range, cursor: string, signal: AbortSignal) {
  const query = {
    from: instant(range.from), until: instant(range.until), limit: MOST_FIRES, fires_only: true,
    ...(cursor ? {cursor} : {}),
  };
  return ask(api.GET('/api/v1/agenda', {signal, params: {query}}));
}

async function firesOf(range: Range, signal: AbortSignal) {
  const items: Schemas['AgendaFire'][] = [];
  let cursor = '';
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const page: Agenda = await askFires(range, cursor, signal);
    items.push(...(page.items ?? []));
    if (!page.next_cursor) return {items, isTruncated: page.truncated};
    cursor = page.next_cursor;
  }
  return {items, isTruncated: true};
}
