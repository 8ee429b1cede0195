// At most four paints a second: what comes in between waits, and comes in one piece.

export const PAINT_GAP_MS = 250;
const BACKLOG_LIMIT = 5_000; // beyond it, reading again is cheaper than applying each

export interface PaceWorld {
  now(): number;
  setTimer(callback: () => void, afterMs: number): unknown;
  clearTimer(timer: unknown): void;
}

export const realPace: PaceWorld = {
  now: () => performance.now(),
  setTimer: (callback, afterMs) => setTimeout(callback, afterMs),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

export class Pace<T> {
  private waiting: T[] = [];
  private timer: unknown;
  private lastAt = Number.NEGATIVE_INFINITY;
  private hasOverflown = false;

  constructor(
    private readonly flushed: (items: T[]) => void,
    private readonly overflown: () => void,
    private readonly world: PaceWorld = realPace,
    private readonly gapMs = PAINT_GAP_MS,
  ) {}

  add(items: readonly T[]): void {
    if (this.waiting.length + items.length > BACKLOG_LIMIT) {
      this.waiting = [];
      this.hasOverflown = true;
    } else {
      this.waiting.push(...items);
    }
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.lastAt + this.gapMs - this.world.now());
    this.timer = this.world.setTimer(() => this.flush(), wait);
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting = [];
    this.hasOverflown = false;
    if (this.timer !== undefined) this.world.clearTimer(this.timer);
    this.timer = undefined;
  }

  private flush(): void {
    this.timer = undefined;
    this.lastAt = this.world.now();
    const items = this.waiting;
    const hasOverflown = this.hasOverflown;
    this.waiting = [];
    this.hasOverflown = false;
    if (hasOverflown) this.overflown();
    if (items.length > 0) this.flushed(items);
  }
}
