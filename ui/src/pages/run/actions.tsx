// What can be done with a run, by button, key and palette.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import type {Run} from '@/api/queries';
import {useMay} from '@/api/session';
import {useShortcuts} from '@/app/keys';
import {useCommands} from '@/app/palette';
import {Button, IconButton} from '@/components/button';
import {Menu} from '@/components/menu';
import {isFinal} from '@/components/state';
import {toast, toastError} from '@/components/toasts';
import {CancelDialog} from './cancel-dialog';
import {asCurl, asJobctl} from './commands';
import {EditDialog} from './edit-dialog';
import {ExtendDialog} from './extend-dialog';

type Open = 'cancel' | 'extend' | 'edit' | undefined;

async function copy(text: string, what: string) {
  await navigator.clipboard.writeText(text).then(
    () => toast({title: `Copied ${what}`}),
    () => toast({title: 'The browser does not allow copying here', text, tone: 'bad'}),
  );
}

const showLog = () => document.querySelector<HTMLElement>('#log')?.scrollIntoView({block: 'start'});

export function RunActions({run}: {run: Run}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayOperate = useMay('operator');
  const [open, setOpen] = useState<Open>();
  const retry = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/runs/{run}/rerun', {params: {path: {run: run.id}}, body: {}})),
    onSuccess: (made) => {
      toast({title: `Started ${run.job} again`});
      void navigate({to: '/runs/$run', params: {run: made.id}});
    },
    onError: toastError('Could not run it again'),
  });
  const hasEnded = isFinal(run.state);
  const canCancel = mayOperate && !hasEnded;
  const canRetry = mayOperate && hasEnded;
  const reload = () => void client.invalidateQueries({queryKey: ['run', run.id]});
  useShortcuts([
    {keys: 'c', does: 'Cancel the run', group: 'This page', run: () => canCancel && setOpen('cancel')},
    {keys: 'r', does: 'Retry the run', group: 'This page', run: () => canRetry && retry.mutate()},
    {keys: 'l', does: 'Go to the log', group: 'This page', run: showLog},
  ]);
  const jobctl = {label: 'Copy as jobctl', icon: 'copy' as const, run: () => void copy(asJobctl(run), 'the jobctl command')};
  const curl = {label: 'Copy as curl', icon: 'copy' as const, run: () => void copy(asCurl(run, window.location.origin), 'the curl command')};
  useCommands([
    jobctl, curl,
    ...(canCancel ? [{label: 'Cancel this run', icon: 'stop' as const, run: () => setOpen('cancel')}] : []),
    ...(canRetry ? [{label: 'Retry this run', icon: 'refresh' as const, run: () => retry.mutate()}] : []),
  ]);
  const close = () => setOpen(undefined);
  return (
    <>
      {canCancel && (
        <Button look="danger" icon="stop" onClick={() => setOpen('cancel')}>
          Cancel
        </Button>
      )}
      {canRetry && (
        <>
          <Button icon="refresh" look="primary" busy={retry.isPending} onClick={() => retry.mutate()}>
            Retry
          </Button>
          <Button icon="pencil" onClick={() => setOpen('edit')}>
            Re-run with edits
          </Button>
        </>
      )}
      <Menu
        trigger={<IconButton label="More" icon="dots" />}
        items={[
          ...(canCancel ? [{label: 'Give it more time…', icon: 'clock' as const, onSelect: () => setOpen('extend')}] : []),
          {label: jobctl.label, icon: jobctl.icon, onSelect: jobctl.run},
          {label: curl.label, icon: curl.icon, onSelect: curl.run},
          {label: 'Copy the link', icon: 'copy', onSelect: () => void copy(window.location.href, 'the link')},
        ]}
      />
      {open === 'cancel' && <CancelDialog run={run} onClose={close} onDone={reload} />}
      {open === 'extend' && <ExtendDialog run={run} onClose={close} onDone={reload} />}
      {open === 'edit' && <EditDialog run={run} onClose={close} />}
    </>
  );
}
