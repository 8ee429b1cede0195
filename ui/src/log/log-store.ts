// LogStore: the log of one run as the page shows it: which attempt, how long it is, the window of its
// lines, and what of it is asked for now. One request at a time; the latest wish comes next.
import {groupTitle} from './folds';
import {LineWindow} from './window';
import type {AttemptExtent, Line, LogSource} from './source';

const AHEAD_LINES = 200; // on either side of the screen
const TAIL_LINES = 200;

export interface LogState {
  attempt: number; // 0 while there is no log
  attempts: AttemptExtent[];
  total: number;
  open: boolean;
  complete: boolean;
  isReady: boolean; // the first answer is there
  firstAt: string; // of the attempt
  error?: unknown;
  hasGroups: boolean; // among the lines that came
  version: number; // grows with every line that came
}

interface Wish {
  from?: number;
  limit?: number;
  last?: number;
}

export class LogStore {
  window = new LineWindow();
  private state: LogState = {
    attempt: 0, attempts: [], total: 0, open: false, complete: false, isReady: false, firstAt: '',
    hasGroups: false, version: 0,
  };
  private readonly listeners = new Set<() => void>();
  private readonly stopped = new AbortController();
  private shown = {first: 1, last: 1};
  private isLoading = false;
  private isGrowing = false;
  private hasGrownSince = false;
  private isPinned: boolean;
  private last: Promise<unknown> = Promise.resolve(); // what was asked for last

  /** `attempt`: this one; else the last that has a log, whichever that is. */
  constructor(
    private readonly source: LogSource,
    attempt?: number,
  ) {
    this.isPinned = attempt !== undefined;
    if (attempt !== undefined) this.state = {...this.state, attempt};
  }

  get = (): LogState => this.state;
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  close(): void {
    this.stopped.abort();
  }

  lineAt(number: number): Line | undefined {
    return this.window.get(number);
  }

  /** The end of the log, or what is around a line; the attempts beside it. */
  async open(line?: number): Promise<void> {
    void this.loadAttempts();
    const from = line === undefined ? undefined : Math.max(1, line - Math.floor(TAIL_LINES / 2));
    await this.ask(from === undefined ? {last: TAIL_LINES} : {from, limit: TAIL_LINES});
  }

  /** What is on the screen now. */
  show(first: number, last: number): void {
    this.shown = {first, last};
    void this.load();
  }

  /** The node said that the log has grown, or may have. */
  async grew(): Promise<void> {
    this.hasGrownSince = true;
    if (this.isGrowing) return;
    this.isGrowing = true;
    try {
      while (this.hasGrownSince && !this.stopped.signal.aborted) {
        this.hasGrownSince = false;
        const known = this.state.total - (this.state.open ? 1 : 0);
        const isNearEnd = this.shown.last >= known - AHEAD_LINES;
        const limit = isNearEnd ? TAIL_LINES : 1;
        await this.ask({from: known + 1, limit});
      }
    } finally {
      this.isGrowing = false;
    }
    void this.load();
  }

  private async load(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      while (!this.stopped.signal.aborted) {
        const {first, last} = this.shown;
        const wanted = this.window.wanted(first, last) ?? this.window.wanted(first - AHEAD_LINES, last + AHEAD_LINES);
        if (!wanted || this.state.attempt === 0) return;
        if (!(await this.ask(wanted))) return;
      }
    } finally {
      this.isLoading = false;
    }
  }

  /**
   * Asks for lines and takes them; false when nothing came. One at a time: an answer that was overtaken
   * by a newer one would take lines away again.
   */
  private ask(wish: Wish): Promise<boolean> {
    const answer = this.last.then(() => this.askNow(wish));
    this.last = answer;
    return answer;
  }

  private async askNow(wish: Wish): Promise<boolean> {
    const attempt = this.isPinned ? this.state.attempt : undefined;
    try {
      const answer = await this.source.lines({...wish, ...(attempt ? {attempt} : {})}, this.stopped.signal);
      if (answer.attempt !== this.state.attempt && this.state.attempt !== 0) {
        this.window = new LineWindow(); // a retry began: its lines are others
        this.state = {...this.state, attempt: answer.attempt, open: false, total: 0, firstAt: '', hasGroups: false};
        void this.loadAttempts();
        return await this.askNow({last: TAIL_LINES});
      }
      this.window.start(answer, wish.last ? answer.total : this.shown.first);
      this.set({
        attempt: answer.attempt, total: answer.total, open: answer.open, complete: answer.complete, isReady: true,
        firstAt: this.state.firstAt || (answer.items[0]?.line === 1 ? answer.items[0].at : ''),
        hasGroups: this.state.hasGroups || answer.items.some((line) => groupTitle(line.text) !== undefined),
        version: this.state.version + 1, error: undefined,
      });
      return answer.items.length > 0;
    } catch (error) {
      if (!this.stopped.signal.aborted) this.set({error, isReady: true});
      return false;
    }
  }

  private async loadAttempts(): Promise<void> {
    try {
      const {items} = await this.source.attempts(this.stopped.signal);
      const mine = items.find((each) => each.attempt === (this.state.attempt || items.at(-1)?.attempt));
      this.set({attempts: items, ...(mine ? {firstAt: mine.first_at} : {})});
    } catch {
      // The lines say what is wrong; without the attempts there is only no choice of them.
    }
  }

  private set(change: Partial<LogState>): void {
    this.state = {...this.state, ...change};
    for (const listener of [...this.listeners]) listener();
  }
}
