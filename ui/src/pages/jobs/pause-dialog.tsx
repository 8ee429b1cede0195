// Pauses a job: why, for how long, and what becomes of the fires meanwhile.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, ask, type Schemas} from '@/api/client';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {parseDuration} from '@/components/time-words';
import {toast, toastError} from '@/components/toasts';

/** Reads again what shows the job, without waiting for the event of it. */
export function useJobChanged() {
  const client = useQueryClient();
  return (job: string) => {
    void client.invalidateQueries({queryKey: ['job', job]});
    void client.invalidateQueries({queryKey: ['jobs']});
  };
}

export function useResume(job: string) {
  const changed = useJobChanged();
  return useMutation({
    mutationFn: () => ask(api.POST('/api/v1/jobs/{job}/resume', {params: {path: {job}}, body: {}})),
    onSuccess: () => {
      changed(job);
      toast({title: `Resumed ${job}`});
    },
    onError: toastError(`Could not resume ${job}`),
  });
}

export function PauseDialog({job, onClose}: {job: string; onClose: () => void}) {
  const changed = useJobChanged();
  const [note, setNote] = useState('');
  const [length, setLength] = useState('');
  const [meanwhile, setMeanwhile] = useState<Schemas['Meanwhile']>('drop');
  const isWrong = length !== '' && parseDuration(length) === undefined;
  const pause = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/jobs/{job}/pause', {
          params: {path: {job}},
          body: {note, meanwhile, ...(length ? {for: length} : {})},
        }),
      ),
    onSuccess: () => {
      changed(job);
      toast({title: `Paused ${job}`, text: length ? `It resumes by itself in ${length}.` : undefined});
      onClose();
    },
  });
  return (
    <Dialog
      title={`Pause ${job}`} onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button look="primary" icon="pause" busy={pause.isPending} disabled={isWrong} onClick={() => pause.mutate()}>
            Pause
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-sm">Its schedules start no runs then. Runs that are going on go on.</p>
        <TextField
          label="Note" hint="For whoever finds it paused." value={note} maxLength={1000} autoFocus
          onChange={(event) => setNote(event.target.value)}
        />
        <TextField
          label="Resume by itself after" placeholder="never" value={length}
          onChange={(event) => setLength(event.target.value)}
          hint="A duration such as 2h or 1d; empty: until somebody resumes it."
          {...(isWrong ? {error: 'Write a duration such as 2h or 1d.'} : {})}
        />
        <Select
          label="Fires that come due meanwhile" value={meanwhile}
          onChange={(event) => setMeanwhile(event.target.value as Schemas['Meanwhile'])}
        >
          <option value="drop">are skipped</option>
          <option value="hold">wait until it resumes</option>
        </Select>
        {pause.error && <ErrorPanel error={pause.error} what={`Could not pause ${job}`} />}
      </div>
    </Dialog>
  );
}
