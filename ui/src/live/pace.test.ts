import {describe, expect, test} from 'vitest';
import {Pace, type PaceWorld} from './pace';

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

describe('the pace of paints', () => {
  test('a thousand events in a second make at most five paints, and none gets lost', () => {
    const time = new FakeTime();
    const paints: number[][] = [];
    const pace = new Pace<number>((items) => paints.push(items), () => {}, time);
    for (let at = 0; at < 1_000; at += 1) {
      pace.add([at]);
      time.pass(1);
    }
    time.pass(250);
    expect(paints.length).toBeLessThanOrEqual(5);
    expect(paints.flat()).toEqual(Array.from({length: 1_000}, (_, at) => at));
  });

  test('the first event after a pause is not kept waiting', () => {
    const time = new FakeTime();
    const paints: string[][] = [];
    const pace = new Pace<string>((items) => paints.push(items), () => {}, time);
    time.pass(10_000);
    pace.add(['a']);
    time.pass(0);
    expect(paints).toEqual([['a']]);
  });

  test('too many at once are dropped and everything is read again instead', () => {
    const time = new FakeTime();
    let overflows = 0;
    const paints: number[][] = [];
    const pace = new Pace<number>((items) => paints.push(items), () => (overflows += 1), time);
    pace.add(Array.from({length: 5_001}, (_, at) => at));
    pace.add([1]);
    time.pass(250);
    expect(overflows).toBe(1);
    expect(paints.flat()).toEqual([1]);
  });

  test('what was cleared never comes', () => {
    const time = new FakeTime();
    const paints: number[][] = [];
    const pace = new Pace<number>((items) => paints.push(items), () => {}, time);
    pace.add([1]);
    pace.clear();
    time.pass(1_000);
    expect(paints).toEqual([]);
  });
});
