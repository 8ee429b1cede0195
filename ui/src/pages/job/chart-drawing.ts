// What the duration graph draws on its canvas, in the colours of the theme.
import type uPlot from 'uplot';
import type {RunState} from '@/api/queries';

export interface Level {
  name: string;
  ms: number;
}

const TOKENS = ['good', 'bad', 'warn', 'dim', 'line', 'accent', 'accent-soft', 'ink'] as const;
type Colors = Record<(typeof TOKENS)[number], string>;

let colors: Colors | undefined;

/** A canvas knows no light-dark(): the colours as the browser works them out. */
export function chartColors(): Colors {
  if (colors) return colors;
  const probe = document.createElement('span');
  document.body.append(probe);
  const worked = TOKENS.map((token) => {
    probe.style.color = `var(--color-${token})`;
    return [token, getComputedStyle(probe).color];
  });
  probe.remove();
  colors = Object.fromEntries(worked) as Colors;
  return colors;
}

export function onThemeChange(changed: () => void): () => void {
  const forget = () => {
    colors = undefined;
    changed();
  };
  const chosen = new MutationObserver(forget);
  chosen.observe(document.documentElement, {attributeFilter: ['data-theme']});
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', forget);
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', forget);
  };
}

/** The band from the lowest level to the highest one, and a dashed line at that. */
export function drawBand(plot: uPlot, levels: readonly Level[]): void {
  const [low, high] = [levels[0], levels.at(-1)];
  if (!low || !high) return;
  const {ctx, bbox} = plot;
  const top = plot.valToPos(high.ms, 'y', true);
  const bottom = plot.valToPos(low.ms, 'y', true);
  ctx.save();
  ctx.fillStyle = chartColors()['accent-soft'];
  ctx.globalAlpha = 0.6;
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(1, bottom - top));
  ctx.globalAlpha = 1;
  ctx.strokeStyle = chartColors().accent;
  ctx.setLineDash([6, 4]);
  ctx.strokeRect(bbox.left, top, bbox.width, 0);
  ctx.restore();
}

const RADIUS = 3.5;

/** A disc for what went well, a cross for what failed, a triangle for what took too long, else a box. */
export function drawDot(ctx: CanvasRenderingContext2D, state: RunState, {x, y}: {x: number; y: number}, isChosen: boolean): void {
  const pixel = window.devicePixelRatio || 1;
  const r = RADIUS * pixel * (isChosen ? 1.7 : 1);
  const {good, bad, dim, ink} = chartColors();
  ctx.save();
  ctx.lineWidth = 1.8 * pixel;
  ctx.beginPath();
  if (state === 'succeeded') {
    ctx.fillStyle = good;
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fill();
  } else if (state === 'failed') {
    ctx.strokeStyle = bad;
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r);
    ctx.lineTo(x - r, y + r);
    ctx.stroke();
  } else if (state === 'timed_out') {
    ctx.fillStyle = bad;
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.lineTo(x - r, y + r);
    ctx.fill();
  } else {
    ctx.strokeStyle = dim;
    ctx.strokeRect(x - r, y - r, 2 * r, 2 * r);
  }
  if (isChosen) {
    ctx.beginPath();
    ctx.strokeStyle = ink;
    ctx.arc(x, y, r + 2 * pixel, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}
