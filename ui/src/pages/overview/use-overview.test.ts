import {describe, expect, it} from 'vitest';
import {liveCount, minutesOf, totalsOf, type Overview} from './use-overview';

function overview(ended: Record<string, number[]>): Overview {
  return {
    live: {queued: 3, running: 2},
    minutes: {from: '2026-01-01T00:00:00.000Z', ended},
  } as unknown as Overview;
}

describe('the minutes of the overview', () => {
  it('add up the endings that mean failure, and those that mean neither', () => {
    const minutes = minutesOf(
      overview({succeeded: [1, 2], failed: [0, 1], timed_out: [1, 0], cancelled: [0, 4], skipped: [1, 0]}),
    );
    expect(minutes.map(({succeeded, failed, other}) => [succeeded, failed, other])).toEqual([
      [1, 1, 1],
      [2, 1, 4],
    ]);
    expect(minutes[1]?.at).toBe(Date.parse('2026-01-01T00:01:00Z'));
    expect(totalsOf(minutes)).toEqual({succeeded: 3, failed: 2, other: 5});
  });

  it('are none where nothing ended', () => {
    expect(minutesOf(overview({}))).toEqual([]);
    expect(totalsOf([])).toEqual({succeeded: 0, failed: 0, other: 0});
  });

  it('count what has not ended by state', () => {
    expect(liveCount(overview({}), 'queued', 'scheduled')).toBe(3);
    expect(liveCount(overview({}), 'waiting')).toBe(0);
  });
});
