// Every job: what it is, when it fires next, how its last runs went. The filters are in the address.
import {useInfiniteQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useEffect, useRef, useState} from 'react';
import {rowsOf} from '@/api/queries';
import {useMay} from '@/api/session';
import {useShortcuts} from '@/app/keys';
import {oneOf} from '@/app/search';
import {Button, ButtonLink} from '@/components/button';
import {SearchBox, Select} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty, Page} from '@/components/page';
import {DataTable} from '@/components/table';
import {useLive, useLiveEvents} from '@/live/live';
import {JOB_COLUMNS} from './columns';
import {jobRowsQuery, type JobsFilter, type JobType} from './queries';

const TYPES: readonly JobType[] = [
  'command', 'container', 'js', 'http', 'sql', 'python', 'node', 'wasm', 'pipeline', 'broadcast', 'approval',
];
const BARS_GAP_MS = 3_000; // the bars are many rows to read: not at the pace of the states

/** Reads the rows again some time after a run of theirs began or ended. */
function useFreshBars(shown: ReadonlySet<string>) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refreshLater = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({queryKey: ['jobs']});
    }, BARS_GAP_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents(
    ['runs'],
    (events) => {
      const isOld = events.some(({type, data}) => type.startsWith('run.') && shown.has(String(data.job)));
      if (isOld) refreshLater();
    },
    refreshLater,
  );
}

type Search = Partial<Record<'text' | 'label' | 'paused' | 'type' | 'failing', string>>;

function filterOf(search: Search): JobsFilter {
  const type = oneOf(TYPES, search.type);
  const paused = oneOf(['true', 'false'], search.paused);
  return {
    ...(search.text ? {text: search.text} : {}),
    ...(search.label ? {label: search.label} : {}),
    ...(type ? {type} : {}),
    ...(paused ? {paused: paused === 'true'} : {}),
    ...(search.failing ? {last_state: 'failed,timed_out'} : {}),
  };
}

export default function JobsPage() {
  useLive('jobs');
  const search = useSearch({from: '/jobs'});
  const navigate = useNavigate({from: '/jobs'});
  const filter = filterOf(search);
  const query = useInfiniteQuery(jobRowsQuery(filter));
  const rows = rowsOf(query.data);
  useFreshBars(new Set(rows.flatMap((job) => job.name ?? [])));
  const mayAdminister = useMay('admin');
  useShortcuts([{keys: 'n', does: 'New job', group: 'This page', run: () => void navigate({to: '/editor'})}]);
  return (
    <Page
      title="Jobs" fill about="What this node runs, and when."
      actions={
        mayAdminister && (
          <ButtonLink to="/editor" look="primary" icon="plus">
            New job
          </ButtonLink>
        )
      }
    >
      <Filters />
      <DataTable
        label="Jobs" columns={JOB_COLUMNS} rows={rows} rowKey={(job) => job.id ?? ''}
        onOpen={(job) => void navigate({to: '/jobs/$job', params: {job: job.name ?? ''}})}
        {...listProps(query)}
        empty={Object.keys(filter).length > 0 ? <NoMatch /> : <NoJobs />}
      />
    </Page>
  );
}

function Filters() {
  const search = useSearch({from: '/jobs'});
  const navigate = useNavigate({from: '/jobs'});
  const change = (changed: Partial<typeof search>) =>
    void navigate({search: (now) => ({...now, ...changed}), replace: true});
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <SearchBox label="Names that contain" value={search.text ?? ''} onText={(text) => change({text})} />
      <LabelBox key={search.label} label={search.label ?? ''} onChange={(label) => change({label})} />
      <Select label="Type" value={search.type ?? ''} onChange={(event) => change({type: event.target.value})}>
        <option value="">all</option>
        {TYPES.map((type) => (
          <option key={type}>{type}</option>
        ))}
      </Select>
      <Select label="Paused" value={search.paused ?? ''} onChange={(event) => change({paused: event.target.value})}>
        <option value="">any</option>
        <option value="true">yes</option>
        <option value="false">no</option>
      </Select>
      <Button
        aria-pressed={Boolean(search.failing)} icon={search.failing ? 'check' : 'alert'}
        onClick={() => change({failing: search.failing ? undefined : '1'})}
        className="aria-pressed:border-bad aria-pressed:bg-bad-soft aria-pressed:text-bad"
      >
        Failing
      </Button>
      {Object.keys(search).length > 0 && (
        <Button look="quiet" icon="cross" onClick={() => void navigate({search: {}, replace: true})}>
          Clear
        </Button>
      )}
    </div>
  );
}

/** Labels are asked for when they are whole: half of `team=platform` is a mistake. */
function LabelBox({label, onChange}: {label: string; onChange: (label: string) => void}) {
  const [text, setText] = useState(label);
  return (
    <input
      aria-label="Labels" placeholder="team=platform" value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => text !== label && onChange(text.trim())}
      onKeyDown={(event) => event.key === 'Enter' && onChange(text.trim())}
      className="h-8 w-44 rounded-md border border-edge bg-panel px-2 text-sm text-ink"
    />
  );
}

function NoMatch() {
  return <Empty title="No job is like this">Take a filter away, or clear them all.</Empty>;
}

export function NoJobs() {
  const mayAdminister = useMay('admin');
  return (
    <Empty
      title="There are no jobs yet"
      action={
        mayAdminister && (
          <ButtonLink to="/editor" look="primary" icon="plus">
            Write the first job
          </ButtonLink>
        )
      }
    >
      A job says what to run, when, and under which rules. Write one here, or apply a manifest:
      <pre className="mt-3 rounded-md bg-sunken p-3 text-left font-mono text-xs text-ink">
        {'name: hello\ncommand: date\nschedule: {every: 1m}'}
      </pre>
      <pre className="mt-2 rounded-md bg-sunken p-3 text-left font-mono text-xs text-ink">jobctl apply -f hello.yaml</pre>
    </Empty>
  );
}
