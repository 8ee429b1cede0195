// The logs of all attempts of a run as one: each with a line above it that says which it is, and the
// lines counted through. Only the last attempt still grows; what is known of the others stays.
import type {Filter, Line, Lines, LogSource, Match, Matches, SearchQuery} from './source';

/** In the place of an attempt's number, where all of them are shown. */
export const ALL_ATTEMPTS = 1_000_000;

interface Part {
  attempt: number;
  start: number; // the line that names it; its own begin behind
  lines: number;
  at: string;
}

const headingOf = (part: Part): Line => ({
  line: part.start, stream: 'system', at: part.at, text: `Attempt ${part.attempt}`,
});

export class JoinedSource implements LogSource {
  private parts: Part[] = [];
  private isComplete = false;
  private isOpen = false;

  constructor(private readonly inner: LogSource) {}

  async attempts(signal?: AbortSignal) {
    const answer = await this.inner.attempts(signal);
    let start = 1;
    this.parts = answer.items.map(({attempt, lines, first_at}) => {
      const part = {attempt, start, lines, at: first_at};
      start += lines + 1;
      return part;
    });
    this.isComplete = answer.complete;
    return answer;
  }

  async lines(query: {from?: number; limit?: number; last?: number}, signal?: AbortSignal): Promise<Lines> {
    const limit = query.last ?? query.limit ?? 50;
    const isAtEnd = query.last !== undefined || (query.from ?? 1) + limit > this.total;
    if (isAtEnd || this.parts.length === 0) await this.attempts(signal);
    const from = query.last === undefined ? (query.from ?? 1) : Math.max(1, this.total - query.last + 1);
    const items: Line[] = [];
    for (const part of this.parts) {
      const next = from + items.length;
      if (items.length >= limit || next > part.start + part.lines) continue;
      if (next === part.start) items.push(headingOf(part));
      const room = limit - items.length;
      if (room === 0 || part.lines === 0) continue;
      const first = from + items.length - part.start;
      if (!(await this.take(part, {from: first, limit: room}, items, signal))) break;
    }
    return {
      attempt: this.parts.length > 0 ? ALL_ATTEMPTS : 0, total: this.total, open: this.isOpen,
      complete: this.isComplete, items,
    };
  }

  /** The lines of a part behind what is there; false where it has more than came. */
  private async take(part: Part, wish: {from: number; limit: number}, items: Line[], signal?: AbortSignal) {
    const answer = await this.inner.lines({attempt: part.attempt, ...wish}, signal);
    items.push(...answer.items.map((line) => ({...line, line: line.line + part.start})));
    if (part === this.parts.at(-1)) {
      part.lines = answer.total;
      this.isOpen = answer.open;
      this.isComplete = answer.complete;
    }
    return wish.from + answer.items.length > part.lines;
  }

  async line({line, offset}: {attempt: number; line: number; offset: number}, signal?: AbortSignal) {
    const part = this.partOf(line);
    if (!part || line === part.start) {
      const text = part ? headingOf(part).text : '';
      return {text: text.slice(offset), length: text.length};
    }
    return this.inner.line({attempt: part.attempt, line: line - part.start, offset}, signal);
  }

  /** One attempt's part of the search at a time; the cursor leads through the others. */
  async search(query: SearchQuery, signal?: AbortSignal): Promise<Matches> {
    if (this.parts.length === 0) await this.attempts(signal);
    const {from = 1, to = this.total, backward: isBackward = false} = query;
    const [place, cursor] = query.cursor?.split('|', 2) ?? [];
    const step = isBackward ? -1 : 1;
    let at = place === undefined ? this.parts.findIndex((part) => (isBackward ? to : from) <= part.start + part.lines) : Number(place);
    if (at < 0) at = isBackward ? this.parts.length - 1 : this.parts.length;
    for (; at >= 0 && at < this.parts.length; at += step) {
      const part = this.parts[at]!;
      const isLast = at === this.parts.length - 1;
      const first = Math.max(1, from - part.start);
      const last = Math.min(query.to === undefined && isLast ? Number.MAX_SAFE_INTEGER : part.lines, to - part.start);
      const isEmpty = query.to === undefined && isLast ? false : last < first;
      if (isEmpty || part.lines === 0) continue;
      const bounds = {...(first > 1 ? {from: first} : {}), ...(query.to !== undefined || !isLast ? {to: last} : {})};
      const {from: _from, to: _to, cursor: _cursor, ...rest} = query;
      const answer = await this.inner.search(
        {...rest, ...bounds, attempt: part.attempt, ...(cursor ? {cursor} : {})}, signal,
      );
      return this.placed(answer, part, at, at + step);
    }
    return {items: [], matches: 0, looked_at: {attempt: ALL_ATTEMPTS, line: this.total}, complete: this.isComplete};
  }

  private placed(answer: Matches, part: Part, at: number, next: number): Matches {
    const isMore = next >= 0 && next < this.parts.length;
    const cursor = answer.next_cursor ? `${at}|${answer.next_cursor}` : isMore ? `${next}|` : undefined;
    return {
      items: answer.items.map((match): Match => ({...match, line: match.line + part.start})),
      matches: answer.matches, complete: answer.complete,
      looked_at: {attempt: ALL_ATTEMPTS, line: answer.looked_at.line + part.start},
      ...(cursor ? {next_cursor: cursor} : {}),
    };
  }

  downloadUrl(_attempt: number, filter: Filter, timestamps: boolean): string {
    return this.inner.downloadUrl(0, filter, timestamps);
  }

  private get total(): number {
    const last = this.parts.at(-1);
    return last ? last.start + last.lines : 0;
  }

  private partOf(line: number): Part | undefined {
    return this.parts.findLast((part) => part.start <= line);
  }
}
