// LineWindow: the lines of one attempt that the page holds, whatever the log's length: pages around
// what is shown, the farthest dropped first. Pure: it says what it needs, and is given it.
import type {Line, Lines} from './source';

export const PAGE_LINES = 200;
const MOST_PAGES = 30; // 6,000 lines; at 4 KiB a line that is 24 MB at the very most

/** What to ask the node for: `limit` lines from `from` on. */
export interface Wanted {
  from: number;
  limit: number;
}

export class LineWindow {
  private pages = new Map<number, Line[]>(); // each from its page's first line on, without gaps
  private lines = 0;
  private isOpen = false;

  get total(): number {
    return this.lines;
  }
  get held(): number {
    return [...this.pages.values()].reduce((sum, page) => sum + page.length, 0);
  }

  /** The line of this number, if it is held. */
  get(number: number): Line | undefined {
    const page = Math.floor((number - 1) / PAGE_LINES);
    return this.pages.get(page)?.[(number - 1) % PAGE_LINES];
  }

  /** What the log has grown to. A last line that had not ended is asked for again. */
  grow(total: number, open: boolean): void {
    if (total < this.lines) this.pages.clear(); // retention took the log, and it is another now
    else if (this.isOpen && (total > this.lines || open)) this.forget(this.lines);
    this.lines = total;
    this.isOpen = open;
  }

  private forget(number: number): void {
    const page = Math.floor((number - 1) / PAGE_LINES);
    const held = this.pages.get(page);
    if (held) this.pages.set(page, held.slice(0, (number - 1) % PAGE_LINES));
  }

  /** The first stretch that is missing in pages from `first` to `last`. */
  wanted(first: number, last: number): Wanted | undefined {
    const to = Math.min(last, this.lines);
    for (let page = Math.floor((Math.max(first, 1) - 1) / PAGE_LINES); page * PAGE_LINES < to; ++page) {
      const held = this.pages.get(page)?.length ?? 0;
      const size = Math.min(PAGE_LINES, this.lines - page * PAGE_LINES);
      if (held < size) return {from: page * PAGE_LINES + held + 1, limit: size - held};
    }
    return undefined;
  }

  /** Takes what the node answered; lines that do not join on to what is held are left out. */
  put(lines: readonly Line[], near: number): void {
    for (const line of lines) {
      const page = Math.floor((line.line - 1) / PAGE_LINES);
      const at = (line.line - 1) % PAGE_LINES;
      const held = this.pages.get(page) ?? [];
      if (at > held.length) continue;
      held[at] = line;
      this.pages.set(page, held);
    }
    this.evict(Math.floor((near - 1) / PAGE_LINES));
  }

  /** An answer about the log's end may begin within a page: what of that page is missing is wanted then. */
  start(answer: Lines, near: number): void {
    this.grow(answer.total, answer.open);
    this.put(answer.items, near);
  }

  private evict(near: number): void {
    if (this.pages.size <= MOST_PAGES) return;
    const byDistance = [...this.pages.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near));
    for (const page of byDistance.slice(0, this.pages.size - MOST_PAGES)) this.pages.delete(page);
  }
}
