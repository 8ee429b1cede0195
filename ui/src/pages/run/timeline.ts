// The way of a run from its making to its end, every wait with its reason: out of the run, its
// attempts and the events that were written about it.
import type {Attempt, CloudEvent, Run} from '@/api/queries';
import {plainWord, RUN_STATES, type Tone} from '@/components/state';
import type {IconName} from '@/components/icons';
import {durationWords, parseDuration} from '@/components/time-words';

export interface Step {
  at: string;
  what: string;
  /** Why, or what came of it. */
  why?: string;
  tone: Tone;
  icon: IconName;
}

const OUTCOMES: Record<string, {what: string; tone: Tone; icon: IconName}> = {
  success: {what: 'succeeded', tone: 'good', icon: 'check'},
  failed: {what: 'failed', tone: 'bad', icon: 'cross'},
  retryable: {what: 'failed, and may be retried', tone: 'warn', icon: 'cross'},
  lost: {what: 'was lost with its worker', tone: 'bad', icon: 'alert'},
  timed_out: {what: 'ran out of time', tone: 'bad', icon: 'hourglass'},
  cancelled: {what: 'was cancelled', tone: 'dim', icon: 'stop'},
};

/** "exit code 3", "signal KILL", or the outcome's word. */
export function endingWords(outcome: Attempt['outcome']): string {
  if (!outcome) return 'under way';
  if (outcome.signal) return `signal ${outcome.signal}`;
  if (outcome.exit_code !== undefined) return `exit code ${outcome.exit_code}`;
  return plainWord(outcome.status);
}

const LONG_WAIT_MS = 1_000; // what is shorter is nobody's question

/** ", after 4 min in the queue imports": what a run that has begun waited for before. */
function waitWords(run: Run, attempt: Attempt): string {
  const due = run.first_due_at ?? run.due_at;
  const since = Math.max(Date.parse(due), Date.parse(run.created_at));
  const waited = Date.parse(attempt.started_at) - since;
  if (attempt.number !== 1 || !(waited >= LONG_WAIT_MS)) return '';
  return `, after ${durationWords(waited)} in the queue ${run.queue}`;
}

function attemptSteps(run: Run, attempt: Attempt): Step[] {
  const name = `Attempt ${attempt.number}`;
  const began: Step = {
    at: attempt.started_at, what: `${name} began`,
    why: `on ${attempt.worker ?? attempt.worker_id}${waitWords(run, attempt)}`,
    tone: 'busy', icon: 'play',
  };
  const look = attempt.outcome && OUTCOMES[attempt.outcome.status];
  if (!attempt.finished_at || !look) return [began];
  const ending = endingWords(attempt.outcome);
  const error = attempt.outcome?.error?.message;
  const ended = {
    at: attempt.finished_at, what: `${name} ${look.what}`, tone: look.tone, icon: look.icon,
    why: error && error !== ending ? `${ending}: ${error}` : ending,
  };
  return [began, ended];
}

// What the attempts and the run itself tell is not told twice.
const EVENTS: Record<string, Pick<Step, 'what' | 'tone' | 'icon'>> = {
  'run.retrying': {what: 'Waits to be tried again', tone: 'warn', icon: 'hourglass'},
  'run.late': {what: 'Late', tone: 'warn', icon: 'alert'},
  'run.predicted_late': {what: 'Will probably be late', tone: 'warn', icon: 'alert'},
  'run.report_refused': {what: 'A report was refused', tone: 'warn', icon: 'alert'},
};

const REFUSED = 'a worker reported under a lease that it no longer held';

function eventStep(event: CloudEvent): Step | undefined {
  const look = EVENTS[event.type ?? ''];
  if (!look || !event.time) return undefined;
  const said = (event.data ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : undefined);
  const due = text('due_at');
  const pause = due ? Date.parse(due) - Date.parse(event.time) : Number.NaN;
  const waits = event.type === 'run.retrying' && pause > 0 ? `for ${durationWords(pause)}` : undefined;
  const refused = event.type === 'run.report_refused' ? REFUSED : undefined;
  const why = [waits, text('reason') ?? refused].filter(Boolean).join(', ');
  return {...look, at: event.time, ...(why ? {why} : {})};
}

function madeBy(run: Run): string {
  const by = run.requested_by ? `, by ${run.requested_by}` : '';
  return `${plainWord(run.trigger)}${by}`;
}

/** The steps in their order. */
export function stepsOf(run: Run, events: readonly CloudEvent[]): Step[] {
  const steps: Step[] = [{at: run.created_at, what: 'Made', why: madeBy(run), tone: 'dim', icon: 'circle'}];
  const due = run.first_due_at ?? run.due_at;
  if (Date.parse(due) > Date.parse(run.created_at)) {
    steps.push({at: due, what: 'Due', tone: 'dim', icon: 'clock'});
  }
  for (const attempt of run.attempts ?? []) steps.push(...attemptSteps(run, attempt));
  for (const event of events) {
    const step = eventStep(event);
    if (step) steps.push(step);
  }
  if (run.cancel) {
    const how = run.cancel.mode === 'kill' ? 'to be killed at once' : 'to stop';
    const why = [`by ${run.cancel.by}`, run.cancel.reason].filter(Boolean).join(': ');
    steps.push({at: run.cancel.at, what: `Asked ${how}`, why, tone: 'warn', icon: 'stop'});
  }
  if (run.finished_at) {
    const look = RUN_STATES[run.state];
    const what = look.words.charAt(0).toUpperCase() + look.words.slice(1);
    steps.push({at: run.finished_at, what, tone: look.tone, icon: look.icon, ...(run.reason ? {why: run.reason} : {})});
  }
  return inOrder(steps);
}

function inOrder(steps: Step[]): Step[] {
  const numbered = steps.map((step, at) => ({step, at}));
  numbered.sort((a, b) => Date.parse(a.step.at) - Date.parse(b.step.at) || a.at - b.at);
  return numbered.map(({step}) => step);
}

/** The waits between steps that are long enough to say: "waited 4 min". */
export function gapWords(before: Step | undefined, step: Step): string | undefined {
  const gap = before ? Date.parse(step.at) - Date.parse(before.at) : 0;
  return gap >= 1 ? `+${durationWords(gap)}` : undefined;
}

/** The processor time of program and kernel together. */
export function cpuWords(usage: {cpu_user?: string; cpu_system?: string} | undefined): string {
  const times = [parseDuration(usage?.cpu_user), parseDuration(usage?.cpu_system)];
  if (times.every((each) => each === undefined)) return '–';
  return durationWords(times.reduce<number>((sum, each) => sum + (each ?? 0), 0));
}

/** An API duration in words. */
export function spanWords(duration: string | undefined): string {
  const ms = parseDuration(duration);
  return ms === undefined ? '–' : durationWords(ms);
}

/** "12 MiB" */
export function bytesWords(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
