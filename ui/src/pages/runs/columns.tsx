// How runs are listed, on this page and on those of jobs and queues.
import {Link} from '@tanstack/react-router';
import type {RunSummary} from '@/api/queries';
import {plainWord, StateBadge} from '@/components/state';
import type {Column} from '@/components/table';
import {Elapsed, Time} from '@/components/time';

export const RUN_COLUMNS: Column<RunSummary>[] = [
  {name: 'State', width: '120px', cell: (run) => <StateBadge state={run.state} />},
  {
    name: 'Job', width: 'minmax(0,2fr)',
    cell: (run) => (
      <Link to="/runs/$run" params={{run: run.id}} className="link font-medium">
        {run.job}
      </Link>
    ),
  },
  {name: 'Due', width: 'minmax(96px,1fr)', cell: (run) => <Time at={run.due_at} />},
  {
    name: 'Took', width: '96px', align: 'right', wideOnly: true,
    cell: (run) => <Elapsed from={run.started_at} until={run.finished_at} />,
  },
  {name: 'Attempts', width: '84px', align: 'right', wideOnly: true, cell: (run) => run.attempt_count},
  {name: 'Trigger', width: '100px', wideOnly: true, cell: (run) => plainWord(run.trigger)},
  {name: 'Queue', width: 'minmax(0,1fr)', wideOnly: true, cell: (run) => run.queue},
  {
    name: 'Reason', width: 'minmax(0,2fr)', wideOnly: true,
    cell: (run) => <span className="text-dim">{run.reason}</span>,
  },
];
