// Events: facts that never change, as they come.
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {useShortcuts} from '@/app/keys';
import type {CloudEvent} from '@/api/queries';
import {Button} from '@/components/button';
import {SearchBox, TextField, useTyped} from '@/components/field';
import {Empty, Page} from '@/components/page';
import {Badge, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {EventDialog, SubjectLink} from './event-dialog';
import {gist, MOST_EVENTS} from './tail';
import {useTail} from './use-tail';

const TONES: Record<string, Tone> = {
  failed: 'bad', timed_out: 'bad', lost: 'bad', silent: 'bad', late: 'warn', missed: 'warn', retrying: 'warn',
  predicted_late: 'warn', succeeded: 'good', verified: 'good', started: 'busy', paused: 'hold',
};

function TypeBadge({type}: {type: string}) {
  return <Badge tone={TONES[type.split('.').at(-1) ?? ''] ?? 'dim'}>{type}</Badge>;
}

const COLUMNS: Column<CloudEvent>[] = [
  {name: 'Position', width: '90px', align: 'right', wideOnly: true, cell: (event) => event.id},
  {name: 'Type', width: '176px', cell: (event) => <TypeBadge type={event.type ?? ''} />},
  {name: 'Subject', width: 'minmax(0,2fr)', cell: (event) => <SubjectLink event={event} />},
  {name: 'When', width: '92px', cell: (event) => <Time at={event.time} />},
  {
    name: 'What it says', width: 'minmax(0,3fr)', wideOnly: true,
    cell: (event) => <span className="text-dim">{gist(event)}</span>,
  },
];

export default function EventsPage() {
  const search = useSearch({from: '/events'});
  const navigate = useNavigate({from: '/events'});
  const filter = {...(search.type ? {type: search.type} : {}), ...(search.subject ? {subject: search.subject} : {})};
  const {query, events, isHeld, hold, heldCount, reachBack} = useTail(filter);
  const [opened, setOpened] = useState<CloudEvent>();
  const change = (changed: Partial<typeof search>) =>
    void navigate({search: (now) => ({...now, ...changed}), replace: true});
  const [subject, typeSubject] = useTyped(search.subject ?? '', (text) => change({subject: text}));
  useShortcuts([{keys: 'h', does: 'Hold the events, or go on', group: 'This page', run: () => hold(!isHeld)}]);
  const isFiltered = search.type !== undefined || search.subject !== undefined;
  return (
    <Page
      title="Events" fill about="What happened, the latest first, as it happens."
      actions={
        <Button icon={isHeld ? 'play' : 'pause'} onClick={() => hold(!isHeld)}>
          {isHeld ? `Go on${heldCount ? ` (${heldCount} new)` : ''}` : 'Hold'}
        </Button>
      }
    >
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox
          label="Type, such as run or run.failed" value={search.type ?? ''} onText={(type) => change({type})}
        />
        <div className="w-full sm:w-72 [&_label]:sr-only [&>div]:gap-0">
          <TextField
            label="Subject" placeholder="Subject: an id or name" value={subject}
            onChange={(event) => typeSubject(event.target.value)}
          />
        </div>
        {isFiltered && (
          <Button look="quiet" icon="cross" onClick={() => void navigate({search: {}})}>
            Clear
          </Button>
        )}
        <span className="text-xs text-dim" role="status">
          {events.length >= MOST_EVENTS ? `the last ${MOST_EVENTS}` : `${events.length} shown`}
        </span>
      </div>
      <DataTable
        label="Events" columns={COLUMNS} rows={events} rowKey={(event) => event.id ?? ''} onOpen={setOpened}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={
          <Empty
            title={isFiltered ? 'No recent event is like this' : 'Nothing has happened yet'}
            action={reachBack && <Button onClick={reachBack}>Look further back</Button>}
          >
            A type is whole, such as <code className="font-mono">run.failed</code>, or its beginning. Follow
            them in a terminal with <code className="font-mono">jobctl event watch</code>
          </Empty>
        }
      />
      {events.length > 0 && reachBack && (
        <div>
          <Button look="quiet" icon="clock" busy={query.isFetching} onClick={reachBack}>
            Show earlier ones
          </Button>
        </div>
      )}
      {opened && <EventDialog event={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}
