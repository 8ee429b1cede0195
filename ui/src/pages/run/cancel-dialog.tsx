import {useMutation} from '@tanstack/react-query';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import type {Run} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';

/** Cancels with a reason; a run that runs can also be killed without being asked first. */
export function CancelDialog({run, onClose, onDone}: {run: Run; onClose: () => void; onDone: () => void}) {
  const [reason, setReason] = useState('');
  const [mode, setMode] = useState<'ask' | 'kill'>('ask');
  const cancel = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/runs/{run}/cancel', {params: {path: {run: run.id}}, body: {mode, ...(reason ? {reason} : {})}})),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const runs = run.state === 'running';
  return (
    <Dialog title={`Cancel this run of ${run.job}?`} onClose={onClose}>
      <form
        className="flex flex-col gap-3 text-sm"
        onSubmit={(event) => {
          event.preventDefault();
          cancel.mutate();
        }}
      >
        {!runs && <p>It has not started, so it ends at once.</p>}
        <TextField
          label="Reason" hint="Kept with the run, for those who look later." value={reason} maxLength={500}
          autoFocus onChange={(event) => setReason(event.target.value)}
        />
        {runs && (
          <fieldset className="flex flex-col gap-1">
            <legend className="pb-1 font-medium">How</legend>
            <Mode label="Ask it to stop; kill it after its grace time" isOn={mode === 'ask'} onChoose={() => setMode('ask')} />
            <Mode label="Kill it now, without time to end by itself" isOn={mode === 'kill'} onChoose={() => setMode('kill')} />
          </fieldset>
        )}
        {cancel.error && <ErrorPanel what="Could not cancel it" error={cancel.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="danger" icon="stop" busy={cancel.isPending}>
            Cancel the run
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Mode({label, isOn, onChoose}: {label: string; isOn: boolean; onChoose: () => void}) {
  return (
    <label className="flex min-h-6 items-center gap-2">
      <input type="radio" name="mode" checked={isOn} onChange={onChoose} className="accent-accent" />
      {label}
    </label>
  );
}
