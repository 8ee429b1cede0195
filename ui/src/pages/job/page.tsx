// One job: what it is, when it fires next, how its latest runs went.
import {useInfiniteQuery, useMutation, useQuery} from '@tanstack/react-query';
import {useNavigate, useParams} from '@tanstack/react-router';
import {api, ask} from '@/api/client';
import {jobQuery, nextFiresQuery, rowsOf, runsQuery, specOf} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {listProps} from '@/components/list-props';
import {Empty, Facts, Loading, Page, Panel} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable} from '@/components/table';
import {Time} from '@/components/time';
import {toast, toastError} from '@/components/toasts';
import {useLive} from '@/live/live';
import {RUN_COLUMNS} from '../runs/columns';

export default function JobPage() {
  useLive('jobs', 'runs');
  const {job: name} = useParams({from: '/jobs/$job'});
  const navigate = useNavigate();
  const job = useQuery(jobQuery(name));
  const next = useQuery(nextFiresQuery(name));
  const runs = useInfiniteQuery(runsQuery({job: name}));
  const runNow = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/jobs/{job}/runs', {params: {path: {job: name}}, body: {}})),
    onSuccess: (run) => {
      toast({title: `Started ${name}`});
      void navigate({to: '/runs/$run', params: {run: run.id ?? ''}});
    },
    onError: toastError(`Could not start ${name}`),
  });
  const mayOperate = useMay('operator');
  if (job.error) {
    return (
      <Page title={name}>
        <ErrorPanel error={job.error} onRetry={() => void job.refetch()} />
      </Page>
    );
  }
  if (!job.data) return <Loading />;
  return (
    <Page
      title={name} fill about={specOf(job.data).description}
      actions={
        mayOperate && (
          <Button look="primary" icon="play" busy={runNow.isPending} onClick={() => runNow.mutate()}>
            Run now
          </Button>
        )
      }
    >
      <div className="grid gap-3 md:grid-cols-2">
        <Panel title="Definition">
          <Facts
            rows={[
              ['Type', specOf(job.data).type ?? 'command'],
              ['Version', `v${job.data.version ?? 1}, by ${job.data.author ?? 'somebody'}`],
              ['Changed', <Time key="t" at={job.data.updated_at} />],
              ['Schedules', job.data.schedules?.map((each) => each.words).join('; ') || 'on demand'],
              ['State', job.data.paused ? <Badge key="p" tone="hold" icon="pause">paused</Badge> : 'active'],
            ]}
          />
        </Panel>
        <Panel title="Next fires">
          {next.data?.items?.length ? (
            <ol className="flex flex-col gap-1 text-sm">
              {next.data.items.map((fire) => (
                <li key={fire.at} className="flex justify-between gap-3">
                  <Time at={fire.at} show="full" />
                  <Time at={fire.at} show="relative" className="text-dim" />
                </li>
              ))}
            </ol>
          ) : (
            <p className="text-sm text-dim">It fires by no schedule; it runs when somebody asks for it.</p>
          )}
        </Panel>
      </div>
      <DataTable
        label={`Runs of ${name}`} columns={RUN_COLUMNS.filter((column) => column.name !== 'Job')}
        rows={rowsOf(runs.data)} rowKey={(run) => run.id} {...listProps(runs)}
        onOpen={(run) => void navigate({to: '/runs/$run', params: {run: run.id}})}
        empty={<Empty title="It has not run yet">Run it now, or wait for its next fire.</Empty>}
      />
    </Page>
  );
}
