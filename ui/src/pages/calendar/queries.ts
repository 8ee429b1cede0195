import {queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';

export type CalendarSpec = Schemas['CalendarSpec'];
export type CalendarDay = Schemas['CalendarDay'];
export type CalendarSpan = Schemas['CalendarSpan'];
export type ImportedCalendar = Schemas['ImportedCalendar'];

export const calendarQuery = (calendar: string) =>
  queryOptions({
    queryKey: ['calendar', calendar],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/calendars/{calendar}', {signal, params: {path: {calendar}}})),
  });

export const calendarDaysQuery = (calendar: string, year: number) =>
  queryOptions({
    queryKey: ['calendar', calendar, 'days', year],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/calendars/{calendar}/days', {
        signal, params: {path: {calendar}, query: {from: `${year}-01-01`, until: `${year}-12-31`}},
      })),
  });

export function putCalendar(spec: CalendarSpec) {
  return ask(api.PUT('/api/v1/calendars/{calendar}', {params: {path: {calendar: spec.name}}, body: spec}));
}

export interface ImportWish {
  calendar: string;
  text: string;
  mode: 'exclude' | 'only';
  timezone: string;
  from: string;
  until: string;
}

/**
 * What the server reads out of an iCalendar file, without a change to the calendar: an import is stored
 * at once, so it goes to a calendar of its own that no schedule names, which is deleted right after.
 */
export async function readImport(wish: ImportWish): Promise<ImportedCalendar> {
  const scratch = `${wish.calendar.slice(0, 100)}.preview-${crypto.randomUUID().slice(0, 8)}`;
  const path = {calendar: scratch};
  const query = {
    mode: wish.mode,
    ...(wish.timezone ? {timezone: wish.timezone} : {}),
    ...(wish.from ? {from: wish.from} : {}),
    ...(wish.until ? {until: wish.until} : {}),
  };
  const imported = await ask(api.POST('/api/v1/calendars/{calendar}/import', {
    params: {path, query}, body: wish.text, bodySerializer: (text) => text ?? '',
    headers: {'Content-Type': 'text/calendar'},
  }));
  await ask(api.DELETE('/api/v1/calendars/{calendar}', {params: {path}}));
  return imported;
}

/** The next fires of an expression, as a calendar lets them through, or without one. */
export const previewQuery = (cron: string, timezone: string, calendar?: string) =>
  queryOptions({
    queryKey: ['calendar', calendar ?? '', 'preview', cron, timezone],
    queryFn: async () => {
      const schedule = {cron, timezone, ...(calendar ? {calendar} : {})};
      const {items} = await ask(api.POST('/api/v1/schedules/preview', {body: {schedule, limit: PREVIEW_FIRES, timezone, job: ''}}));
      return items?.[0];
    },
    retry: false,
  });

export const PREVIEW_FIRES = 20;
