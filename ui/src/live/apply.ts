// From live events to the query cache: rows that are shown change at once; lists are read again, each
// at most once a second, and never while they are being read.
import type {InfiniteData, QueryClient} from '@tanstack/react-query';
import type {RunState, RunSummary} from '@/api/queries';
import type {LiveEvent} from './event';
import {type PaceWorld, realPace} from './pace';

const REFRESH_GAP_MS = 1_000;

// Which lists and pages an event makes old, by the first word of its type.
const TOUCHED: Record<string, string[]> = {
  run: ['runs', 'queues', 'workers', 'overview', 'operation'],
  job: ['jobs', 'job', 'overview', 'occurrences', 'agenda', 'shadow'],
  schedule: ['jobs', 'occurrences', 'overview', 'agenda'],
  queue: ['queues', 'overview'],
  node: ['nodes', 'workers', 'overview', 'join-tokens'], // who joins uses one
  join_token: ['join-tokens'],
  calendar: ['calendars', 'calendar', 'agenda'],
  connection: ['connections'],
  operation: ['operations', 'operation', 'overview'],
  backup: ['backups'],
};

/** The query keys (their beginnings) that are old after these events. */
export function staleKeys(events: readonly LiveEvent[]): string[][] {
  const keys = new Map<string, string[]>();
  const add = (key: string[]) => keys.set(key.join('\n'), key);
  for (const event of events) {
    const noun = event.type.split('.', 1)[0] ?? '';
    for (const list of TOUCHED[noun] ?? []) add([list]);
    if (noun === 'run') {
      add(['run', event.subject]);
      if (typeof event.data.job === 'string') add(['job', event.data.job]);
    }
  }
  return [...keys.values()];
}

/** Puts the new states of runs into the lists that show them. */
export function patchRuns(client: QueryClient, events: readonly LiveEvent[]): void {
  const states = new Map<string, RunState>();
  for (const event of events) {
    if (!event.type.startsWith('run.') || typeof event.data.state !== 'string') continue;
    states.set(event.subject, event.data.state as RunState);
  }
  if (states.size === 0) return;
  const patch = (run: RunSummary): RunSummary => {
    const state = states.get(run.id);
    return state === undefined || state === run.state ? run : {...run, state};
  };
  // Under the same word are single pages too, which are read again anyway.
  client.setQueriesData<Partial<InfiniteData<{items?: RunSummary[]}>>>({queryKey: ['runs']}, (data) => {
    const shows = data?.pages?.some((page) => page.items?.some((run) => patch(run) !== run));
    if (!data?.pages || !shows) return data;
    const pages = data.pages.map((page) => ({...page, items: page.items?.map(patch)}));
    return {...data, pages};
  });
}

/** Reads again what is old and shown, with a pause between two readings of the same thing. */
export class Refresher {
  private readonly old = new Map<string, string[]>();
  private readonly readAt = new Map<string, number>();
  private timer: unknown;

  constructor(
    private readonly client: QueryClient,
    private readonly world: PaceWorld = realPace,
  ) {}

  mark(keys: readonly string[][]): void {
    for (const key of keys) this.old.set(key.join('\n'), key);
    this.plan();
  }

  stop(): void {
    this.old.clear();
    if (this.timer !== undefined) this.world.clearTimer(this.timer);
    this.timer = undefined;
  }

  private plan(): void {
    if (this.timer !== undefined || this.old.size === 0) return;
    let wait = REFRESH_GAP_MS;
    for (const name of this.old.keys()) wait = Math.min(wait, this.waitOf(name));
    this.timer = this.world.setTimer(() => this.refresh(), wait);
  }

  private waitOf(name: string): number {
    const last = this.readAt.get(name) ?? Number.NEGATIVE_INFINITY;
    return Math.max(0, last + REFRESH_GAP_MS - this.world.now());
  }

  private refresh(): void {
    this.timer = undefined;
    for (const [name, queryKey] of [...this.old]) {
      if (this.waitOf(name) > 0) continue;
      this.readAt.set(name, this.world.now());
      // Read while the event came: that answer may not have it yet, so once more after it.
      if (this.client.isFetching({queryKey}) > 0) continue;
      this.old.delete(name);
      void this.client.invalidateQueries({queryKey});
    }
    if (this.readAt.size > 1_000) this.readAt.clear();
    this.plan();
  }
}
