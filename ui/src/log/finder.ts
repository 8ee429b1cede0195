// Finder: a search that is done by the node: how many lines match, where the next one is, and what to
// mark on the screen. Each answer of the node is short; a long log takes several.
import type {Filter, LogSource, Match, Span} from './source';

const MOST_ANSWERS = 1_000; // five minutes of the node's patience

export interface Found {
  filter: Filter;
  current?: number; // the line that is shown
  count: number;
  isCounting: boolean;
  position?: number; // of the current one among all, from 1
  hasWrapped: boolean;
  isBusy: boolean;
  error?: unknown;
  version: number;
}

export class Finder {
  private state: Found;
  private marks = new Map<number, Span[]>();
  private readonly listeners = new Set<() => void>();
  private readonly stopped = new AbortController();
  private markedRange = '';

  constructor(
    private readonly source: LogSource,
    private readonly attempt: number,
    filter: Filter,
  ) {
    this.state = {filter, count: 0, isCounting: true, hasWrapped: false, isBusy: false, version: 0};
  }

  get = (): Found => this.state;
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  close(): void {
    this.stopped.abort();
  }
  marksOf(line: number): Span[] | undefined {
    return this.marks.get(line);
  }

  async count(): Promise<void> {
    const count = await this.countUntil(undefined, (so) => this.set({count: so}));
    if (count !== undefined) this.set({count, isCounting: false});
  }

  /** Goes to the nearest match behind or before a line, around the log's end if it must. */
  async go(line: number, isBackward: boolean): Promise<number | undefined> {
    if (this.state.isBusy) return undefined;
    this.set({isBusy: true, error: undefined});
    const bounds = isBackward ? {to: line - 1} : {from: line + 1};
    let found = isBackward && line <= 1 ? undefined : await this.first({...bounds, backward: isBackward});
    const hasWrapped = found === undefined;
    if (hasWrapped && !this.stopped.signal.aborted) found = await this.first({backward: isBackward});
    if (found === undefined) {
      this.set({isBusy: false});
      return undefined;
    }
    this.marks.set(found.line, found.spans);
    const position = this.nextPosition(isBackward, hasWrapped);
    this.set({current: found.line, isBusy: false, hasWrapped, position, version: this.state.version + 1});
    if (position === undefined) void this.locate(found.line);
    return found.line;
  }

  /** Marks what matches between two lines. */
  async mark(from: number, to: number): Promise<void> {
    const range = `${from}-${to}`;
    if (range === this.markedRange || to < from) return;
    this.markedRange = range;
    const marks = new Map<number, Span[]>();
    let cursor: string | undefined;
    for (let answers = 0; answers < 5; ++answers) {
      const answer = await this.search({from, to, limit: 500, cursor});
      if (!answer || range !== this.markedRange) return;
      for (const match of answer.items) marks.set(match.line, match.spans);
      cursor = answer.next_cursor;
      if (!cursor) break;
    }
    this.marks = marks;
    this.set({version: this.state.version + 1});
  }

  private nextPosition(isBackward: boolean, hasWrapped: boolean): number | undefined {
    const {position, count, isCounting} = this.state;
    if (hasWrapped && !isBackward) return 1;
    if (hasWrapped) return isCounting ? undefined : count;
    return position === undefined ? undefined : position + (isBackward ? -1 : 1);
  }

  private async locate(line: number): Promise<void> {
    const before = line === 1 ? 0 : await this.countUntil(line - 1);
    if (before !== undefined && this.state.current === line) this.set({position: before + 1});
  }

  private async countUntil(to?: number, progress?: (so: number) => void): Promise<number | undefined> {
    let count = 0;
    let cursor: string | undefined;
    for (let answers = 0; answers < MOST_ANSWERS; ++answers) {
      const answer = await this.search({to, limit: 0, cursor});
      if (!answer) return undefined;
      count += answer.matches;
      progress?.(count);
      cursor = answer.next_cursor;
      if (!cursor) return count;
    }
    return count;
  }

  private async first(bounds: {from?: number; to?: number; backward?: boolean}): Promise<Match | undefined> {
    let cursor: string | undefined;
    for (let answers = 0; answers < MOST_ANSWERS; ++answers) {
      const answer = await this.search({...bounds, limit: 1, cursor});
      if (!answer) return undefined;
      if (answer.items[0]) return answer.items[0];
      cursor = answer.next_cursor;
      if (!cursor) return undefined;
    }
    return undefined;
  }

  private async search(query: {from?: number; to?: number; backward?: boolean; limit: number; cursor?: string}) {
    const filter = {...this.state.filter, context: 0};
    try {
      return await this.source.search({...query, attempt: this.attempt, filter}, this.stopped.signal);
    } catch (error) {
      if (!this.stopped.signal.aborted) this.set({error, isCounting: false, isBusy: false});
      return undefined;
    }
  }

  private set(change: Partial<Found>): void {
    this.state = {...this.state, ...change};
    for (const listener of [...this.listeners]) listener();
  }
}
