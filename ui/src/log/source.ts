// Where the lines of a run's log come from. The node keeps the log; the page holds a window of it.

export type Stream = 'stdout' | 'stderr' | 'system';

export interface Line {
  line: number; // from 1 within its attempt
  stream: Stream;
  at: string;
  text: string;
  length?: number; // of a line that is cut here: the bytes of all of it
}

export interface Lines {
  attempt: number; // 0 while there is no log at all
  total: number;
  open: boolean; // the last line has not ended
  complete: boolean; // the run has ended
  items: Line[];
}

export interface AttemptExtent {
  attempt: number;
  lines: number;
  first_at: string;
  last_at: string;
}

/** Which lines are wanted. An empty text is in every line. */
export interface Filter {
  text: string;
  regex: boolean;
  ignoreCase: boolean;
  stream?: Stream;
  context: number;
}

export const NO_FILTER: Filter = {text: '', regex: false, ignoreCase: true, context: 0};

/** Places in the text without its escape sequences. */
export interface Span {
  begin: number;
  length: number;
}

export interface Match extends Line {
  match: boolean; // false: it is only near one
  spans: Span[];
}

export interface SearchQuery {
  attempt: number;
  filter: Filter;
  from?: number;
  to?: number;
  backward?: boolean;
  limit: number; // 0: only count
  cursor?: string;
}

export interface Matches {
  items: Match[];
  matches: number;
  looked_at: {attempt: number; line: number};
  next_cursor?: string;
  complete: boolean;
}

export interface LinePiece {
  text: string;
  length: number;
  next_offset?: number;
}

export interface LogSource {
  attempts(signal?: AbortSignal): Promise<{items: AttemptExtent[]; complete: boolean}>;
  lines(query: {attempt?: number; from?: number; limit?: number; last?: number}, signal?: AbortSignal): Promise<Lines>;
  line(query: {attempt: number; line: number; offset: number}, signal?: AbortSignal): Promise<LinePiece>;
  search(query: SearchQuery, signal?: AbortSignal): Promise<Matches>;
  downloadUrl(attempt: number, filter: Filter, timestamps: boolean): string;
}
