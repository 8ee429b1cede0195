import {useQuery} from '@tanstack/react-query';
import type {Run} from '@/api/queries';
import {Icon} from '@/components/icons';
import {Panel} from '@/components/page';
import {isFinal, type Tone} from '@/components/state';
import {Elapsed, Time} from '@/components/time';
import {Sentence} from '../why/sentence';
import {runEventsQuery, runWhyQuery} from './queries';
import {gapWords, stepsOf} from './timeline';

const COLOURS: Record<Tone, string> = {
  good: 'text-good', bad: 'text-bad', busy: 'text-busy', warn: 'text-warn', hold: 'text-hold', dim: 'text-dim', accent: 'text-accent',
};

export function Timeline({run}: {run: Run}) {
  const events = useQuery(runEventsQuery(run.id));
  const why = useQuery(runWhyQuery(run.id));
  const steps = stepsOf(run, events.data?.items ?? []);
  const last = steps.at(-1);
  const reason = (why.data?.lines?.[0] ?? run.reason ?? '').replace(`${run.id}: `, '');
  return (
    <Panel title="Timeline">
      <ol className="flex flex-col text-sm">
        {steps.map((step, at) => (
          <li key={`${step.at} ${step.what}`} className="flex gap-2.5 pb-2.5">
            <Icon name={step.icon} className={`mt-0.5 ${COLOURS[step.tone]}`} />
            <div className="min-w-0 grow">
              <div className="flex flex-wrap justify-between gap-x-3">
                <span className="font-medium">{step.what}</span>
                <span className="text-dim">
                  <Time at={step.at} show="absolute" /> <span className="tabular">{gapWords(steps[at - 1], step)}</span>
                </span>
              </div>
              {step.why && <p className="break-words text-dim"><Sentence text={step.why} /></p>}
            </div>
          </li>
        ))}
        {!isFinal(run.state) && run.state !== 'scheduled' && (
          <li className="flex gap-2.5">
            <Icon name="hourglass" className="mt-0.5 text-busy" />
            <div className="min-w-0 grow">
              <span className="font-medium">
                {run.state === 'running' ? 'Running' : 'Waiting'} for <Elapsed from={last?.at} />
              </span>
              {run.state !== 'running' && <p className="break-words text-dim"><Sentence text={reason} /></p>}
            </div>
          </li>
        )}
      </ol>
    </Panel>
  );
}
