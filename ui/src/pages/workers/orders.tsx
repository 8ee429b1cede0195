// What a worker can be told: to take nothing new, to be done by a deadline, to be forgotten.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import type {Worker} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {confirm, Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';
import {parseDuration} from '@/components/time-words';
import {toast, toastError} from '@/components/toasts';
import {cordon, drain, remove, uncordon} from './fleet';

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({queryKey: ['workers']});
}

interface OrdersProps {
  worker: Worker;
  onDrain: () => void;
}

/** To be given nothing new, now or by a deadline. */
export function TakeOrders({worker, onDrain}: OrdersProps) {
  const changed = useChanged();
  const mayOperate = useMay('operator');
  const turn = useMutation({
    mutationFn: () => (worker.cordoned ? uncordon(worker) : cordon(worker)),
    onSuccess: () => toast({title: worker.cordoned ? `${worker.name} is given runs again` : `${worker.name} is given nothing new`}),
    onError: toastError(`Could not tell ${worker.name}`),
    onSettled: changed,
  });
  if (!mayOperate || worker.state === 'offline') return null;
  return (
    <>
      <Button icon={worker.cordoned ? 'play' : 'pause'} busy={turn.isPending} onClick={() => turn.mutate()}>
        {worker.cordoned ? 'Uncordon' : 'Cordon'}
      </Button>
      <Button icon="hourglass" onClick={onDrain}>
        {worker.drain_until ? 'Drain by another time' : 'Drain'}
      </Button>
    </>
  );
}

/** To be forgotten: one that is gone, or joined from elsewhere. */
export function Remove({worker, onGone}: {worker: Worker; onGone: () => void}) {
  const changed = useChanged();
  const mayRemove = useMay('admin');
  const forget = useMutation({
    mutationFn: () => remove(worker),
    onSuccess: () => {
      toast({title: `Removed ${worker.name}`});
      onGone();
    },
    onError: toastError(`Could not remove ${worker.name}`),
    onSettled: changed,
  });
  const askFirst = async () => {
    const text = worker.remote
      ? 'Its credential opens nothing any more. What it runs is lost to it and tried again elsewhere, as the job says. To bring it back, it joins with a new token.'
      : 'It is taken out of the list. It comes back by itself when its node starts again.';
    const question = {title: `Remove ${worker.name}?`, text, action: 'Remove the worker', isDestructive: true};
    if (await confirm(question)) forget.mutate();
  };
  if (!mayRemove || !(worker.state === 'offline' || worker.remote)) return null;
  return (
    <Button look="danger" icon="trash" busy={forget.isPending} onClick={() => void askFirst()}>
      Remove
    </Button>
  );
}

export function DrainDialog({worker, onClose}: {worker: Worker; onClose: () => void}) {
  const changed = useChanged();
  const [deadline, setDeadline] = useState('10m');
  const isFine = parseDuration(deadline) !== undefined;
  const start = useMutation({
    mutationFn: () => drain(worker, deadline.trim()),
    onSuccess: onClose,
    onSettled: changed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFine) start.mutate();
  };
  return (
    <Dialog title={`Drain ${worker.name}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        <p>
          It takes nothing new from now on. {worker.busy === 0 ? 'It runs nothing.' : `It goes on with what it has, in ${worker.busy} of its slots.`}
        </p>
        <TextField
          label="Deadline" value={deadline} autoFocus onChange={(event) => setDeadline(event.target.value)}
          hint="From now, such as 10m or 1h. What still runs then is ended, and tried again elsewhere."
          {...(isFine ? {} : {error: 'Write a duration such as 10m or 1h.'})}
        />
        {start.error && <ErrorPanel error={start.error} what={`Could not drain ${worker.name}`} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button look="primary" type="submit" icon="hourglass" busy={start.isPending} disabled={!isFine}>
            Drain the worker
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
