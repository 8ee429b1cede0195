// One run: where it stands and why, the way it took, what went in, what came out.
import {useQuery} from '@tanstack/react-query';
import {Link, useParams} from '@tanstack/react-router';
import {lazy, Suspense, useEffect} from 'react';
import {type Run, runQuery} from '@/api/queries';
import {CopyButton} from '@/components/copy';
import {ErrorPanel} from '@/components/error-panel';
import {Facts, Loading, Page, Panel} from '@/components/page';
import {isFinal, plainWord, RUN_STATES, StateBadge} from '@/components/state';
import {Elapsed, Time} from '@/components/time';
import {useLive} from '@/live/live';
import {Meter} from '../operation/strip';
import {Sentence} from '../why/sentence';
import {RunActions} from './actions';
import {Attempts} from './attempts';
import {Document} from './document';
import {runWhyQuery} from './queries';
import {Timeline} from './timeline-list';

const RunLog = lazy(async () => ({default: (await import('@/log/run-log')).RunLog}));

export default function RunPage() {
  const {run: id} = useParams({from: '/runs/$run'});
  useLive(`run:${id}`);
  const query = useQuery(runQuery(id));
  const run = query.data;
  useTabTitle(run);
  if (query.error && !run) {
    return (
      <Page title="Run">
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (!run) return <Loading />;
  return (
    <Page
      title={run.job}
      about={
        <span className="flex items-center gap-1 font-mono break-all">
          {run.id}
          <CopyButton text={run.id} label="Copy the id" />
        </span>
      }
      actions={<RunActions run={run} />}
    >
      <Standing run={run} />
      <div className="grid items-start gap-3 lg:grid-cols-[3fr_2fr]">
        <div className="flex min-w-0 flex-col gap-3">
          <Failure run={run} />
          <Attempts run={run} />
          <section id="log" className="scroll-mt-3">
            <Panel
              title="Log" flush
              actions={<Link className="link text-sm" to="/runs/$run/log" params={{run: run.id}}>Full page</Link>}
            >
              <div className="flex h-[36rem] flex-col overflow-hidden">
                <Suspense fallback={<Loading what="Loading the log" />}>
                  <RunLog run={run.id} />
                </Suspense>
              </div>
            </Panel>
          </section>
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <Timeline run={run} />
          <Values run={run} />
          <About run={run} />
        </div>
      </div>
    </Page>
  );
}

/** A tab that waits in the background says how its run stands. */
function useTabTitle(run: Run | undefined) {
  const words = run && `${RUN_STATES[run.state].words}: ${run.job} · Mainspring`;
  useEffect(() => {
    if (words) document.title = words;
  }, [words]);
}

/** The state and the answer to "why", before everything else. */
function Standing({run}: {run: Run}) {
  const why = useQuery(runWhyQuery(run.id));
  const lines = why.data?.lines ?? (run.reason ? [run.reason] : []);
  return (
    <section aria-label="State" className="flex flex-col gap-2 rounded-lg border border-line bg-panel p-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1" role="status">
        <StateBadge state={run.state} />
        {isFinal(run.state)
          ? run.finished_at && <span className="text-dim">ended <Time at={run.finished_at} show="relative" /></span>
          : run.state === 'scheduled' && <span className="text-dim">due <Time at={run.due_at} show="relative" /></span>}
        {run.started_at && <span className="text-dim">{isFinal(run.state) ? 'took' : 'for'} <Elapsed from={run.started_at} until={run.finished_at} /></span>}
        {run.cancel && !isFinal(run.state) && <span className="text-warn">asked to stop by {run.cancel.by}</span>}
      </div>
      {lines.length > 0 && (
        <ul aria-label="Why" className="flex flex-col gap-0.5">
          {lines.map((line, at) => (
            <li key={line} className={`break-words ${at === 0 ? 'font-medium' : 'pl-3 text-dim'}`}>
              <Sentence text={line.replace(`${run.id}: `, '')} />
            </li>
          ))}
        </ul>
      )}
      {run.progress && !isFinal(run.state) && (
        <div className="flex flex-wrap items-center gap-3">
          <Meter label="Progress" value={Math.round(run.progress.fraction * 100)} total={100} />
          {run.progress.message && <span className="text-dim">{run.progress.message}</span>}
        </div>
      )}
    </section>
  );
}

function Failure({run}: {run: Run}) {
  const error = run.outcome?.error;
  if (!error) return null;
  return (
    <Panel title="Error">
      <p className="text-sm break-words">
        <code className="font-mono text-bad">{error.type}</code> {error.message}
      </p>
      {error.stack && <Document value={error.stack} mediaType="stack" label="the stack" />}
    </Panel>
  );
}

function Values({run}: {run: Run}) {
  const params = run.params ?? {};
  const result = run.outcome?.result;
  return (
    <>
      {result !== undefined && (
        <Panel title="Result">
          <Document value={result} mediaType={run.outcome?.result_media_type} label="the result" />
        </Panel>
      )}
      {Object.keys(params).length > 0 && (
        <Panel title="Inputs">
          <Document value={params} label="the inputs" />
        </Panel>
      )}
    </>
  );
}

function RunLink({run}: {run: string}) {
  return <Link className="link font-mono break-all" to="/runs/$run" params={{run}}>{run}</Link>;
}

function About({run}: {run: Run}) {
  const rows: [string, React.ReactNode][] = [
    ['Job', <Link key="j" className="link" to="/jobs/$job" params={{job: run.job}}>{run.job}, v{run.job_version}</Link>],
    ['Trigger', `${plainWord(run.trigger)}${run.requested_by ? `, by ${run.requested_by}` : ''}`],
    ['Queue', `${run.queue}, priority ${run.priority}`],
    ['Due', <Time key="d" at={run.due_at} show="full" />],
    ['Started', <Time key="s" at={run.started_at} show="full" />],
    ['Ended', <Time key="f" at={run.finished_at} show="full" />],
  ];
  if (run.schedule_id) {
    const params = {job: run.job, instant: run.scheduled_at};
    rows.push(['Occurrence', <Link key="o" className="link" to="/jobs/$job/at/$instant" params={params}><Time at={run.scheduled_at} show="full" /></Link>]);
  }
  if (run.concurrency_key) rows.push(['Concurrency key', run.concurrency_key]);
  if (run.queue_until && !run.started_at) rows.push(['Waits at most until', <Time key="q" at={run.queue_until} show="full" />]);
  if (run.extended_until) rows.push(['Extended until', <Time key="x" at={run.extended_until} show="full" />]);
  if (run.rerun_of) rows.push(['Repeats', <RunLink key="r" run={run.rerun_of} />]);
  if (run.parent_run) rows.push(['Part of', <RunLink key="p" run={run.parent_run} />]);
  if (run.operation_id) {
    const operation = run.operation_id;
    rows.push(['Operation', <Link key="op" className="link font-mono break-all" to="/operations/$operation" params={{operation}}>{operation}</Link>]);
  }
  return (
    <Panel title="Facts">
      <Facts rows={rows} />
    </Panel>
  );
}
