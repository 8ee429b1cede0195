// The time of a line, in the form that was chosen.

export const TIME_FORMS = ['off', 'absolute', 'relative', 'delta'] as const;
export type TimeForm = (typeof TIME_FORMS)[number];

const two = (n: number) => String(n).padStart(2, '0');

function clock(at: Date): string {
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

function span(ms: number): string {
  if (ms < 0) return `-${span(-ms)}`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(3)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(Math.floor(seconds % 60))}.${Math.floor(ms % 1_000 / 100)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(Math.floor(seconds % 60))}`;
}

/** `start` is the attempt's first line, `before` the line above; in the browser's zone. */
export function timeWords(form: TimeForm, at: string, start: string, before?: string): string {
  const now = Date.parse(at);
  switch (form) {
    case 'off':
      return '';
    case 'absolute':
      return clock(new Date(now));
    case 'relative':
      return `+${span(now - Date.parse(start))}`;
    case 'delta':
      return before === undefined ? '' : `+${span(now - Date.parse(before))}`;
  }
}
