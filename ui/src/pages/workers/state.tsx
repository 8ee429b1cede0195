// How a worker is: its state, and how far a drain has come.
import type {Worker} from '@/api/queries';
import {Badge, type Tone} from '@/components/state';
import {Countdown} from '@/components/time';

const TONES: Record<Worker['state'], Tone> = {online: 'good', draining: 'warn', offline: 'bad'};
const ICONS = {online: 'check', draining: 'hourglass', offline: 'cross'} as const;
const MEANS: Record<Worker['state'], string> = {
  online: 'It takes runs.',
  draining: 'It finishes what it has and takes no more.',
  offline: 'It is gone. What it ran was given to others, or fails under the retry policy of its job.',
};

const isHeld = (worker: Worker) => worker.cordoned === true && worker.state === 'online';

export function stateMeans(worker: Worker): string {
  return isHeld(worker) ? 'It goes on with what it has; nothing new is given to it.' : MEANS[worker.state];
}

export function StateOf({worker}: {worker: Worker}) {
  return (
    <span title={stateMeans(worker)}>
      {isHeld(worker) ? (
        <Badge tone="hold" icon="pause">
          cordoned
        </Badge>
      ) : (
        <Badge tone={TONES[worker.state]} icon={ICONS[worker.state]}>
          {worker.state}
        </Badge>
      )}
    </span>
  );
}

/** How far a drain has come, and how long it may take; nothing where there is none. */
export function DrainProgress({worker}: {worker: Worker}) {
  if (!worker.drain_until) return null;
  return (
    <p role="status" className="rounded-md border border-warn/40 bg-warn-soft p-3 text-sm">
      {worker.busy === 0 ? (
        'Drained: it runs nothing any more.'
      ) : (
        <>
          Draining: {worker.busy} of {worker.slots} slots still in use. What is left is ended in{' '}
          <Countdown at={worker.drain_until} done="a moment" />.
        </>
      )}
    </p>
  );
}
