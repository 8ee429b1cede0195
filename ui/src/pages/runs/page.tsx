// Every run, the latest first; the filters are in the address.
import {useInfiniteQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {rowsOf, runsQuery, type RunState} from '@/api/queries';
import {oneOf} from '@/app/search';
import {Button} from '@/components/button';
import {SearchBox, Select} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty, Page} from '@/components/page';
import {RUN_STATES} from '@/components/state';
import {DataTable} from '@/components/table';
import {useLive} from '@/live/live';
import {RUN_COLUMNS} from './columns';

const STATES = Object.keys(RUN_STATES) as RunState[];

export default function RunsPage() {
  useLive('runs');
  const search = useSearch({from: '/runs'});
  const navigate = useNavigate({from: '/runs'});
  const state = oneOf(STATES, search.state);
  const query = useInfiniteQuery(
    runsQuery({...(state ? {state} : {}), ...(search.job ? {job: search.job} : {})}),
  );
  const change = (changed: Partial<typeof search>) =>
    void navigate({search: (now) => ({...now, ...changed}), replace: true});
  const isFiltered = state !== undefined || search.job !== undefined;
  return (
    <Page title="Runs" fill about="What ran, runs and will run.">
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox label="Job" value={search.job ?? ''} onChange={(event) => change({job: event.target.value})} />
        <Select label="State" value={state ?? ''} onChange={(event) => change({state: event.target.value})}>
          <option value="">all</option>
          {STATES.map((each) => (
            <option key={each} value={each}>
              {RUN_STATES[each].words}
            </option>
          ))}
        </Select>
        {isFiltered && (
          <Button look="quiet" icon="cross" onClick={() => void navigate({search: {}})}>
            Clear
          </Button>
        )}
      </div>
      <DataTable
        label="Runs" columns={RUN_COLUMNS} rows={rowsOf(query.data)} rowKey={(run) => run.id}
        onOpen={(run) => void navigate({to: '/runs/$run', params: {run: run.id}})}
        {...listProps(query)}
        empty={
          isFiltered ? (
            <Empty title="No run is like this">Change the filters, or clear them.</Empty>
          ) : (
            <Empty title="Nothing has run yet">
              A run comes from the schedule of a job, or when somebody asks for one:
              <code className="font-mono"> jobctl run JOB</code>
            </Empty>
          )
        }
      />
    </Page>
  );
}
