// Runs a job for the fires of a past range: first they are counted, then started, then watched.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useRef, useState} from 'react';
import {api, ask, type Schemas} from '@/api/client';
import type {Job} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {Loading} from '@/components/page';
import {useMyZone} from '@/components/time';
import {toastError} from '@/components/toasts';
import {useLiveEvents} from '@/live/live';
import {operationQuery} from '../jobs/queries';
import {instantOf} from './local-instant';

const OVERLAPS: Record<Schemas['Overlap'], string> = {
  buffer_all: 'one after the other',
  allow: 'all at once',
  skip: 'skip while one runs',
  buffer_one: 'keep one waiting, skip the rest',
  cancel_other: 'stop the one that runs',
  terminate_other: 'kill the one that runs',
};
const RANGE_ERROR = 'Give a beginning and an end that comes after it.';

export function BackfillDialog({job, onClose}: {job: Job; onClose: () => void}) {
  const [operation, setOperation] = useState<string>();
  if (operation) return <BackfillProgress job={job.name ?? ''} operation={operation} onClose={onClose} />;
  return <BackfillForm job={job} onStarted={setOperation} onClose={onClose} />;
}

interface FormProps {
  job: Job;
  onStarted: (operation: string) => void;
  onClose: () => void;
}

function BackfillForm({job, onStarted, onClose}: FormProps) {
  const name = job.name ?? '';
  const zone = useMyZone();
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [overlap, setOverlap] = useState<Schemas['Overlap']>('buffer_all');
  const [schedule, setSchedule] = useState('');
  const range = {from: instantOf(from, zone), until: instantOf(until, zone)};
  const isRange = range.from !== undefined && range.until !== undefined && range.from < range.until;
  const body = {
    kind: 'backfill' as const,
    backfill: {job: name, from: range.from ?? '', until: range.until ?? '', overlap, ...(schedule ? {schedule} : {})},
  };
  const count = useQuery({
    queryKey: ['backfill-count', body],
    queryFn: ({signal}) =>
      ask(api.POST('/api/v1/operations', {signal, params: {query: {dry_run: true}}, body})) as Promise<Schemas['OperationPreview']>,
    enabled: isRange,
    retry: false,
  });
  const start = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/operations', {body})) as Promise<Schemas['Operation']>,
    onSuccess: (made) => onStarted(made.id ?? ''),
  });
  const fires = isRange ? count.data?.runs : undefined;
  const words = fires === undefined ? '' : `${count.data?.complete === false ? 'at least ' : ''}${fires} ${fires === 1 ? 'run' : 'runs'}`;
  return (
    <Dialog
      title={`Backfill ${name}`} onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Do not backfill</Button>
          <Button look="primary" icon="play" disabled={!fires} busy={start.isPending} onClick={() => start.mutate()}>
            {fires ? `Start ${words}` : 'Start'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-sm">Starts a run for each fire of a past range, as if it had come due now.</p>
        <TextField
          label={`From (${zone})`} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          label={`Until (${zone}), itself not included`} type="datetime-local" value={until}
          onChange={(event) => setUntil(event.target.value)}
          {...(from && until && !isRange ? {error: RANGE_ERROR} : {})}
        />
        {(job.schedules?.length ?? 0) > 1 && (
          <Select label="Fires of" value={schedule} onChange={(event) => setSchedule(event.target.value)}>
            <option value="">every schedule</option>
            {job.schedules?.map((each) => (
              <option key={each.id} value={each.id}>
                {each.words}
              </option>
            ))}
          </Select>
        )}
        <Select
          label="How they run" value={overlap} onChange={(event) => setOverlap(event.target.value as Schemas['Overlap'])}
        >
          {Object.entries(OVERLAPS).map(([value, meaning]) => (
            <option key={value} value={value}>
              {meaning}
            </option>
          ))}
        </Select>
        <p role="status" className="text-sm font-medium">
          {!isRange && <span className="font-normal text-dim">Give a range, and its fires are counted first.</span>}
          {isRange && count.isFetching && 'Counting the fires…'}
          {isRange && !count.isFetching && fires === 0 && 'No fire lies in this range.'}
          {isRange && !count.isFetching && Boolean(fires) && `${words} would start.`}
        </p>
        {isRange && count.error && <ErrorPanel error={count.error} what="Could not count the fires" />}
        {start.error && <ErrorPanel error={start.error} what="Could not start the backfill" />}
      </div>
    </Dialog>
  );
}

const READ_GAP_MS = 1_000;

/** Reads the operation again when a run of the job moved, at most once a second. */
function useOperation(job: string, operation: string) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const query = useQuery(operationQuery(operation));
  const readLater = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({queryKey: ['operation', operation]});
    }, READ_GAP_MS);
  };
  useLiveEvents(
    ['runs', 'events'],
    (events) => {
      if (events.some(({subject, data}) => subject === operation || data.job === job)) readLater();
    },
    readLater,
  );
  return query;
}

function BackfillProgress({job, operation, onClose}: {job: string; operation: string; onClose: () => void}) {
  const query = useOperation(job, operation);
  const cancel = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/operations/{operation}/cancel', {params: {path: {operation}}})),
    onSuccess: () => void query.refetch(),
    onError: toastError('Could not stop the backfill'),
  });
  const {state, done = 0, total = 0, skipped = 0, detail} = query.data ?? {};
  return (
    <Dialog
      title={`Backfill of ${job}`} onClose={onClose}
      footer={
        <>
          {state === 'running' && (
            <Button look="danger" icon="stop" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              Stop it
            </Button>
          )}
          <Button look="primary" onClick={onClose}>
            {state === 'running' ? 'Leave it running' : 'Close'}
          </Button>
        </>
      }
    >
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && (
        <div className="flex flex-col gap-3 text-sm" role="status">
          <progress aria-label="Fires dealt with" max={Math.max(1, total)} value={done} className="h-2 w-full accent-accent" />
          <p>
            {done} of {total} fires started{skipped > 0 && `, ${skipped} needed nothing`}: the backfill is {state}.
          </p>
          {detail && <p className="text-dim">{detail}</p>}
          <Link to="/runs" search={{operation}} className="link">
            See its runs
          </Link>
        </div>
      )}
    </Dialog>
  );
}
