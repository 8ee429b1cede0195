// A calendar: what it leaves out, what it does to a schedule, its rules.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate, useParams} from '@tanstack/react-router';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {confirm} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Facts, Loading, Page, Panel} from '@/components/page';
import {toast} from '@/components/toasts';
import {useLive} from '@/live/live';
import {ImportDialog} from './import';
import {calendarQuery, type CalendarSpec} from './queries';
import {RulesDialog} from './rules';
import {Skips} from './skips';
import {spanWords} from './year';
import {YearView} from './year-view';

const MOST_LISTED = 40;

export default function CalendarPage() {
  useLive('events');
  const {calendar} = useParams({from: '/calendars/$calendar'});
  const query = useQuery(calendarQuery(calendar));
  const [asking, setAsking] = useState<'rules' | 'import'>();
  const mayChange = useMay('admin');
  const remove = useRemove(calendar);
  const close = () => setAsking(undefined);
  const spec = query.data;
  return (
    <Page
      title={calendar} about={spec?.description || 'A named set of local times, for schedules to keep out of or to.'}
      actions={
        mayChange && spec && (
          <>
            <Button icon="pencil" onClick={() => setAsking('rules')}>Edit rules</Button>
            <Button icon="download" onClick={() => setAsking('import')}>Import a file</Button>
            <Button look="danger" icon="trash" busy={remove.isPending} onClick={() => void remove.ask()}>Delete</Button>
          </>
        )
      }
    >
      {remove.error && <ErrorPanel error={remove.error} what="The calendar is not deleted" />}
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {spec && (
        <>
          <YearView calendar={calendar} />
          <div className="grid gap-3 lg:grid-cols-2">
            <Skips key={spec.timezone} calendar={calendar} zone={spec.timezone ?? ''} />
            <Panel title="Rules">
              <Rules spec={spec} />
            </Panel>
          </div>
        </>
      )}
      {spec && asking === 'rules' && <RulesDialog spec={spec} onClose={close} onSaved={close} />}
      {asking === 'import' && <ImportDialog calendar={calendar} onClose={close} onSaved={close} />}
    </Page>
  );
}

/** Deletes after a question; the server refuses while schedules name it, and says which. */
function useRemove(calendar: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/calendars/{calendar}', {params: {path: {calendar}}})),
    onSuccess: () => {
      toast({title: `Deleted ${calendar}`});
      void navigate({to: '/calendars'});
    },
    onSettled: () => client.invalidateQueries({queryKey: ['calendars']}),
  });
  const text = 'Only a calendar that no schedule names can be deleted; if one does, you are told which.';
  const question = {title: `Delete the calendar ${calendar}?`, text, action: 'Delete the calendar', isDestructive: true};
  return {
    error: mutation.error,
    isPending: mutation.isPending,
    ask: async () => {
      if (await confirm(question)) mutation.mutate();
    },
  };
}

function Rules({spec}: {spec: CalendarSpec}) {
  const spans = spec.spans ?? [];
  const weekly = spec.weekly ?? [];
  return (
    <div className="flex flex-col gap-3">
      <Facts
        rows={[
          ['Fires within it', spec.mode === 'only' ? 'alone are kept' : 'are left out'],
          ['Time zone', spec.timezone || 'that of each schedule'],
        ]}
      />
      {weekly.length > 0 && (
        <ul className="text-sm">
          {weekly.map((window, at) => (
            <li key={at}>
              {window.weekdays?.length ? window.weekdays.join(', ') : 'every day'}{' '}
              {window.times?.length ? window.times.join(', ') : 'all day'}
              {window.note && <span className="text-dim"> {window.note}</span>}
            </li>
          ))}
        </ul>
      )}
      <ul className="text-sm">
        {spans.slice(0, MOST_LISTED).map((span) => (
          <li key={`${span.from} ${span.to}`} className="break-words">
            <span className="tabular">{spanWords(span)}</span> <span className="text-dim">{span.note}</span>
          </li>
        ))}
        {spans.length > MOST_LISTED && <li className="text-dim">and {spans.length - MOST_LISTED} more</li>}
        {spans.length + weekly.length === 0 && <li className="text-dim">It has no days and no times yet.</li>}
      </ul>
    </div>
  );
}
