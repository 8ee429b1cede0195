// The schedule of the job: its cron fields, in words, with the next fires and clock changes as the
// server works them out. It writes into the same YAML.
import {useQuery} from '@tanstack/react-query';
import {useDeferredValue, useId} from 'react';
import {toApiError} from '@/api/problem';
import {Button} from '@/components/button';
import {Select, TextField} from '@/components/field';
import {Loading} from '@/components/page';
import {ClockChanges, FireTable} from '../job/next-fires';
import {previewQuery} from '../jobs/queries';
import {CRON_FIELDS, fieldsOf, PRESETS, withField} from './cron-fields';
import {isOneDocument, read, scheduleAt, writeSchedule} from './document';

interface ScheduleEditorProps {
  text: string;
  onChange: (text: string) => void;
}

const ZONES = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
const START = {none: '', cron: '30 2 * * *', every: '15m'};

export function ScheduleEditor({text, onChange}: ScheduleEditorProps) {
  const zones = useId();
  if (!isOneDocument(text)) return <p className="text-sm text-dim">Correct the YAML first.</p>;
  const {kind, text: when, timezone} = scheduleAt(text);
  const put = (changed: Partial<{kind: 'none' | 'cron' | 'every'; text: string; timezone: string}>) =>
    onChange(writeSchedule(text, {kind: kind === 'other' ? 'cron' : kind, text: when, timezone, ...changed}));
  return (
    <div className="flex flex-col gap-3">
      <Select
        label="Fires" value={kind}
        onChange={(event) => {
          const next = event.target.value as keyof typeof START;
          put({kind: next, text: START[next]});
        }}
      >
        <option value="none">on demand only</option>
        <option value="cron">by a cron expression</option>
        <option value="every">at an interval</option>
        {kind === 'other' && <option value="other">as the YAML says</option>}
      </Select>
      {kind === 'cron' && (
        <>
          <TextField
            label="Cron expression" value={when} className="font-mono" spellCheck={false}
            onChange={(event) => put({text: event.target.value})}
          />
          <CronFields cron={when} onChange={(cron) => put({text: cron})} />
        </>
      )}
      {kind === 'every' && (
        <TextField
          label="Interval" value={when} onChange={(event) => put({text: event.target.value})}
          hint="Such as 30s, 15m or 6h; counted from when the job is stored."
        />
      )}
      {kind === 'cron' && (
        <>
          <TextField
            label="Time zone" placeholder="UTC" value={timezone} list={zones}
            onChange={(event) => put({timezone: event.target.value})}
          />
          <datalist id={zones}>
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
      <Preview text={text} />
    </div>
  );
}

function CronFields({cron, onChange}: {cron: string; onChange: (cron: string) => void}) {
  const fields = fieldsOf(cron);
  return (
    <>
      {fields && (
        <div className="grid grid-cols-5 gap-1.5">
          {CRON_FIELDS.map((name, at) => (
            <label key={name} className="flex min-w-0 flex-col justify-end gap-1 text-xs text-dim">
              {name}
              <input
                value={fields[at]} spellCheck={false} onChange={(event) => onChange(withField(cron, at, event.target.value))}
                className="h-8 w-full rounded-md border border-edge bg-panel px-1.5 text-center font-mono text-sm text-ink"
              />
            </label>
          ))}
        </div>
      )}
      <div className="flex flex-wrap gap-1" role="group" aria-label="Common schedules">
        {PRESETS.map(([preset, words]) => (
          <Button key={preset} aria-pressed={preset === cron} onClick={() => onChange(preset)} className="h-6 px-1.5 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft">
            {words}
          </Button>
        ))}
      </div>
    </>
  );
}

function Preview({text}: {text: string}) {
  const settled = useDeferredValue(text);
  const schedule = read(settled, ['schedule']);
  const name = read(settled, ['name']);
  const preview = useQuery({
    ...previewQuery(schedule, typeof name === 'string' ? name : ''), enabled: schedule !== undefined,
  });
  if (schedule === undefined) return <p className="text-sm text-dim">It fires by no schedule: somebody must ask for a run.</p>;
  if (preview.error) {
    const {problem} = toApiError(preview.error);
    return (
      <p role="alert" className="text-sm text-bad">
        {problem.errors?.map((mistake) => mistake.message).join('; ') || problem.detail}
      </p>
    );
  }
  if (!preview.data) return <Loading />;
  return (
    <div aria-label="Preview of the schedule" role="group" className="flex flex-col gap-3 border-t border-line pt-3">
      {preview.data.items?.map((item, at) => (
        <div key={at}>
          <p className="mb-1 text-sm font-medium">{item.words}</p>
          <FireTable fires={item.fires ?? []} zone={item.timezone} />
          <ClockChanges lines={item.clock_changes ?? []} />
        </div>
      ))}
    </div>
  );
}
