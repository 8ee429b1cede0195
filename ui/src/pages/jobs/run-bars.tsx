// The last runs of a job as bars: the height is the duration, colour and shape are the ending. One stop
// of the Tab key; the arrows go from bar to bar, Enter opens the run.
import {useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import type {RunState} from '@/api/queries';
import {useNow} from '@/components/time';
import {type Bar, barWords, heightsOf} from './bars';

// Good is a whole bar, failed is cut in two, timed out has a lid, the rest is hollow.
const SHAPES: Record<RunState, string> = {
  succeeded: 'bg-good',
  failed: 'bg-bad bar-cut',
  timed_out: 'bg-bad border-t-4 border-warn',
  cancelled: 'border-2 border-dim',
  skipped: 'border-2 border-dim border-dotted',
  running: 'bg-busy opacity-70',
  waiting: 'border-2 border-hold',
  queued: 'border-2 border-warn border-dashed',
  scheduled: 'border-2 border-dim border-dashed',
};

export function RunBars({job, bars, height = 24}: {job: string; bars: Bar[]; height?: number}) {
  const navigate = useNavigate();
  const now = useNow(60_000);
  const [chosen, setChosen] = useState<string>();
  if (bars.length === 0) return <span className="text-dim">no runs</span>;
  const heights = heightsOf(bars);
  const stop = Math.max(0, bars.findIndex((bar) => bar.id === (chosen ?? bars.at(-1)?.id)));
  const move = (event: React.KeyboardEvent<HTMLElement>) => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    const next = step === undefined ? undefined : bars[stop + step];
    if (!next) return;
    event.preventDefault();
    setChosen(next.id);
    event.currentTarget.querySelectorAll('a')[stop + step!]?.focus();
  };
  return (
    <span
      role="group" aria-label={`Last ${bars.length} runs of ${job}, oldest first`} onKeyDown={move}
      style={{height}} className="inline-flex items-end align-middle"
    >
      {bars.map((bar, at) => (
        <a
          key={bar.id} href={`/runs/${bar.id}`} title={barWords(bar, now)} aria-label={barWords(bar, now)}
          tabIndex={at === stop ? 0 : -1} onFocus={() => setChosen(bar.id)}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            void navigate({to: '/runs/$run', params: {run: bar.id}});
          }}
          className="group flex h-full items-end px-px"
        >
          <span
            style={{height: `${Math.round(heights[at]! * 100)}%`}}
            className={`block w-1.5 rounded-xs group-hover:opacity-70 ${SHAPES[bar.state]}`}
          />
        </a>
      ))}
    </span>
  );
}
