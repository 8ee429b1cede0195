// What can be done to a queue: pause with a reason, resume, delete.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, ask} from '@/api/client';
import type {Queue} from '@/api/queries';
import {Button} from '@/components/button';
import {confirm, Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {toast, toastError} from '@/components/toasts';

export const nameOf = (queue: Queue) => queue.spec.name ?? '';

const DURATIONS: [string, string][] = [
  ['', 'until somebody resumes it'], ['15m', '15 minutes'], ['1h', '1 hour'], ['8h', '8 hours'], ['1d', '1 day'],
];

export function useQueueChange() {
  const client = useQueryClient();
  return () => client.invalidateQueries({queryKey: ['queues']});
}

export function useResume() {
  const changed = useQueueChange();
  return useMutation({
    mutationFn: (queue: string) =>
      ask(api.POST('/api/v1/queues/{queue}/resume', {params: {path: {queue}}, body: {note: ''}})),
    onSuccess: (_, queue) => toast({title: `Resumed ${queue}`}),
    onError: toastError('Could not resume the queue'),
    onSettled: changed,
  });
}

export function useDelete(done: () => void) {
  const changed = useQueueChange();
  const mutation = useMutation({
    mutationFn: (queue: string) => ask(api.DELETE('/api/v1/queues/{queue}', {params: {path: {queue}}})),
    onSuccess: (_, queue) => {
      toast({title: `Deleted the limits of ${queue}`});
      done();
    },
    onError: toastError('Could not delete the queue'),
    onSettled: changed,
  });
  return async (queue: Queue) => {
    const name = nameOf(queue);
    const text =
      `Its limits and its pause are forgotten. ${queue.waiting} waiting and ${queue.running} running ` +
      'runs stay, and those that wait may start at once.';
    if (await confirm({title: `Delete the queue ${name}?`, text, action: 'Delete the queue', isDestructive: true})) {
      mutation.mutate(name);
    }
  };
}

export function PauseDialog({queue, onClose}: {queue: Queue; onClose: () => void}) {
  const changed = useQueueChange();
  const name = nameOf(queue);
  const [note, setNote] = useState('');
  const [span, setSpan] = useState('');
  const pause = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/queues/{queue}/pause', {
        params: {path: {queue: name}},
        body: {note: note.trim(), meanwhile: 'drop', ...(span ? {for: span} : {})},
      })),
    onSuccess: () => {
      toast({title: `Paused ${name}`, text: 'What runs goes on; nothing new starts.'});
      onClose();
    },
    onSettled: changed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause.mutate();
  };
  return (
    <Dialog title={`Pause ${name}?`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        <p>
          {queue.waiting} {queue.waiting === 1 ? 'run waits' : 'runs wait'} and will go on waiting, as will
          all that come. {queue.running} running go on.
        </p>
        <TextField
          label="Why" value={note} maxLength={1000} autoFocus onChange={(event) => setNote(event.target.value)}
          hint="For whoever wonders why nothing starts."
        />
        <Select label="For" value={span} onChange={(event) => setSpan(event.target.value)}>
          {DURATIONS.map(([value, words]) => (
            <option key={words} value={value}>
              {words}
            </option>
          ))}
        </Select>
        {pause.error && <ErrorPanel error={pause.error} what="Could not pause the queue" />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button look="primary" type="submit" icon="pause" busy={pause.isPending}>
            Pause the queue
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
