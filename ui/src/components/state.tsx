// States, endings and triggers: always a word and a shape, the colour only besides.
import type {RunState} from '@/api/queries';
import {Icon, type IconName} from './icons';

export type Tone = 'good' | 'bad' | 'busy' | 'warn' | 'hold' | 'dim' | 'accent';

const TONES: Record<Tone, string> = {
  good: 'text-good bg-good-soft',
  bad: 'text-bad bg-bad-soft',
  busy: 'text-busy bg-busy-soft',
  warn: 'text-warn bg-warn-soft',
  hold: 'text-hold bg-hold-soft',
  dim: 'text-dim bg-sunken',
  accent: 'text-accent bg-accent-soft',
};

export function Badge({tone = 'dim', icon, children}: {tone?: Tone; icon?: IconName; children: React.ReactNode}) {
  return (
    <span
      className={`inline-flex h-5 items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      {icon && <Icon name={icon} className="size-3" />}
      {children}
    </span>
  );
}

interface StateLook {
  words: string;
  tone: Tone;
  icon: IconName;
  means: string;
}

export const RUN_STATES: Record<RunState, StateLook> = {
  scheduled: {words: 'scheduled', tone: 'dim', icon: 'clock', means: 'It is due later.'},
  queued: {words: 'queued', tone: 'warn', icon: 'hourglass', means: 'It is due and waits for a slot.'},
  running: {words: 'running', tone: 'busy', icon: 'play', means: 'A worker executes it.'},
  waiting: {words: 'waiting', tone: 'hold', icon: 'pause', means: 'It waits for something else to happen.'},
  succeeded: {words: 'succeeded', tone: 'good', icon: 'check', means: 'It did what it should.'},
  failed: {words: 'failed', tone: 'bad', icon: 'cross', means: 'Its last attempt failed.'},
  timed_out: {words: 'timed out', tone: 'bad', icon: 'hourglass', means: 'It took longer than its limit.'},
  cancelled: {words: 'cancelled', tone: 'dim', icon: 'stop', means: 'Somebody ended it.'},
  skipped: {words: 'skipped', tone: 'dim', icon: 'skip', means: 'A rule of its job left it out.'},
};

/** States that never change any more. */
export const FINAL_STATES: readonly RunState[] = ['succeeded', 'failed', 'cancelled', 'timed_out', 'skipped'];

export function isFinal(state: RunState): boolean {
  return FINAL_STATES.includes(state);
}

export function StateBadge({state}: {state: RunState}) {
  const look = RUN_STATES[state];
  return (
    <span title={look.means}>
      <Badge tone={look.tone} icon={look.icon}>
        {look.words}
      </Badge>
    </span>
  );
}

/** A word of the API as people read it: "skipped_overlap" is "skipped overlap". */
export function plainWord(word: string): string {
  return word.replaceAll('_', ' ');
}
