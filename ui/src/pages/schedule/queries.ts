import {infiniteQueryOptions, queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';
import type {Range} from './wall';

type Agenda = Schemas['Agenda'];

const MOST_FIRES = 500; // of a page
const instant = (at: number) => new Date(at).toISOString();

/** Where the next page begins: at the last fire, as others may fire with it. */
export function nextFrom(page: Agenda): string | undefined {
  const last = page.items?.at(-1)?.at;
  if (!page.truncated || !last) return undefined;
  // A page of one instant alone would come again for ever.
  return page.items?.[0]?.at === last ? new Date(Date.parse(last) + 1).toISOString() : last;
}

export const agendaQuery = (range: Range) =>
  infiniteQueryOptions({
    queryKey: ['agenda', 'fires', range],
    queryFn: ({pageParam, signal}) => {
      const query = {from: pageParam, until: instant(range.until), limit: MOST_FIRES};
      return ask(api.GET('/api/v1/agenda', {signal, params: {query}}));
    },
    initialPageParam: instant(range.from),
    getNextPageParam: nextFrom,
  });

export const loadQuery = (range: Range) =>
  queryOptions({
    queryKey: ['agenda', 'load', range],
    queryFn: ({signal}) => {
      const query = {from: instant(range.from), until: instant(range.until), limit: 1};
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
  const [past, agenda] = await Promise.all([
    range.from < to
      ? ask(api.GET('/api/v1/occurrences', {
          signal, params: {query: {from: instant(range.from), until: instant(to), limit: MOST_FIRES}},
        }))
      : undefined,
    from < range.until
      ? ask(api.GET('/api/v1/agenda', {
          signal, params: {query: {from: instant(from), until: instant(range.until), limit: MOST_FIRES}},
        }))
      : undefined,
  ]);
  return {
    past: past?.items ?? [],
    fires: agenda?.items ?? [],
    isTruncated: Boolean(past?.next_cursor) || agenda?.truncated === true,
  };
}
