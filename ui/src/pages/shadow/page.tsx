// What the jobs that shadow another scheduler would have run, beside what was really run.
import {infiniteQueryOptions, useInfiniteQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {api, ask, type Schemas} from '@/api/client';
import {rowsOf} from '@/api/queries';
import {Dialog} from '@/components/dialog';
import {SearchBox} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty, Facts, Page} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';

type Comparison = Schemas['ShadowComparison'];

const PAGE = 50;

const shadowQuery = (job: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['shadow', job ?? ''],
    queryFn: ({pageParam, signal}) => {
      const query = {limit: PAGE, ...(job ? {job} : {}), ...(pageParam ? {cursor: pageParam} : {})};
      return ask(api.GET('/api/v1/shadow/report', {signal, params: {query}}));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

const COLUMNS: Column<Comparison>[] = [
  {name: 'Job', width: 'minmax(0,2fr)', cell: (each) => <span className="font-medium">{each.job}</span>},
  {
    name: 'Agrees', width: '92px',
    cell: (each) =>
      each.agrees ? <Badge tone="good" icon="check">yes</Badge> : <Badge tone="bad" icon="cross">no</Badge>,
  },
  {name: 'Predicted', width: '84px', align: 'right', wideOnly: true, cell: (each) => each.predicted},
  {name: 'Real', width: '70px', align: 'right', wideOnly: true, cell: (each) => each.real},
  {name: 'Missing', width: '74px', align: 'right', cell: (each) => each.missing},
  {name: 'Extra', width: '66px', align: 'right', cell: (each) => each.extra},
  {name: 'Verdict', width: 'minmax(0,4fr)', wideOnly: true, cell: (each) => <span className="text-dim">{each.verdict}</span>},
];

export default function ShadowPage() {
  useLive('jobs');
  const search = useSearch({from: '/shadow'});
  const navigate = useNavigate({from: '/shadow'});
  const query = useInfiniteQuery(shadowQuery(search.job));
  const [opened, setOpened] = useState<Comparison>();
  return (
    <Page title="Shadow report" fill about="The last 7 days of jobs that only shadow another scheduler, beside what it really ran.">
      <SearchBox
        label="Job, by its whole name" value={search.job ?? ''}
        onText={(job) => void navigate({search: (now) => ({...now, job}), replace: true})}
      />
      <DataTable
        label="Shadows" columns={COLUMNS} rows={rowsOf(query.data)} rowKey={(each) => each.job ?? ''}
        onOpen={setOpened} {...listProps(query)}
        empty={
          <Empty title="No job shadows another scheduler">
            A shadow fires in the ledger only and runs nothing, so that one can see whether Mainspring would do
            what cron does before it takes over: <code className="font-mono">jobctl import crontab --shadow</code>
          </Empty>
        }
      />
      {opened && <ComparisonDialog comparison={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}

function ComparisonDialog({comparison, onClose}: {comparison: Comparison; onClose: () => void}) {
  return (
    <Dialog title={`Shadow ${comparison.job}`} onClose={onClose} wide>
      <div className="flex flex-col gap-4 text-sm">
        <p>{comparison.verdict}</p>
        <Facts
          rows={[
            ['Job', <Link key="job" to="/jobs/$job" params={{job: comparison.job ?? ''}} className="link">{comparison.job}</Link>],
            ['Schedules', comparison.schedules?.join('; ') || '–'],
            ['Compared', <><Time at={comparison.from} show="full" /> to <Time at={comparison.until} show="full" /></>],
            ['Matched', `${comparison.matched} of ${comparison.predicted} predicted; ${comparison.failed} real runs failed`],
            ['Apart', `${comparison.median_offset ?? '–'} in the middle, ${comparison.largest_offset ?? '–'} at most`],
          ]}
        />
        <Examples words="Predicted, and not run" examples={comparison.missing_examples ?? []} />
        <Examples words="Run, and not predicted" examples={comparison.extra_examples ?? []} />
      </div>
    </Dialog>
  );
}

function Examples({words, examples}: {words: string; examples: Schemas['ShadowExample'][]}) {
  if (examples.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{words}</h3>
      <ul className="tabular">
        {examples.map((each) => (
          <li key={each.at}>
            {each.local?.replace('T', ' ')} {(each.count ?? 1) > 1 && <span className="text-dim">and {(each.count ?? 1) - 1} after it</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
