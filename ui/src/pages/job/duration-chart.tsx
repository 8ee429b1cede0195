// How long the runs took: a dot for each, where it ended in time and how long it took; the band lies
// between p50 and p95. A click, or Enter on the dot that the arrows are at, opens the run.
import {useNavigate} from '@tanstack/react-router';
import {useEffect, useMemo, useRef, useState} from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type {Schemas} from '@/api/client';
import {plainWord, RUN_STATES} from '@/components/state';
import {useMyZone} from '@/components/time';
import {absoluteWords, durationWords, parseDuration, zonedParts} from '@/components/time-words';
import {chartColors, drawBand, drawDot, type Level, onThemeChange} from './chart-drawing';
import {type Dot, dotsOf, nearest, timeRange} from './duration-points';

const HEIGHT = 220;
const REACH_PX = 14;

interface Picture {
  dots: Dot[];
  levels: Level[];
  chosen: number | undefined;
}

function options(width: number, zone: string, picture: {current: Picture}): uPlot.Options {
  const axis = {stroke: () => chartColors().dim, grid: {stroke: () => chartColors().line, width: 1}};
  return {
    width, height: HEIGHT, legend: {show: false},
    cursor: {drag: {x: true, y: false}, points: {show: false}, y: false},
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone),
    scales: {
      x: {range: (_, min, max) => timeRange(min, max)},
      y: {range: (_, _min, max) => [0, Math.max(1, max * 1.15)]},
    },
    axes: [
      {...axis, space: 76, values: (_, marks, __, ___, step) => marks.map((mark) => clockWords(mark, step, zone))},
      {...axis, size: 72, values: (_, marks) => marks.map((mark) => durationWords(mark))},
    ],
    series: [{}, {paths: () => null, points: {show: false}}],
    hooks: {
      draw: [
        (plot) => {
          drawBand(plot, picture.current.levels);
          picture.current.dots.forEach((dot, at) => {
            if (dot.tookMs === null) return;
            const place = {x: plot.valToPos(dot.at, 'x', true), y: plot.valToPos(dot.tookMs, 'y', true)};
            drawDot(plot.ctx, dot.state, place, at === picture.current.chosen);
          });
        },
      ],
    },
  };
}

export function DurationChart({job, chart}: {job: string; chart: Schemas['DurationChart']}) {
  const navigate = useNavigate();
  const zone = useMyZone();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [chosen, setChosen] = useState<number>();
  const dots = useMemo(() => dotsOf(chart), [chart]);
  const levels = useMemo(() => levelsOf(chart), [chart]);
  const picture = useRef<Picture>({dots, levels, chosen});
  picture.current = {dots, levels, chosen};

  useEffect(() => {
    const element = host.current!;
    const made = new uPlot(options(element.clientWidth, zone, picture), [[], []], element);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({width: element.clientWidth, height: HEIGHT}));
    sizes.observe(element);
    const stopThemes = onThemeChange(() => made.redraw());
    return () => {
      stopThemes();
      sizes.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [zone]);
  useEffect(() => {
    plot.current?.setData([dots.map((dot) => dot.at), dots.map((dot) => dot.tookMs)]);
  }, [dots, zone]);
  useEffect(() => plot.current?.redraw(false), [chosen]);

  const under = (event: React.MouseEvent) => {
    const made = plot.current;
    const box = made?.over.getBoundingClientRect();
    if (!made || !box) return undefined;
    const places = dots.map((dot) =>
      dot.tookMs === null ? null : ([made.valToPos(dot.at, 'x'), made.valToPos(dot.tookMs, 'y')] as const),
    );
    return nearest(places, event.clientX - box.left, event.clientY - box.top, REACH_PX);
  };
  const open = (at: number | undefined) => {
    const dot = at === undefined ? undefined : dots[at];
    if (dot) void navigate({to: '/runs/$run', params: {run: dot.run}});
  };
  const pressed = (event: React.KeyboardEvent) => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step) setChosen((now) => Math.max(0, Math.min(dots.length - 1, (now ?? dots.length) + step)));
    else if (event.key === 'Enter') open(chosen);
    else return;
    event.preventDefault();
  };
  const dot = chosen === undefined ? undefined : dots[chosen];
  return (
    <div className="flex flex-col gap-1">
      <div
        ref={host} tabIndex={0} role="application" onKeyDown={pressed}
        aria-label={`Durations of the last ${dots.length} runs of ${job}. The arrows go from run to run, Enter opens one.`}
        onMouseMove={(event) => setChosen(under(event))} onMouseLeave={() => setChosen(undefined)}
        onClick={(event) => open(under(event))}
        className={`h-[220px] w-full overflow-hidden ${dot ? 'cursor-pointer' : ''}`}
      />
      <p aria-live="polite" className="tabular min-h-5 truncate text-xs text-dim">
        {dot
          ? `${plainWord(dot.state)}, took ${dot.tookMs === null ? 'no time' : durationWords(dot.tookMs)}, ended ${absoluteWords(dot.at * 1_000, zone)}`
          : [...levels.map((level) => `${level.name} ${durationWords(level.ms)}`), ...legendOf(dots)].join(' · ')}
      </p>
    </div>
  );
}

function levelsOf(chart: Schemas['DurationChart']): Level[] {
  const {p50, p95} = chart.stats?.duration ?? {};
  return [['p50', p50] as const, ['p95', p95] as const].flatMap(([name, text]) => {
    const ms = parseDuration(text);
    return ms === undefined ? [] : [{name, ms}];
  });
}

const SIGNS: Partial<Record<Dot['state'], string>> = {succeeded: '●', failed: '✕', timed_out: '▲'};

function legendOf(dots: Dot[]): string[] {
  const states = [...new Set(dots.map((dot) => dot.state))];
  return states.map((state) => `${SIGNS[state] ?? '□'} ${RUN_STATES[state].words}`);
}

/** As short as the step between two marks of the axis allows. */
function clockWords(seconds: number, step: number, zone: string): string {
  const {date, time} = zonedParts(seconds * 1_000, zone);
  if (step >= 86_400) return date.slice(5);
  return step < 60 ? time : time.slice(0, 5);
}
