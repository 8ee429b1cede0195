// When the job fires next, as the server says: in its zone and in mine, and what the clock does to it.
import {useQuery} from '@tanstack/react-query';
import {nextFiresQuery, specOf, type Job} from '@/api/queries';
import {ErrorPanel} from '@/components/error-panel';
import {Icon} from '@/components/icons';
import {Loading, Panel} from '@/components/page';
import {Countdown, Time, useMyZone} from '@/components/time';
import type {Schemas} from '@/api/client';
import {previewQuery} from '../jobs/queries';

const FIRES = 8;

export function NextFires({job}: {job: Job}) {
  const name = job.name ?? '';
  const next = useQuery(nextFiresQuery(name, FIRES));
  const schedule = specOf(job).schedule as unknown;
  const preview = useQuery({...previewQuery(schedule, name, 1), enabled: schedule !== undefined});
  const zones = [...new Set(job.schedules?.map((each) => each.timezone ?? 'UTC'))];
  if (!job.schedules?.length) {
    return (
      <Panel title="Next fires">
        <p className="text-sm text-dim">It has no schedule: it runs when somebody asks for it.</p>
      </Panel>
    );
  }
  return (
    <Panel title="Next fires">
      <ul className="mb-2 text-sm">
        {job.schedules.map((each) => (
          <li key={each.id}>{each.words}</li>
        ))}
      </ul>
      {job.paused && <p className="mb-2 text-sm text-hold">Paused: none of these starts a run until it resumes.</p>}
      {next.error && <ErrorPanel error={next.error} onRetry={() => void next.refetch()} />}
      {next.isPending && <Loading />}
      {next.data && <FireTable fires={next.data.items ?? []} zone={zones.length === 1 ? zones[0]! : undefined} />}
      <ClockChanges lines={preview.data?.items?.flatMap((item) => item.clock_changes ?? []) ?? []} />
    </Panel>
  );
}

/** Fires in the zone of their schedule and in mine. `zone` is undefined where there are several. */
export function FireTable({fires, zone}: {fires: readonly Schemas['Fire'][]; zone: string | undefined}) {
  const mine = useMyZone();
  const isMine = zone === mine;
  if (fires.length === 0) return <p className="text-sm text-dim">It never fires again.</p>;
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-left text-xs text-dim">
          <th className="pb-1 font-medium">{zone ?? 'Its zone'}</th>
          {!isMine && <th className="pb-1 font-medium">{mine}</th>}
          <th className="pb-1 text-right font-medium">In</th>
        </tr>
      </thead>
      <tbody>
        {fires.map((fire, at) => (
          <tr key={`${fire.at}${fire.schedule}${at}`} title={fire.schedule}>
            <td className="tabular py-0.5 pr-2">{localWords(fire.local)}</td>
            {!isMine && (
              <td className="py-0.5 pr-2 text-dim">
                <Time at={fire.at} show="absolute" />
              </td>
            )}
            <td className="py-0.5 text-right text-dim">{fire.at && <Countdown at={fire.at} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "2026-11-23 02:30:00 +01:00" of what the server wrote. */
function localWords(local: string | undefined): string {
  return (local ?? '').replace('T', ' ').replace(/(?<=:\d\d)([+-]\d\d:\d\d)$/, ' $1');
}

export function ClockChanges({lines}: {lines: readonly string[]}) {
  if (lines.length === 0) return null;
  return (
    <ul aria-label="Next clock changes" className="mt-2 flex flex-col gap-1 border-t border-line pt-2 text-xs text-dim">
      {lines.map((line) => (
        <li key={line} className="flex gap-1.5">
          <Icon name="clock" className="size-3.5" />
          {line}
        </li>
      ))}
    </ul>
  );
}
