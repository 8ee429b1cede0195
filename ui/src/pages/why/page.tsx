// Why a job did, or did not, run at an instant: the chain of reasons, and the ledger behind it.
import {queryOptions, useQuery} from '@tanstack/react-query';
import {Link, useParams} from '@tanstack/react-router';
import {api, ask} from '@/api/client';
import {ButtonLink} from '@/components/button';
import {CopyButton} from '@/components/copy';
import {ErrorPanel} from '@/components/error-panel';
import {Facts, Loading, Page, Panel} from '@/components/page';
import type {Occurrence} from '@/api/queries';
import {Badge, plainWord} from '@/components/state';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';
import {Sentence} from './sentence';

const whyQuery = (job: string, at: string) =>
  queryOptions({
    queryKey: ['occurrences', 'why', job, at],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/jobs/{job}/why', {signal, params: {path: {job}, query: {at}}})),
  });

export default function WhyPage() {
  const {job, instant} = useParams({from: '/jobs/$job/at/$instant'});
  useLive('jobs', 'runs');
  const query = useQuery(whyQuery(job, instant));
  if (query.error) {
    return (
      <Page title={`${job} at ${instant}`}>
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (!query.data) return <Loading />;
  const {lines = [], occurrences = [], run_id: run} = query.data;
  const [answer, ...reasons] = lines;
  return (
    <Page
      title={job}
      about={<>Why it did, or did not, run at {Number.isNaN(Date.parse(instant)) ? instant : <Time at={instant} show="full" />}</>}
      actions={
        <>
          {run && <ButtonLink icon="runs" to="/runs/$run" params={{run}}>The run</ButtonLink>}
          <ButtonLink icon="jobs" to="/jobs/$job" params={{job}}>The job</ButtonLink>
        </>
      }
    >
      <Panel title="Why">
        <p className="text-base font-medium break-words"><Sentence text={answer ?? 'Nothing is known of this instant.'} /></p>
        {reasons.length > 0 && (
          <ol aria-label="Reasons" className="mt-2 flex flex-col gap-1.5 border-l-2 border-line pl-3 text-sm">
            {reasons.map((line, at) => (
              <li key={`${at} ${line}`} className="break-words"><Sentence text={line} /></li>
            ))}
          </ol>
        )}
        <p className="mt-3 flex flex-wrap items-center gap-1 text-xs text-dim">
          <span>On a command line:</span> <code className="font-mono break-all">jobctl why {job}@{instant}</code>
          <CopyButton text={`jobctl why ${job}@${instant}`} label="Copy the command" />
        </p>
      </Panel>
      {occurrences.map((each) => <LedgerEntry key={`${each.schedule_id} ${each.at}`} occurrence={each} />)}
    </Page>
  );
}

function EndingBadge({ending}: {ending: NonNullable<Occurrence['ending']>}) {
  const hasRun = ending === 'ran';
  return (
    <Badge tone={hasRun ? 'good' : 'warn'} icon={hasRun ? 'check' : 'skip'}>
      {plainWord(ending)}
    </Badge>
  );
}

function LedgerEntry({occurrence}: {occurrence: Occurrence}) {
  const {ending, run_id: run} = occurrence;
  const rows: [string, React.ReactNode][] = [
    ['Ending', ending ? <EndingBadge key="e" ending={ending} /> : 'still to come'],
    ['Instant', <Time key="a" at={occurrence.at} show="full" />],
    ['In the zone of its schedule', occurrence.local || '–'],
    ['Decided', <Time key="d" at={occurrence.decided_at} show="full" />],
  ];
  if (occurrence.detail) rows.push(['Detail', occurrence.detail]);
  if (occurrence.count > 1) rows.push(['Stands for', `${occurrence.count} occurrences, the last at ${occurrence.through}`]);
  if (run) rows.push(['Run', <Link key="r" className="link font-mono break-all" to="/runs/$run" params={{run}}>{run}</Link>]);
  return (
    <Panel title="Entry in the ledger">
      <Facts rows={rows} />
    </Panel>
  );
}
