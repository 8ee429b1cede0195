// Imports an iCalendar file: the server reads it first, and what it would add is shown before it is.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {toast} from '@/components/toasts';
import {isZone, ZoneField} from '@/components/zone-field';
import {
  calendarQuery, putCalendar, readImport, type CalendarSpan, type CalendarSpec, type ImportedCalendar,
} from './queries';
import {joinedSpans, spanChanges, spanWords} from './year';

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_LISTED = 30;
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

interface ImportDialogProps {
  /** The calendar that it goes to; absent: asked for. */
  calendar?: string;
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function ImportDialog({calendar, onClose, onSaved}: ImportDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState(calendar ?? '');
  const [text, setText] = useState<string>();
  const [mode, setMode] = useState<'exclude' | 'only'>('exclude');
  const [timezone, setZone] = useState('');
  const [until, setUntil] = useState('');
  const [keeps, setKeeps] = useState(false);
  const [fileMistake, setFileMistake] = useState<string>();
  const current = useQuery({...calendarQuery(calendar ?? ''), enabled: calendar !== undefined});
  const read = useMutation({
    mutationFn: () => readImport({calendar: name, text: text ?? '', mode, timezone, from: '', until}),
  });
  const save = useMutation({
    mutationFn: (spec: CalendarSpec) => putCalendar(spec),
    onSuccess: (stored) => {
      toast({title: `Imported into ${stored.name}`, text: 'Schedules that use it are planned anew.'});
      onSaved(stored.name);
    },
    onSettled: () => {
      void client.invalidateQueries({queryKey: ['calendar']});
      void client.invalidateQueries({queryKey: ['calendars']});
    },
  });
  const result = read.data && text !== undefined ? importedSpec(name, current.data, read.data, keeps) : undefined;
  const choose = async (file: File | undefined) => {
    read.reset();
    setFileMistake(file && file.size > MOST_BYTES ? 'The file is larger than 4 MiB: cut it to the years you need.' : undefined);
    setText(file && file.size <= MOST_BYTES ? await file.text() : undefined);
  };
  const changed = <T,>(set: (value: T) => void) => (value: T) => {
    read.reset(); // what was read was read with other wishes
    set(value);
  };
  const isReady = NAME.test(name) && text !== undefined && (timezone === '' || isZone(timezone));
  return (
    <Dialog
      title={calendar ? `Import into ${calendar}` : 'Import a calendar'} onClose={onClose} wide
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            look={result ? 'plain' : 'primary'} icon="search" busy={read.isPending} disabled={!isReady}
            onClick={() => read.mutate()}
          >
            Preview
          </Button>
          {result && (
            <Button look="primary" icon="download" busy={save.isPending} onClick={() => save.mutate(result.spec)}>
              Import
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4 text-sm">
        <div className="grid gap-3 sm:grid-cols-2">
          {!calendar && (
            <TextField
              label="Name" value={name} autoFocus hint="A schedule says calendar: NAME."
              error={name && !NAME.test(name) ? 'Small letters, digits, and . _ - after the first' : undefined}
              onChange={(event) => changed(setName)(event.target.value)}
            />
          )}
          <TextField
            label="iCalendar file" type="file" accept=".ics,text/calendar" error={fileMistake}
            className="py-1" hint="Public holidays, maintenance windows: most calendars export one."
            onChange={(event) => void choose(event.target.files?.[0])}
          />
          <ZoneField value={timezone} onChange={changed(setZone)} whenEmpty="as it is; needed for files with times" />
          <TextField
            label="Up to and with" type="date" value={until} hint="Empty: four years from this one."
            onChange={(event) => changed(setUntil)(event.target.value)}
          />
        </div>
        {!calendar && (
          <Select label="Fires within it" value={mode} onChange={(event) => changed(setMode)(event.target.value === 'only' ? 'only' : 'exclude')}>
            <option value="exclude">are left out</option>
            <option value="only">alone are kept</option>
          </Select>
        )}
        {calendar && (
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={keeps} onChange={(event) => setKeeps(event.target.checked)} />
            Add to the days that are there, instead of replacing them
          </label>
        )}
        {read.error && <ErrorPanel error={read.error} what="The file cannot be imported; nothing was changed" />}
        {save.error && <ErrorPanel error={save.error} what="Could not store the calendar" />}
        {read.data && result && <ImportPreview imported={read.data} {...result} />}
      </div>
    </Dialog>
  );
}

/** The calendar as it will be: what is there but for its days, and the days of the file. */
export function importedSpec(
  name: string,
  current: CalendarSpec | undefined,
  imported: ImportedCalendar,
  keeps: boolean,
): {spec: CalendarSpec; added: CalendarSpan[]; removed: CalendarSpan[]} {
  const before = current?.spans ?? [];
  const read = imported.calendar?.spans ?? [];
  const spans = keeps ? joinedSpans(before, read) : read;
  const spec: CalendarSpec = {
    name,
    description: current?.description ?? '',
    mode: current?.mode ?? imported.calendar?.mode ?? 'exclude',
    timezone: imported.calendar?.timezone || current?.timezone || '',
    weekly: current?.weekly ?? [],
    spans,
  };
  return {spec, ...spanChanges(before, spans)};
}

function ImportPreview({imported, added, removed}: {imported: ImportedCalendar; added: CalendarSpan[]; removed: CalendarSpan[]}) {
  return (
    <section aria-label="Preview" className="flex flex-col gap-2 rounded-md border border-line bg-sunken p-3">
      <p role="status" className="font-medium">
        The file adds {added.length} and takes away {removed.length}: {imported.dates} whole-day and{' '}
        {imported.times} timed spans from {imported.from} to {imported.until}.
      </p>
      <p className="text-dim">After {imported.until} the calendar leaves nothing out: import again in time.</p>
      {(imported.notes?.length ?? 0) > 0 && (
        <ul className="list-disc pl-5 text-warn">
          {imported.notes?.map((note) => <li key={note}>{note}</li>)}
        </ul>
      )}
      <SpanList words="Added" spans={added} />
      <SpanList words="Taken away" spans={removed} />
    </section>
  );
}

function SpanList({words, spans}: {words: string; spans: CalendarSpan[]}) {
  if (spans.length === 0) return null;
  return (
    <div>
      <h3 className="font-medium">{words}</h3>
      <ul className="columns-1 gap-6 sm:columns-2">
        {spans.slice(0, MOST_LISTED).map((span) => (
          <li key={`${span.from} ${span.to}`} className="truncate">
            <span className="tabular">{spanWords(span)}</span> <span className="text-dim">{span.note}</span>
          </li>
        ))}
      </ul>
      {spans.length > MOST_LISTED && <p className="text-dim">and {spans.length - MOST_LISTED} more</p>}
    </div>
  );
}
