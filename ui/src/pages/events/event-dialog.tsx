// An event as it is: a CloudEvent, whole, with a way to what it is about.
import {Link} from '@tanstack/react-router';
import type {CloudEvent} from '@/api/queries';
import {CopyButton} from '@/components/copy';
import {Dialog} from '@/components/dialog';
import {Facts} from '@/components/page';
import {Time} from '@/components/time';
import {kindOf} from './tail';

export function SubjectLink({event}: {event: CloudEvent}) {
  const subject = event.subject ?? '';
  const words = <span className="font-mono text-xs">{subject}</span>;
  const {job, node} = (event.data ?? {}) as {job?: string; node?: string};
  switch (kindOf(event)) {
    case 'run':
      return (
        <Link to="/runs/$run" params={{run: subject}} className="link">
          {job && <span className="md:hidden">{job}</span>}
          <span className={job ? 'max-md:hidden' : ''}>{words}</span>
        </Link>
      );
    case 'job':
      return <Link to="/jobs/$job" params={{job: subject}} className="link">{words}</Link>;
    case 'queue':
      return <Link to="/queues" search={{queue: subject}} className="link">{words}</Link>;
    case 'calendar':
      return <Link to="/calendars/$calendar" params={{calendar: subject}} className="link">{words}</Link>;
    case 'operation':
      return <Link to="/runs" search={{operation: subject}} className="link">{words}</Link>;
    case 'worker':
      return typeof node === 'string' ? (
        <Link to="/nodes" search={{node}} className="link">{words}</Link>
      ) : (
        <Link to="/workers" className="link">{words}</Link>
      );
    default:
      return words;
  }
}

export function EventDialog({event, onClose}: {event: CloudEvent; onClose: () => void}) {
  const text = JSON.stringify(event, null, 2);
  return (
    <Dialog title={`${event.type} · ${event.id}`} onClose={onClose} wide>
      <div className="flex flex-col gap-3">
        <Facts
          rows={[
            ['Subject', <SubjectLink key="subject" event={event} />],
            ['When', <Time key="when" at={event.time} show="full" />],
          ]}
        />
        <div className="relative">
          <pre tabIndex={0} aria-label="The event as JSON" className="overflow-auto rounded-md bg-sunken p-3 font-mono text-xs">
            {text}
          </pre>
          <div className="absolute top-1 right-1">
            <CopyButton text={text} label="Copy the event" />
          </div>
        </div>
      </div>
    </Dialog>
  );
}
