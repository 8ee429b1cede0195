// A year as months of weeks, for what a calendar leaves out. Pure.
import type {CalendarDay, CalendarSpan} from './queries';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December',
] as const;

/** The days of a month (1 to 12) in weeks from Monday; undefined before the first and after the last. */
export function weeksOf(year: number, month: number): (string | undefined)[][] {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (first.getUTCDay() + 6) % 7;
  const weeks: (string | undefined)[][] = [];
  for (let at = 0; at < lead + count; at += 7) {
    weeks.push(
      Array.from({length: 7}, (_, day) => {
        const number = at + day - lead + 1;
        return number >= 1 && number <= count
          ? `${year}-${String(month).padStart(2, '0')}-${String(number).padStart(2, '0')}`
          : undefined;
      }),
    );
  }
  return weeks;
}

export function daysByDate(days: readonly CalendarDay[]): Map<string, CalendarDay> {
  return new Map(days.map((day) => [day.day ?? '', day]));
}

/** "Fri 25 December: whole day, Christmas". */
export function dayWords(day: CalendarDay): string {
  const [, month, date] = (day.day ?? '').split('-').map(Number);
  const what = day.whole ? 'the whole day' : (day.times ?? []).join(', ');
  const name = `${Number(date)} ${MONTHS[(month ?? 1) - 1]}`;
  return `${name}: ${what}${day.reason ? `, ${day.reason}` : ''}`;
}

const spanKey = (span: CalendarSpan) => `${span.from} ${span.to ?? ''}`;

/** Spans that `after` has and `before` has not, and the other way round. */
export function spanChanges(before: readonly CalendarSpan[], after: readonly CalendarSpan[]) {
  const [old, fresh] = [new Set(before.map(spanKey)), new Set(after.map(spanKey))];
  return {
    added: after.filter((span) => !old.has(spanKey(span))),
    removed: before.filter((span) => !fresh.has(spanKey(span))),
  };
}

/** The spans of both, each once, in order. */
export function joinedSpans(first: readonly CalendarSpan[], second: readonly CalendarSpan[]): CalendarSpan[] {
  const all = new Map([...second, ...first].map((span) => [spanKey(span), span]));
  return [...all.values()].sort((a, b) => a.from.localeCompare(b.from));
}

export function spanWords(span: CalendarSpan): string {
  return span.to && span.to !== span.from ? `${span.from} to ${span.to}` : span.from;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** What is wrong with a span, or nothing. The server knows better; this is said while one types. */
export function spanMistake(span: CalendarSpan): string | undefined {
  if (DAY.test(span.from)) {
    if (span.to && !DAY.test(span.to)) return 'A span of days ends with a day';
    return span.to && span.to < span.from ? 'It ends before it begins' : undefined;
  }
  if (!TIME.test(span.from)) return 'A day such as 2026-12-25, or a time such as 2026-12-24T14:00';
  if (!span.to || !TIME.test(span.to)) return 'A span of times needs an end, such as 2026-12-24T20:00';
  return span.to <= span.from ? 'It ends before it begins' : undefined;
}
