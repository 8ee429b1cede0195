// What can be done with a job: run, pause, resume, edit, and in the menu what is asked for less often.
import {useMutation} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import {specOf, type Job} from '@/api/queries';
import {useMay} from '@/api/session';
import {useShortcuts} from '@/app/keys';
import {useCommands} from '@/app/palette';
import {Button, ButtonLink, IconButton} from '@/components/button';
import {confirm} from '@/components/dialog';
import {Menu, type MenuItem} from '@/components/menu';
import {toast, toastError} from '@/components/toasts';
import {PauseDialog, useJobChanged, useResume} from '../jobs/pause-dialog';
import {useRunNow} from '../jobs/run-dialog';
import {BackfillDialog} from './backfill-dialog';
import {manifestText} from './manifest-text';

export function JobActions({job}: {job: Job}) {
  const name = job.name ?? '';
  const navigate = useNavigate();
  const mayOperate = useMay('operator');
  const mayAdminister = useMay('admin');
  const {start, isStarting, form} = useRunNow(name);
  const resume = useResume(name);
  const [open, setOpen] = useState<'pause' | 'backfill'>();
  const remove = useDelete(job);
  const edit = () => void navigate({to: '/editor', search: {job: name}});
  const pauseOrResume = () => (job.paused ? resume.mutate() : setOpen('pause'));
  useShortcuts([
    ...(mayOperate
      ? [
          {keys: 'r', does: 'Run now', group: 'This page' as const, run: start},
          {keys: 'p', does: job.paused ? 'Resume' : 'Pause', group: 'This page' as const, run: pauseOrResume},
        ]
      : []),
    ...(mayAdminister ? [{keys: 'e', does: 'Edit', group: 'This page' as const, run: edit}] : []),
  ]);
  useCommands(
    mayOperate
      ? [
          {label: `Run ${name} now`, icon: 'play', run: start},
          {label: `${job.paused ? 'Resume' : 'Pause'} ${name}`, icon: 'pause', run: pauseOrResume},
        ]
      : [],
  );
  return (
    <>
      {mayOperate && (
        <>
          <Button look="primary" icon="play" busy={isStarting} onClick={start}>
            Run now
          </Button>
          <Button icon={job.paused ? 'play' : 'pause'} busy={resume.isPending} onClick={pauseOrResume}>
            {job.paused ? 'Resume' : 'Pause'}
          </Button>
        </>
      )}
      {mayAdminister && (
        <ButtonLink to="/editor" search={{job: name}} icon="edit">
          Edit
        </ButtonLink>
      )}
      <Menu
        trigger={<IconButton label="More" icon="dots" />}
        items={[
          ...(mayOperate && job.schedules?.length
            ? [{label: 'Backfill…', icon: 'calendar' as const, onSelect: () => setOpen('backfill')}]
            : []),
          {label: 'Export YAML', icon: 'download', onSelect: () => download(`${name}.yaml`, manifestText(specOf(job)))},
          ...copies(name, job.paused ?? false),
          ...(mayAdminister
            ? ['line' as const, {label: 'Delete…', icon: 'trash' as const, isDestructive: true, onSelect: remove}]
            : []),
        ]}
      />
      {form}
      {open === 'pause' && <PauseDialog job={name} onClose={() => setOpen(undefined)} />}
      {open === 'backfill' && <BackfillDialog job={job} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function useDelete(job: Job) {
  const name = job.name ?? '';
  const navigate = useNavigate();
  const changed = useJobChanged();
  const remove = useMutation({
    mutationFn: () =>
      ask(
        api.DELETE('/api/v1/jobs/{job}', {
          params: {path: {job: name}}, headers: {'If-Match': `"v${job.version ?? 1}"`},
        }),
      ),
    onSuccess: async () => {
      toast({title: `Deleted ${name}`});
      await navigate({to: '/jobs'});
      changed(name);
    },
    onError: toastError(`Could not delete ${name}`),
  });
  return async () => {
    const isSure = await confirm({
      title: `Delete ${name}?`,
      text: 'Its schedules stop at once. Runs that are going on go on, and its history stays until retention removes it. To bring it back, apply its manifest again: export it first.',
      action: 'Delete 1 job', isDestructive: true, typed: name,
    });
    if (isSure) remove.mutate();
  };
}

function download(file: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], {type: 'application/yaml'}));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  URL.revokeObjectURL(url);
}

function copies(job: string, isPaused: boolean): MenuItem[] {
  const commands = {
    'jobctl run': `jobctl run ${job}`,
    [isPaused ? 'jobctl job resume' : 'jobctl job pause']: `jobctl job ${isPaused ? 'resume' : 'pause'} ${job}`,
    'jobctl why': `jobctl why ${job}`,
  };
  return Object.entries(commands).map(([name, text]) => ({
    label: `Copy “${name}”`, icon: 'copy',
    onSelect: () =>
      void navigator.clipboard.writeText(text).then(
        () => toast({title: 'Copied', text: <code className="font-mono">{text}</code>}),
        () => toast({title: 'The browser does not allow copying here', text, tone: 'bad'}),
      ),
  }));
}
