import {useMutation} from '@tanstack/react-query';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import type {Run} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';
import {parseDuration} from '@/components/time-words';

/** More time for a run: while it runs for its end, while it waits for its start. */
export function ExtendDialog({run, onClose, onDone}: {run: Run; onClose: () => void; onDone: () => void}) {
  const [text, setText] = useState('30m');
  const which = run.state === 'running' ? 'run' : 'queue';
  const extend = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/runs/{run}/extend', {params: {path: {run: run.id}}, body: {[which]: text.trim()}})),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const isWrong = parseDuration(text.trim()) === undefined;
  return (
    <Dialog title="Give it more time" onClose={onClose}>
      <form
        className="flex flex-col gap-3 text-sm"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWrong) extend.mutate();
        }}
      >
        <TextField
          label={which === 'run' ? 'It may run, from now on, for' : 'It may wait, from now on, for'} autoFocus
          value={text} error={isWrong ? 'Write a duration such as 30m or 1h30m.' : undefined}
          hint="Such as 30m or 1h30m. A timeout of the job does not end it sooner."
          onChange={(event) => setText(event.target.value)}
        />
        {extend.error && <ErrorPanel what="Could not give it more time" error={extend.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="primary" icon="clock" busy={extend.isPending} disabled={isWrong}>
            Extend
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
