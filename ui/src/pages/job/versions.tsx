// The versions of a job: who stored each and what changed; one is compared with the one before it or
// with the newest, and can be stored again.
import {useInfiniteQuery, useMutation, useQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import {rowsOf, type Job} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {confirm} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select} from '@/components/field';
import {Loading, Panel} from '@/components/page';
import {Time} from '@/components/time';
import {toast, toastError} from '@/components/toasts';
import {useJobChanged} from '../jobs/pause-dialog';
import {type JobVersion, versionQuery, versionsQuery} from '../jobs/queries';
import {LineDiff} from './line-diff';
import {manifestText} from './manifest-text';

export function Versions({job}: {job: Job}) {
  const name = job.name ?? '';
  const search = useSearch({from: '/jobs/$job'});
  const navigate = useNavigate({from: '/jobs/$job'});
  const query = useInfiniteQuery(versionsQuery(name));
  const versions = rowsOf(query.data);
  const newest = job.version ?? 1;
  const chosen = Number(search.version) || newest;
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  return (
    <div className="grid items-start gap-3 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Panel title="Versions" flush>
        <ol className="max-h-[70dvh] overflow-auto text-sm">
          {versions.map((each) => (
            <li key={each.version}>
              <VersionRow
                version={each} isChosen={each.version === chosen} isNewest={each.version === newest}
                onChoose={() =>
                  void navigate({search: (now) => ({...now, version: String(each.version)}), replace: true})
                }
              />
            </li>
          ))}
        </ol>
        {query.hasNextPage && (
          <Button look="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Older versions
          </Button>
        )}
      </Panel>
      <Comparison job={name} version={chosen} newest={newest} />
    </div>
  );
}

interface VersionRowProps {
  version: JobVersion;
  isChosen: boolean;
  isNewest: boolean;
  onChoose: () => void;
}

function VersionRow({version, isChosen, isNewest, onChoose}: VersionRowProps) {
  const changed = version.changed ?? [];
  return (
    <button
      type="button" aria-pressed={isChosen} onClick={onChoose}
      className="flex w-full flex-col gap-0.5 border-b border-line/60 px-3 py-2 text-left hover:bg-sunken aria-pressed:bg-accent-soft"
    >
      <span className="flex w-full justify-between gap-2">
        <span className="font-medium">
          v{version.version}
          {isNewest && ' · now'}
        </span>
        <Time at={version.created_at} className="text-dim" />
      </span>
      <span className="w-full truncate text-xs text-dim">
        {version.author} · {version.version === 1 ? 'first stored' : changed.map((pointer) => pointer.slice(1)).join(', ') || 'no change'}
      </span>
    </button>
  );
}

function Comparison({job, version, newest}: {job: string; version: number; newest: number}) {
  const [withNewest, setWithNewest] = useState(false);
  const other = withNewest ? newest : version - 1;
  const [older, newer] = other < version ? [other, version] : [version, other];
  const after = useQuery(versionQuery(job, newer));
  const before = useQuery({...versionQuery(job, older), enabled: older > 0});
  const error = after.error ?? before.error;
  return (
    <Panel
      title={older > 0 ? `v${older} → v${newer}` : `v${newer}`} flush
      actions={
        <div className="flex items-center gap-2">
          {version !== newest && (
            <Select
              label="Compare with" value={withNewest ? 'newest' : 'before'}
              onChange={(event) => setWithNewest(event.target.value === 'newest')}
            >
              <option value="before">the one before</option>
              <option value="newest">the newest</option>
            </Select>
          )}
          {version !== newest && <RevertButton job={job} version={version} newest={newest} />}
        </div>
      }
    >
      {error && <ErrorPanel error={error} />}
      {!error && (!after.data || (older > 0 && !before.data)) && <Loading />}
      {after.data && (older === 0 || before.data) && (
        <LineDiff
          label={`Changes from v${older} to v${newer}`}
          before={older > 0 ? manifestText(before.data?.spec) : ''} after={manifestText(after.data.spec)}
        />
      )}
    </Panel>
  );
}

function RevertButton({job, version, newest}: {job: string; version: number; newest: number}) {
  const navigate = useNavigate({from: '/jobs/$job'});
  const changed = useJobChanged();
  const mayAdminister = useMay('admin');
  const revert = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/jobs/{job}/revert', {
          params: {path: {job}}, body: {version}, headers: {'If-Match': `"v${newest}"`},
        }),
      ),
    onSuccess: (made) => {
      changed(job);
      toast({title: `${job} is v${version} again`, text: `Stored as v${made.version}.`});
      void navigate({search: (now) => ({...now, version: undefined}), replace: true});
    },
    onError: toastError(`Could not revert ${job}`),
  });
  const start = async () => {
    const isSure = await confirm({
      title: `Revert ${job} to v${version}?`,
      text: `What v${version} says is stored again as v${newest + 1}, and its schedules count from then on. Versions in between stay, so this can be taken back.`,
      action: `Revert to v${version}`,
    });
    if (isSure) revert.mutate();
  };
  if (!mayAdminister) return null;
  return (
    <Button icon="refresh" busy={revert.isPending} onClick={() => void start()}>
      Revert to v{version}
    </Button>
  );
}
