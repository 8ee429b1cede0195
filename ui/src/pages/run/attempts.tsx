// Each attempt: how it ended, where it ran, what it took.
import {useQuery} from '@tanstack/react-query';
import type {Attempt, Run} from '@/api/queries';
import {Panel} from '@/components/page';
import {Badge} from '@/components/state';
import {Elapsed, Time} from '@/components/time';
import {definitionQuery} from './queries';
import {bytesWords, cpuWords, endingWords, spanWords} from './timeline';

const HEADS = ['', 'Ended by', 'Worker', 'Began', 'Wall', 'CPU', 'Memory'];

export function Attempts({run}: {run: Run}) {
  const memoryLimit = useQuery(definitionQuery(run.job, run.job_version)).data?.resources?.memory;
  const attempts = [...(run.attempts ?? [])].reverse();
  if (attempts.length === 0) return null;
  return (
    <Panel title={`Attempts (${attempts.length})`} flush>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Attempts">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-left text-xs text-dim">
              {HEADS.map((head) => (
                <th key={head} className="px-3 py-1.5 font-medium whitespace-nowrap">
                  {head || <span className="sr-only">Number</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
              <AttemptRow key={attempt.number} attempt={attempt} memoryLimit={memoryLimit} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function AttemptRow({attempt, memoryLimit}: {attempt: Attempt; memoryLimit: string | undefined}) {
  const {outcome} = attempt;
  const usage = outcome?.usage;
  const isGood = outcome?.status === 'success';
  return (
    <tr id={`attempt-${attempt.number}`} className="border-b border-line/60 last:border-0 target:bg-accent-soft">
      <td className="px-3 py-1.5">
        <a className="link" href={`#attempt-${attempt.number}`}>#{attempt.number}</a>
      </td>
      <td className="px-3 py-1.5 whitespace-nowrap">
        <Badge
          tone={outcome ? (isGood ? 'good' : outcome.status === 'cancelled' ? 'dim' : 'bad') : 'busy'}
          icon={outcome ? (isGood ? 'check' : 'cross') : 'play'}
        >
          {endingWords(outcome)}
        </Badge>
      </td>
      <td className="px-3 py-1.5">{attempt.worker ?? attempt.worker_id}</td>
      <td className="px-3 py-1.5"><Time at={attempt.started_at} show="absolute" /></td>
      <td className="px-3 py-1.5 whitespace-nowrap">
        {usage?.wall ? spanWords(usage.wall) : <Elapsed from={attempt.started_at} until={attempt.finished_at} />}
      </td>
      <td className="px-3 py-1.5 whitespace-nowrap">{cpuWords(usage)}</td>
      <td className="px-3 py-1.5 whitespace-nowrap">
        {usage?.max_rss_bytes ? bytesWords(usage.max_rss_bytes) : '–'}
        {memoryLimit && <span className="text-dim"> of {memoryLimit}</span>}
      </td>
    </tr>
  );
}
