// The last lines of the log as plain text.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {api, ask} from '@/api/client';
import {ErrorPanel} from '@/components/error-panel';
import {useLiveEvents} from '@/live/live';

const LINES = 200;

export default function PlainLog({run}: {run: string}) {
  const client = useQueryClient();
  const queryKey = ['run', run, 'log'];
  const query = useQuery({
    queryKey,
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/runs/{run}/log/lines', {signal, params: {path: {run}, query: {last: LINES}}})),
  });
  useLiveEvents([`log:${run}`], (events) => {
    if (events.some((event) => event.subject === run)) void client.invalidateQueries({queryKey});
  });
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const lines = query.data?.items ?? [];
  if (lines.length === 0) return <p className="text-sm text-dim">It has written nothing{query.data?.complete ? '' : ' yet'}.</p>;
  return (
    <pre tabIndex={0} aria-label="The last lines of the log" className="max-h-[36rem] overflow-auto font-mono text-xs whitespace-pre-wrap">
      {lines.map((line) => `${line.text}\n`).join('')}
    </pre>
  );
}
