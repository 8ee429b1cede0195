// Runs that ended in each minute of the last hour, as stacked bars.
import {useMyZone} from '@/components/time';
import {zonedParts} from '@/components/time-words';
import type {Minute, Totals} from './use-overview';

const HEIGHT = 72;
const STEP = 10;
const WIDTH = 8;

function words({succeeded, failed, other}: Totals): string {
  return `${succeeded} succeeded, ${failed} failed, ${other} ended otherwise`;
}

export function MinuteBars({minutes, totals}: {minutes: readonly Minute[]; totals: Totals}) {
  const highest = Math.max(1, ...minutes.map((minute) => minute.succeeded + minute.failed + minute.other));
  const zone = useMyZone();
  const clock = (at: number) => zonedParts(at, zone).time.slice(0, 5);
  const size = (count: number) => (count * HEIGHT) / highest;
  return (
    <figure className="flex flex-col gap-2">
      <svg
        role="img" aria-label={`Runs that ended in the last hour: ${words(totals)}.`}
        viewBox={`0 0 ${minutes.length * STEP} ${HEIGHT}`} preserveAspectRatio="none" className="h-20 w-full"
      >
        {minutes.map((minute, index) => {
          const parts: [number, string][] = [
            [minute.failed, 'fill-bad'],
            [minute.other, 'fill-hold'],
            [minute.succeeded, 'fill-good'],
          ];
          let top = HEIGHT;
          return (
            <g key={minute.at}>
              <title>{`${clock(minute.at)}: ${words(minute)}`}</title>
              <rect x={index * STEP} width={STEP} height={HEIGHT} className="fill-transparent" />
              {parts.map(([count, colour]) => {
                top -= size(count);
                return <rect key={colour} x={index * STEP + 1} y={top} width={WIDTH} height={size(count)} className={colour} />;
              })}
            </g>
          );
        })}
        <rect y={HEIGHT - 1} width={minutes.length * STEP} height={1} className="fill-line" />
      </svg>
      <figcaption className="flex justify-between text-xs text-dim">
        <span>{minutes[0] ? clock(minutes[0].at) : ''}</span>
        <span className="tabular">most in a minute: {highest}</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}
