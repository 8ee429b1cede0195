// The schedule of all jobs: what fires next, how much comes together, and what became of the past.
import {useNavigate, useSearch} from '@tanstack/react-router';
import {oneOf} from '@/app/search';
import {Page} from '@/components/page';
import {useMyZone} from '@/components/time';
import {ViewSwitch} from '@/components/view-switch';
import {useLive} from '@/live/live';
import {Agenda} from './agenda';
import {FiresAt} from './fires-at';
import {Ledger} from './ledger';
import {Load} from './load';

const VIEWS = [
  ['agenda', 'Agenda'], ['load', 'Load by hour'], ['at', 'What fires at…'], ['ledger', 'Ledger'],
] as const;

export default function SchedulePage() {
  useLive('jobs', 'runs');
  const search = useSearch({from: '/schedule'});
  const navigate = useNavigate({from: '/schedule'});
  const zone = useMyZone();
  const view = oneOf(VIEWS.map(([name]) => name), search.view) ?? (search.ending ? 'ledger' : 'agenda');
  return (
    <Page title="Schedule" fill about="Every fire of every schedule: what comes, and what became of it.">
      <ViewSwitch
        label="View of the schedule" views={VIEWS} current={view}
        onChange={(next) => void navigate({search: {view: next}})}
      />
      {view === 'agenda' && <Agenda zone={zone} />}
      {view === 'load' && <Load zone={zone} />}
      {view === 'at' && <FiresAt zone={zone} />}
      {view === 'ledger' && <Ledger />}
    </Page>
  );
}
