// What a calendar does to a schedule: its next fires, those that are left out struck through.
import {useQuery} from '@tanstack/react-query';
import {useDeferredValue, useState} from 'react';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';
import {Panel} from '@/components/page';
import {LOCAL_ZONE} from '@/components/time-words';
import {isZone, ZoneField} from '@/components/zone-field';
import {previewQuery} from './queries';

interface Shown {
  at: string;
  local: string;
  isLeftOut: boolean;
}

/** Fires of the schedule alone, each with whether the calendar lets it through. */
export function withSkips(alone: readonly {at?: string; local?: string}[], through: readonly {at?: string}[]): Shown[] {
  const kept = new Set(through.map((fire) => fire.at));
  return alone.map((fire) => ({at: fire.at ?? '', local: fire.local ?? '', isLeftOut: !kept.has(fire.at)}));
}

export function Skips({calendar, zone}: {calendar: string; zone: string}) {
  const [cron, setCron] = useState('0 9 * * *');
  const [typedZone, setZone] = useState(zone || LOCAL_ZONE);
  const asked = useDeferredValue(cron.trim());
  const isReady = asked !== '' && isZone(typedZone);
  const alone = useQuery({...previewQuery(asked, typedZone), enabled: isReady});
  const through = useQuery({...previewQuery(asked, typedZone, calendar), enabled: isReady});
  const fires = withSkips(alone.data?.fires ?? [], through.data?.fires ?? []);
  const error = alone.error ?? through.error;
  return (
    <Panel title="Try it on a schedule">
      <div className="flex flex-col gap-3 text-sm">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Cron expression" value={cron} className="font-mono" autoComplete="off"
            onChange={(event) => setCron(event.target.value)} hint={alone.data?.words}
          />
          <ZoneField value={typedZone} onChange={setZone} />
        </div>
        {error && <ErrorPanel error={error} what="This is no schedule" />}
        {!error && fires.length > 0 && through.data && (
          <ol aria-label="Next fires" className="tabular columns-1 gap-6 sm:columns-2">
            {fires.map((fire) => (
              <li key={fire.at} className={fire.isLeftOut ? 'text-warn' : ''}>
                {fire.isLeftOut ? <del>{fire.local.slice(0, 16).replace('T', ' ')}</del> : fire.local.slice(0, 16).replace('T', ' ')}
                {fire.isLeftOut && ' left out'}
              </li>
            ))}
          </ol>
        )}
      </div>
    </Panel>
  );
}
