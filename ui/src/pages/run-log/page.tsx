// The log of a run on a page of its own.
import {Link, useLocation, useNavigate, useParams, useSearch} from '@tanstack/react-router';
import {ALL_ATTEMPTS} from '@/log/joined-source';
import {RunLog} from '@/log/run-log';
import {Page} from '@/components/page';

export default function RunLogPage() {
  const {run} = useParams({from: '/runs/$run/log'});
  const {attempt} = useSearch({from: '/runs/$run/log'});
  const {hash} = useLocation();
  const navigate = useNavigate({from: '/runs/$run/log'});
  const number = attempt === 'all' ? ALL_ATTEMPTS : Number(attempt);
  return (
    <Page title="Log" fill about={<Link className="link font-mono break-all" to="/runs/$run" params={{run}}>{run}</Link>}>
      <div className="min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-panel">
        <RunLog
          run={run} attempt={number >= 1 ? number : undefined} hash={hash}
          onAttempt={(next) => void navigate({search: {attempt: next === ALL_ATTEMPTS ? 'all' : String(next)}, hash: ''})}
          onHash={(next) => void navigate({search: (now) => now, hash: next, replace: true, hashScrollIntoView: false, resetScroll: false})}
        />
      </div>
    </Page>
  );
}
