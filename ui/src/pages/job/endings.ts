// What became of occurrences: words, colour and mark of every ending. Pure.
import type {IconName} from '@/components/icons';
import {plainWord, type Tone} from '@/components/state';

interface EndingLook {
  tone: Tone;
  icon: IconName;
}

// In the order of how much they ask for attention: the first one present is that of the day.
const LOOKS: Record<string, EndingLook> = {
  failed: {tone: 'bad', icon: 'cross'},
  timed_out: {tone: 'bad', icon: 'hourglass'},
  missed_expired: {tone: 'bad', icon: 'alert'},
  skipped_limit: {tone: 'warn', icon: 'alert'},
  skipped_overlap: {tone: 'warn', icon: 'skip'},
  dst_skipped: {tone: 'warn', icon: 'clock'},
  cancelled: {tone: 'dim', icon: 'stop'},
  ran: {tone: 'busy', icon: 'play'},
  succeeded: {tone: 'good', icon: 'check'},
  coalesced_into: {tone: 'accent', icon: 'arrowRight'},
  deduplicated: {tone: 'accent', icon: 'copy'},
  shadowed: {tone: 'accent', icon: 'circle'},
  skipped_paused: {tone: 'hold', icon: 'pause'},
  skipped_calendar: {tone: 'dim', icon: 'calendar'},
  skipped: {tone: 'dim', icon: 'skip'},
  superseded: {tone: 'dim', icon: 'dash'},
  planned: {tone: 'dim', icon: 'clock'},
};
const ORDER = Object.keys(LOOKS);
const UNKNOWN: EndingLook = {tone: 'dim', icon: 'circle'};

export const lookOf = (ending: string): EndingLook => LOOKS[ending] ?? UNKNOWN;

/** The endings that there are, the worst first. */
export function ranked(endings: Record<string, number>): [string, number][] {
  const rank = (ending: string) => (ORDER.includes(ending) ? ORDER.indexOf(ending) : ORDER.length);
  return Object.entries(endings)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => rank(a) - rank(b));
}

/** "2 failed, 22 succeeded". */
export function endingWords(endings: Record<string, number>): string {
  const words = ranked(endings).map(([ending, count]) => `${count} ${plainWord(ending)}`);
  return words.length > 0 ? words.join(', ') : 'no occurrence';
}
