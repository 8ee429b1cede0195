// For tests.
import type {PaceWorld} from './pace';

/** Time that only passes when it is told to. */
export class FakeTime implements PaceWorld {
  private time = 0;
  private timers: {at: number; callback: () => void}[] = [];
  now = () => this.time;
  setTimer = (callback: () => void, afterMs: number) => {
    const timer = {at: this.time + afterMs, callback};
    this.timers.push(timer);
    return timer;
  };
  clearTimer = (timer: unknown) => {
    this.timers = this.timers.filter((each) => each !== timer);
  };
  pass(ms: number) {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.clearTimer(next);
      this.time = next.at;
      next.callback();
    }
    this.time = end;
  }
}
