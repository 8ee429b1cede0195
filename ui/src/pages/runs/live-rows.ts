// A long list that changes at its head: the first page is read again as runs come, the pages behind
// it are not; and nothing moves under a person who has scrolled into them.
import type {InfiniteData} from '@tanstack/react-query';
import type {RunState, RunSummary} from '@/api/queries';
import {isFinal} from '@/components/state';
import type {LiveEvent} from '@/live/event';

export interface RunPage {
  items?: RunSummary[];
  next_cursor?: string;
}
export type RunPages = InfiniteData<RunPage>;

const MOST_ROWS = 1_000; // kept at the top of the list: beyond, what was loaded below is let go

export const startOf = (head: RunPage): RunPages => ({pages: [head], pageParams: ['']});

const itemsOf = (page: RunPage) => page.items ?? [];
const rows = (data: RunPages) => data.pages.flatMap(itemsOf);

/** The list with the head as it is now: new runs appear, those that match no longer are gone. */
export function withHead(data: RunPages, head: RunPage): RunPages {
  const oldest = itemsOf(head).at(-1)?.id;
  if (!head.next_cursor) return startOf(head);
  if (oldest === undefined) return data.pages.length > 1 ? data : startOf(head);
  const known = rows(data);
  const older = known.filter((run) => run.id < oldest);
  const meets = known.length > older.length; // or else runs between them were never read
  if (!meets || older.length === 0 || known.length > MOST_ROWS) return startOf(head);
  const pages = data.pages.map((page) => ({
    ...page, items: itemsOf(page).filter((run) => run.id < oldest),
  }));
  pages[0] = {...pages[0], items: [...itemsOf(head), ...itemsOf(pages[0]!)]};
  return {...data, pages};
}

/** The same rows in the same places, with what the head says of them by now. */
export function refreshed(data: RunPages, head: RunPage): RunPages {
  const now = new Map(itemsOf(head).map((run) => [run.id, run]));
  return {
    ...data,
    pages: data.pages.map((page) => ({...page, items: page.items?.map((run) => now.get(run.id) ?? run)})),
  };
}

/** Rows below the head, which is not read again, follow the events themselves. */
export function withEvents(data: RunPages, events: readonly LiveEvent[]): RunPages {
  const changes = new Map<string, Partial<RunSummary>>();
  for (const {type, subject, time, data: said} of events) {
    if (!type.startsWith('run.') || typeof said.state !== 'string') continue;
    const state = said.state as RunState;
    changes.set(subject, {
      ...changes.get(subject), state,
      ...(type === 'run.started' ? {started_at: time} : {}),
      ...(isFinal(state) ? {finished_at: time} : {}),
      ...(typeof said.reason === 'string' ? {reason: said.reason} : {}),
    });
  }
  if (!rows(data).some((run) => changes.has(run.id))) return data;
  const change = (run: RunSummary) => ({...run, ...changes.get(run.id)});
  return {...data, pages: data.pages.map((page) => ({...page, items: page.items?.map(change)}))};
}

/** "3 new runs": what the head has above the list; "100+" where it does not reach down to it. */
export function waitingWords(data: RunPages | undefined, head: RunPage | undefined): string | undefined {
  const first = data && rows(data)[0]?.id;
  const fresh = itemsOf(head ?? {}).filter((run) => first !== undefined && run.id > first).length;
  if (fresh === 0) return undefined;
  const isMore = fresh === itemsOf(head!).length && head!.next_cursor !== undefined;
  return `${fresh}${isMore ? '+' : ''} new ${fresh === 1 ? 'run' : 'runs'}`;
}
