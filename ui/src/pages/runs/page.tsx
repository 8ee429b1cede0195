// Every run, the latest first; which of them is said by a query in the address.
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useEffect, useState} from 'react';
import {Button} from '@/components/button';
import {Empty, Page} from '@/components/page';
import {DataTable} from '@/components/table';
import {BulkBar, BulkMenu} from './bulk-bar';
import {RUN_COLUMNS} from './columns';
import {mistakesOf, QueryBox} from './query-box';
import {hasTerms, queryOf, withoutTerms, withTerms} from './run-query';
import {useLiveRuns} from './use-live-runs';
import {ViewsMenu} from './views-menu';

const QUICK: {label: string; terms: string[]}[] = [
  {label: 'Failed', terms: ['state:failed,timed_out']},
  {label: 'Running', terms: ['state:running']},
  {label: 'Waiting', terms: ['state:queued,waiting']},
  {label: 'Came due', terms: ['-state:scheduled']},
  {label: 'By hand', terms: ['trigger:manual,api']},
  {label: 'Last 24 h', terms: ['since:24h']},
];

export default function RunsPage() {
  const search = useSearch({from: '/runs'});
  const navigate = useNavigate({from: '/runs'});
  const query = queryOf(search);
  const runs = useLiveRuns(query);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [operation, setOperation] = useState<string>();
  useEffect(() => setSelected(new Set()), [query]);
  const change = (q: string) => void navigate({search: q ? {q} : {}, replace: true});
  const isMistaken = mistakesOf(runs.props.error).length > 0;
  return (
    <Page
      title="Runs" fill
      actions={
        <>
          {runs.rows.length > 0 && <BulkMenu query={query} onStarted={setOperation} />}
          <ViewsMenu query={query} onChoose={change} />
        </>
      }
    >
      <div className="flex flex-wrap items-start gap-2">
        <QueryBox query={query} onChange={change} error={runs.props.error} />
        <QuickFilters query={query} onChange={change} />
      </div>
      <BulkBar
        selected={selected} onClear={() => setSelected(new Set())} operation={operation}
        onHide={() => setOperation(undefined)}
      />
      <DataTable
        key={query} label="Runs" columns={RUN_COLUMNS} rows={runs.rows} rowKey={(run) => run.id}
        onOpen={(run) => void navigate({to: '/runs/$run', params: {run: run.id}})}
        {...runs.props} error={isMistaken ? undefined : runs.props.error}
        selection={{keys: selected, change: setSelected}} onScrolledAway={runs.setAway} waiting={runs.waiting}
        empty={<NoRuns query={query} isMistaken={isMistaken} onClear={() => change('')} />}
      />
    </Page>
  );
}

function QuickFilters({query, onChange}: {query: string; onChange: (query: string) => void}) {
  return (
    <div role="group" aria-label="Quick filters" className="flex flex-wrap gap-1">
      {QUICK.map(({label, terms}) => {
        const isOn = hasTerms(query, terms);
        return (
          <Button
            key={label} aria-pressed={isOn} look={isOn ? 'primary' : 'plain'} icon={isOn ? 'check' : undefined}
            onClick={() => onChange(isOn ? withoutTerms(query, terms) : withTerms(query, terms))}
          >
            {label}
          </Button>
        );
      })}
      {query && (
        <Button look="quiet" icon="cross" onClick={() => onChange('')}>
          Clear
        </Button>
      )}
    </div>
  );
}

function NoRuns({query, isMistaken, onClear}: {query: string; isMistaken: boolean; onClear: () => void}) {
  if (isMistaken) return <Empty title="The query cannot be read">Correct what is marked in it.</Empty>;
  if (query) {
    return (
      <Empty title="No run is like this" action={<Button onClick={onClear}>Show every run</Button>}>
        Nothing matches <code className="font-mono break-all">{query}</code>. Take a term away, or look further back.
      </Empty>
    );
  }
  return (
    <Empty title="Nothing has run yet">
      A run comes from the schedule of a job, or when somebody asks for one:
      <code className="font-mono"> jobctl run JOB</code>
    </Empty>
  );
}
