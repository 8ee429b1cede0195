import {describe, expect, test} from 'vitest';
import {FakeTime} from './fake-time';
import {Pace} from './pace';

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
