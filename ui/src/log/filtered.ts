// FilteredLines: only the lines that match, and those around them. The node finds them page by page
// from the beginning on; pages that are far from the screen are dropped, and asked for again by their
// cursor when they come near.
import type {Filter, LogSource, Match, SearchQuery} from './source';

const PAGE_LIMIT = 200;
const MOST_HELD = 30; // pages

interface Page {
  start: number; // the row of its first line
  rows: number;
  ask: Pick<SearchQuery, 'cursor' | 'from'>;
  items?: Match[];
}

export interface FilteredState {
  rows: number;
  isComplete: boolean; // nothing follows now
  lookedAt: number;
  error?: unknown;
  version: number;
}

export class FilteredLines {
  private pages: Page[] = [];
  private next: Page['ask'] = {};
  private state: FilteredState = {rows: 0, isComplete: false, lookedAt: 0, version: 0};
  private readonly listeners = new Set<() => void>();
  private readonly stopped = new AbortController();
  private wish = {first: 0, last: 0};
  private isLoading = false;
  private hasGrownSince = false; // while the end was being looked for

  constructor(
    private readonly source: LogSource,
    private readonly attempt: number,
    readonly filter: Filter,
  ) {}

  get = (): FilteredState => this.state;
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  close(): void {
    this.stopped.abort();
  }

  rowAt(row: number): Match | undefined {
    const page = this.pageOf(row);
    return page?.items?.[row - page.start];
  }

  /** Has the rows ready, and a screen more. */
  show(first: number, last: number): void {
    this.wish = {first, last};
    void this.load();
  }

  /** The log has grown: goes on where it stopped. */
  grew(): void {
    if (!this.state.isComplete) {
      this.hasGrownSince = true;
      return;
    }
    this.hasGrownSince = false;
    const last = this.pages.at(-1);
    const isBehind = (match: Match) => match.line > this.state.lookedAt;
    if (last?.items?.some(isBehind)) {
      last.items = last.items.filter((match) => !isBehind(match)); // it may have grown: it comes again
      last.rows = last.items.length;
    }
    this.next = {from: this.state.lookedAt + 1};
    this.set({isComplete: false, rows: last ? last.start + last.rows : 0});
    void this.load();
  }

  private pageOf(row: number): Page | undefined {
    let low = 0;
    let high = this.pages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const page = this.pages[middle]!;
      if (row < page.start) high = middle;
      else if (row >= page.start + page.rows) low = middle + 1;
      else return page;
    }
    return undefined;
  }

  private async load(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      while (!this.stopped.signal.aborted) {
        const dropped = this.pages.find(
          (page) => !page.items && page.start <= this.wish.last && page.start + page.rows > this.wish.first,
        );
        if (dropped) {
          if (!(await this.reload(dropped))) return;
        } else if (!this.state.isComplete && this.wish.last + PAGE_LIMIT >= this.state.rows) {
          if (!(await this.append())) return;
        } else return;
      }
    } finally {
      this.isLoading = false;
    }
  }

  private async append(): Promise<boolean> {
    const ask = this.next;
    const answer = await this.search(ask);
    if (!answer) return false;
    if (answer.items.length > 0) {
      this.pages.push({start: this.state.rows, rows: answer.items.length, ask, items: answer.items});
      this.evict();
    }
    this.next = {...ask, cursor: answer.next_cursor};
    this.set({
      rows: this.state.rows + answer.items.length, isComplete: !answer.next_cursor,
      lookedAt: answer.looked_at.line, version: this.state.version + 1, error: undefined,
    });
    if (this.hasGrownSince) this.grew();
    return true;
  }

  private async reload(page: Page): Promise<boolean> {
    const answer = await this.search(page.ask);
    if (!answer) return false;
    page.items = answer.items.slice(0, page.rows);
    this.evict();
    this.set({version: this.state.version + 1});
    return true;
  }

  private evict(): void {
    const held = this.pages.filter((page) => page.items);
    const middle = (this.wish.first + this.wish.last) / 2;
    const distance = (page: Page) => Math.abs(page.start + page.rows / 2 - middle);
    held.sort((a, b) => distance(b) - distance(a));
    for (const page of held.slice(0, Math.max(0, held.length - MOST_HELD))) delete page.items;
  }

  private async search(ask: Page['ask']) {
    try {
      const query = {...ask, attempt: this.attempt, filter: this.filter, limit: PAGE_LIMIT};
      return await this.source.search(query, this.stopped.signal);
    } catch (error) {
      if (!this.stopped.signal.aborted) this.set({error, isComplete: true});
      return undefined;
    }
  }

  private set(change: Partial<FilteredState>): void {
    this.state = {...this.state, ...change};
    for (const listener of [...this.listeners]) listener();
  }
}
