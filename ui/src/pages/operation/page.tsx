// One operation: what was asked for, by whom, how far it is; the runs that it made.
import {useParams} from '@tanstack/react-router';
import {ButtonLink} from '@/components/button';
import {CopyButton} from '@/components/copy';
import {ErrorPanel} from '@/components/error-panel';
import {Facts, Loading, Page, Panel} from '@/components/page';
import {plainWord} from '@/components/state';
import {Elapsed, Time} from '@/components/time';
import {KIND_WORDS, Meter, OperationBadge, StopButton, useOperation} from './strip';

export default function OperationPage() {
  const {operation: id} = useParams({from: '/operations/$operation'});
  const query = useOperation(id);
  if (query.error) {
    return (
      <Page title="Operation">
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  const operation = query.data;
  if (!operation) return <Loading />;
  const {kind = '', selection, backfill, reason} = operation.spec;
  const makesRuns = kind === 'backfill' || kind === 'rerun_runs';
  const says = (value: unknown) => value !== undefined && String(value) !== '';
  const asked = Object.entries({...selection, ...backfill}).filter(([, value]) => says(value));
  return (
    <Page
      title={KIND_WORDS[kind] ?? kind}
      about={
        <span className="flex items-center gap-1 font-mono break-all">
          {operation.id}
          <CopyButton text={operation.id} label="Copy the id" />
        </span>
      }
      actions={
        <>
          <OperationBadge state={operation.state} />
          {makesRuns && (
            <ButtonLink icon="runs" to="/runs" search={{q: `operation:${operation.id}`}}>
              Its runs
            </ButtonLink>
          )}
          <StopButton operation={operation} />
        </>
      }
    >
      <Panel title="Progress">
        <div className="flex flex-col gap-3">
          <Meter label="Runs dealt with" value={operation.done + operation.skipped} total={operation.total} />
          <Facts
            rows={[
              ['Found so far', operation.total.toLocaleString('en-US')],
              ['Done', operation.done.toLocaleString('en-US')],
              ['Needed nothing', operation.skipped.toLocaleString('en-US')],
              ['Where it stands', operation.detail || plainWord(operation.state)],
            ]}
          />
        </div>
      </Panel>
      <Panel title="Asked for">
        <Facts
          rows={[
            ['By', operation.by || '–'],
            ['At', <Time key="a" at={operation.created_at} show="full" />],
            ['Ended', <Time key="e" at={operation.finished_at} show="full" />],
            ['Took', <Elapsed key="t" from={operation.created_at} until={operation.finished_at} />],
            ['Reason', reason || '–'],
            ...asked.map(([name, value]): [string, string] => [
              sentenceCase(plainWord(name)), wordsOf(value),
            ]),
          ]}
        />
      </Panel>
    </Page>
  );
}

const sentenceCase = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** A value of a request as people write it: lists with commas, all else that is no text as JSON. */
function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => plainWord(String(each))).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
