// Backups that the node made of itself, and when a restore was last proven.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {api, ask} from '@/api/client';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {Icon, type IconName} from '@/components/icons';
import {Empty, Facts, Loading} from '@/components/page';
import {Badge, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {toast, toastError} from '@/components/toasts';
import {useLive} from '@/live/live';
import {backupsQuery, type Backup} from './queries';
import {bytesWords} from './words';

const STATES: Record<NonNullable<Backup['state']>, [Tone, IconName, string]> = {
  making: ['busy', 'play', 'It is being copied or verified.'],
  made: ['warn', 'hourglass', 'The copy is whole; nobody has tried to restore it.'],
  verified: ['good', 'check', 'It was restored to the side, opened and read.'],
  damaged: ['bad', 'cross', 'It cannot be restored.'],
};

const COLUMNS: Column<Backup>[] = [
  {name: 'Made', width: 'minmax(96px,1fr)', cell: (backup) => <Time at={backup.made_at} />},
  {
    name: 'State', width: '110px',
    cell: (backup) => {
      const [tone, icon, means] = STATES[backup.state ?? 'making'];
      return (
        <span title={backup.problem || means}>
          <Badge tone={tone} icon={icon}>{backup.state}</Badge>
        </span>
      );
    },
  },
  {name: 'Size', width: '90px', align: 'right', cell: (backup) => bytesWords(backup.bytes ?? 0)},
  {
    name: 'Holds', width: 'minmax(0,2fr)', wideOnly: true,
    cell: (backup) =>
      backup.problem ||
      (backup.contents && `${backup.contents.jobs} jobs, ${backup.contents.runs_ended} ended runs, ${backup.contents.events} events`),
  },
  {name: 'File', width: 'minmax(0,2fr)', wideOnly: true, cell: (backup) => <span className="font-mono text-xs">{backup.name}</span>},
];

export function Backups() {
  useLive('events');
  const client = useQueryClient();
  const mayRead = useMay('operator');
  const mayMake = useMay('admin');
  const query = useQuery({...backupsQuery, enabled: mayRead});
  const make = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/backups')),
    onSuccess: () => toast({title: 'The backup has begun', text: 'It is verified after it was made.'}),
    onError: toastError('Could not begin a backup'),
    onSettled: () => client.invalidateQueries({queryKey: ['backups']}),
  });
  if (!mayRead) return <Empty title="Backups are for operators">Sign in with a token of the role operator to see them.</Empty>;
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const {items = [], every, directory, last_proven_at: provenAt, problem} = query.data;
  return (
    <>
      {problem && (
        <p role="alert" className="flex items-start gap-2 rounded-md bg-bad-soft p-3 text-sm text-bad">
          <Icon name="alert" className="mt-0.5" />
          The last attempt failed: {problem}
        </p>
      )}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <Facts
          rows={[
            ['Last proven restore', provenAt ? <Time key="proven" at={provenAt} /> : 'never'],
            ['Made', every ? `every ${every}` : 'only when asked for; the setting backup_every makes them regular'],
            ['Directory', <code key="directory" className="font-mono text-xs break-all">{directory}</code>],
          ]}
        />
        {mayMake && <Button icon="download" busy={make.isPending} onClick={() => make.mutate()}>Back up now</Button>}
      </div>
      <div className="min-h-40 grow">
        <DataTable
          label="Backups" columns={COLUMNS} rows={items} rowKey={(backup) => backup.name ?? ''}
          empty={
            <Empty title="There is no backup yet">
              Make one here or with <code className="font-mono">jobctl backup create</code>; restore one with
              <code className="font-mono"> mainspring restore</code>.
            </Empty>
          }
        />
      </div>
    </>
  );
}
