// How far an operation has come, in one line, and a button that stops it.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, ask} from '@/api/client';
import {type Operation, operationQuery} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button, IconButton} from '@/components/button';
import {confirm} from '@/components/dialog';
import {Badge, type Tone} from '@/components/state';
import {toastError} from '@/components/toasts';
import type {IconName} from '@/components/icons';
import {useLive} from '@/live/live';

export const KIND_WORDS: Record<string, string> = {
  cancel_runs: 'Cancel runs', rerun_runs: 'Retry runs', delete_runs: 'Delete runs', backfill: 'Backfill',
};

const STATES: Record<Operation['state'], {tone: Tone; icon: IconName}> = {
  running: {tone: 'busy', icon: 'play'},
  completed: {tone: 'good', icon: 'check'},
  cancelled: {tone: 'dim', icon: 'stop'},
  failed: {tone: 'bad', icon: 'cross'},
};

export function OperationBadge({state}: {state: Operation['state']}) {
  return <Badge {...STATES[state]}>{state}</Badge>;
}

/** A bar with its figures beside it: the colour says nothing alone. */
export function Meter({label, value, total}: {label: string; value: number; total: number}) {
  return (
    <span className="flex min-w-0 grow items-center gap-2">
      <progress aria-label={label} max={Math.max(1, total)} value={value} className="h-2 min-w-16 grow appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent" />
      <span className="tabular text-sm whitespace-nowrap">
        {value.toLocaleString('en-US')} of {total.toLocaleString('en-US')}
      </span>
    </span>
  );
}

export function useOperation(id: string) {
  useLive('runs', 'events');
  return useQuery(operationQuery(id));
}

export function StopButton({operation}: {operation: Operation}) {
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/operations/{operation}/cancel', {params: {path: {operation: operation.id}}})),
    onSuccess: () => client.invalidateQueries({queryKey: ['operation', operation.id]}),
    onError: toastError('Could not stop the operation'),
  });
  const askFirst = async () => {
    const left = Math.max(0, operation.total - operation.done - operation.skipped);
    const yes = await confirm({
      title: 'Stop this operation?', isDestructive: true, action: 'Stop the operation',
      text: `What is done stays done; ${left.toLocaleString('en-US')} of those found so far are left alone.`,
    });
    if (yes) stop.mutate();
  };
  const mayOperate = useMay('operator');
  if (operation.state !== 'running' || !mayOperate) return null;
  return (
    <Button look="danger" icon="stop" busy={stop.isPending} onClick={() => void askFirst()}>
      Stop
    </Button>
  );
}

export function OperationStrip({id, onClose}: {id: string; onClose: () => void}) {
  const {data: operation} = useOperation(id);
  if (!operation) return null;
  return (
    <div role="status" aria-label="Operation" className="flex w-full flex-wrap items-center gap-3 rounded-md border border-line bg-panel px-3 py-1.5 text-sm">
      <OperationBadge state={operation.state} />
      <Link className="link" to="/operations/$operation" params={{operation: id}}>
        {KIND_WORDS[operation.spec.kind ?? '']}
      </Link>
      <Meter label="Runs dealt with" value={operation.done + operation.skipped} total={operation.total} />
      {operation.skipped > 0 && <span className="text-dim">{operation.skipped} needed nothing</span>}
      <StopButton operation={operation} />
      <IconButton label="Hide" icon="cross" onClick={onClose} />
    </div>
  );
}
