// A log that is held in memory: what tests and the size of the page's own memory are measured with. It
// answers as the node does, in pages and with cursors.
import type {Filter, Line, Lines, LogSource, Match, Matches, SearchQuery, Stream} from './source';

const AT = Date.parse('2026-01-01T00:00:00Z');

export function makeLines(texts: readonly string[], stream: Stream = 'stdout'): Line[] {
  return texts.map((text, i) => ({line: i + 1, stream, at: new Date(AT + i * 10).toISOString(), text}));
}

function matcher(filter: Filter): (line: Line) => RegExpExecArray | null {
  const flags = filter.ignoreCase ? 'i' : '';
  const source = filter.regex ? filter.text : filter.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(source, flags);
  return (line) => (filter.stream && line.stream !== filter.stream ? null : pattern.exec(line.text));
}

export class ArraySource implements LogSource {
  open = false;
  complete = false;
  asked: string[] = [];

  constructor(
    public items: Line[],
    public attempt = 1,
    private readonly answerLimit = 500,
  ) {}

  async attempts() {
    const first_at = this.items[0]?.at ?? '';
    const last_at = this.items.at(-1)?.at ?? '';
    const items = this.items.length > 0 ? [{attempt: this.attempt, lines: this.items.length, first_at, last_at}] : [];
    return {items, complete: this.complete};
  }

  async lines(query: {from?: number; limit?: number; last?: number}): Promise<Lines> {
    this.asked.push(JSON.stringify(query));
    const total = this.items.length;
    const from = query.last === undefined ? (query.from ?? 1) : Math.max(1, total - query.last + 1);
    const limit = Math.min(query.last ?? query.limit ?? 50, this.answerLimit);
    const items = this.items.slice(from - 1, from - 1 + limit);
    return {attempt: total > 0 ? this.attempt : 0, total, open: this.open, complete: this.complete, items};
  }

  async line(query: {line: number; offset: number}) {
    const text = this.items[query.line - 1]?.text ?? '';
    return {text: text.slice(query.offset), length: text.length};
  }

  async search(query: SearchQuery): Promise<Matches> {
    const found = matcher(query.filter);
    const after = query.cursor === undefined ? (query.from ?? 1) - 1 : Number(query.cursor);
    let order = this.items.filter((line) => line.line >= (query.from ?? 1) && line.line <= (query.to ?? Infinity));
    if (query.backward) order = order.toReversed();
    else order = order.filter((line) => line.line > after);
    const hits = order.flatMap((line): Match[] => {
      const hit = found(line);
      return hit ? [{...line, match: true, spans: [{begin: hit.index, length: hit[0].length}]}] : [];
    });
    const items = query.limit === 0 ? [] : hits.slice(0, query.limit);
    const isCut = query.limit > 0 && hits.length > query.limit;
    const last = isCut ? items.at(-1)!.line : this.items.length - (this.open ? 1 : 0);
    return {
      items, matches: query.limit === 0 ? hits.length : items.length, complete: this.complete,
      looked_at: {attempt: this.attempt, line: last}, ...(isCut ? {next_cursor: String(last)} : {}),
    };
  }

  downloadUrl(): string {
    return '';
  }
}
