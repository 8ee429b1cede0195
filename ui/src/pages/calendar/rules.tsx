// Edits the rules of a calendar: mode, zone, days and times once, windows of every week.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {Button, IconButton} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {toast} from '@/components/toasts';
import {isZone, ZoneField} from '@/components/zone-field';
import {putCalendar, type CalendarSpan, type CalendarSpec} from './queries';
import {spanMistake, WEEKDAYS} from './year';

type Window = NonNullable<CalendarSpec['weekly']>[number];
const MOST_EDITED = 200; // more come from a file, and are edited there
const NAME = /^[a-z0-9][a-z0-9._-]{0,127}$/;

interface RulesDialogProps {
  /** Absent: a new one. */
  spec?: CalendarSpec;
  onClose: () => void;
  onSaved: (name: string) => void;
}

const NEW: CalendarSpec = {name: '', description: '', mode: 'exclude', timezone: '', spans: [], weekly: []};

export function RulesDialog({spec: given, onClose, onSaved}: RulesDialogProps) {
  const client = useQueryClient();
  const [spec, setSpec] = useState<CalendarSpec>(given ?? NEW);
  const change = (changed: Partial<CalendarSpec>) => setSpec((now) => ({...now, ...changed}));
  const isFine =
    NAME.test(spec.name) && (!spec.timezone || isZone(spec.timezone)) &&
    (spec.spans ?? []).every((span) => !spanMistake(span));
  const save = useMutation({
    mutationFn: () => putCalendar(spec),
    onSuccess: (stored) => {
      toast({title: `Stored ${stored.name}`, text: 'Schedules that use it are planned anew.'});
      onSaved(stored.name);
    },
    onSettled: () => {
      void client.invalidateQueries({queryKey: ['calendar']});
      void client.invalidateQueries({queryKey: ['calendars']});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFine) save.mutate();
  };
  return (
    <Dialog title={given ? `Rules of ${given.name}` : 'New calendar'} onClose={onClose} wide>
      <form onSubmit={submit} className="flex flex-col gap-4 text-sm">
        {!given && (
          <TextField
            label="Name" value={spec.name} required autoFocus hint="A schedule says calendar: NAME."
            error={spec.name && !NAME.test(spec.name) ? 'Small letters, digits, and . _ - after the first' : undefined}
            onChange={(event) => change({name: event.target.value})}
          />
        )}
        <TextField
          label="What it is for" value={spec.description ?? ''}
          onChange={(event) => change({description: event.target.value})}
        />
        <div className="flex flex-wrap items-start gap-4">
          <div className="w-56">
            <ZoneField
              value={spec.timezone ?? ''} whenEmpty="that of each schedule"
              onChange={(timezone) => change({timezone})}
            />
          </div>
          <div className="pt-6">
            <Select
              label="Fires within it" value={spec.mode ?? 'exclude'}
              onChange={(event) => change({mode: event.target.value === 'only' ? 'only' : 'exclude'})}
            >
              <option value="exclude">are left out</option>
              <option value="only">alone are kept</option>
            </Select>
          </div>
        </div>
        <Spans spans={spec.spans ?? []} onChange={(spans) => change({spans})} />
        <Weekly windows={spec.weekly ?? []} onChange={(weekly) => change({weekly})} />
        {save.error && <ErrorPanel error={save.error} what="Could not store the calendar" />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button look="primary" type="submit" busy={save.isPending} disabled={!isFine}>
            Store the calendar
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function replaced<T>(all: readonly T[], at: number, by: T): T[] {
  return all.map((each, index) => (index === at ? by : each));
}

function Spans({spans, onChange}: {spans: CalendarSpan[]; onChange: (spans: CalendarSpan[]) => void}) {
  if (spans.length > MOST_EDITED) {
    return (
      <p className="text-dim">
        It has {spans.length.toLocaleString('en')} days or times, too many for a form: import a file, or use
        <code className="font-mono"> jobctl calendar put</code>.
      </p>
    );
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">Days or times, once</legend>
      {spans.map((span, at) => (
        <div key={at} className="grid grid-cols-[1fr_1fr_auto] items-start gap-2 sm:grid-cols-[1fr_1fr_1.4fr_auto] [&_label]:sr-only">
          <TextField
            label={`From, ${at + 1}`} placeholder="2026-12-25" value={span.from}
            error={span.from || span.to ? spanMistake(span) : undefined}
            onChange={(event) => onChange(replaced(spans, at, {...span, from: event.target.value.trim()}))}
          />
          <TextField
            label={`To, ${at + 1}`} placeholder="the same day" value={span.to ?? ''}
            onChange={(event) => onChange(replaced(spans, at, {...span, to: event.target.value.trim()}))}
          />
          <div className="max-sm:order-last max-sm:col-span-2">
            <TextField
              label={`Note, ${at + 1}`} placeholder="what is then" value={span.note ?? ''} maxLength={200}
              onChange={(event) => onChange(replaced(spans, at, {...span, note: event.target.value}))}
            />
          </div>
          <IconButton label={`Remove ${span.from || 'this one'}`} icon="trash" onClick={() => onChange(spans.filter((_, index) => index !== at))} />
        </div>
      ))}
      <div>
        <Button icon="plus" onClick={() => onChange([...spans, {from: '', to: '', note: ''}])}>Add a day or time</Button>
      </div>
    </fieldset>
  );
}

function Weekly({windows, onChange}: {windows: Window[]; onChange: (windows: Window[]) => void}) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">Every week</legend>
      {windows.map((window, at) => (
        <div key={at} className="flex flex-wrap items-center gap-x-3 gap-y-2">
          {WEEKDAYS.map((day) => (
            <label key={day} className="flex items-center gap-1">
              <input
                type="checkbox" checked={window.weekdays?.includes(day) ?? false}
                onChange={(event) => {
                  const others = (window.weekdays ?? []).filter((each) => each !== day);
                  const weekdays = event.target.checked ? [...others, day] : others;
                  onChange(replaced(windows, at, {...window, weekdays}));
                }}
              />
              {day}
            </label>
          ))}
          <div className="w-44 [&_label]:sr-only">
            <TextField
              label={`Times of window ${at + 1}`} placeholder="all day, or 22:00-06:00"
              defaultValue={(window.times ?? []).join(', ')}
              onBlur={(event) => {
                const times = event.target.value.split(',').map((each) => each.trim()).filter(Boolean);
                onChange(replaced(windows, at, {...window, times}));
              }}
            />
          </div>
          <IconButton label={`Remove window ${at + 1}`} icon="trash" onClick={() => onChange(windows.filter((_, index) => index !== at))} />
        </div>
      ))}
      <div>
        <Button icon="plus" onClick={() => onChange([...windows, {weekdays: ['sat', 'sun'], times: [], note: ''}])}>Add a window</Button>
      </div>
      <p className="text-xs text-dim">No day ticked: every day. Times are separated by commas.</p>
    </fieldset>
  );
}
