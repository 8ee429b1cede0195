// The fields that most jobs need, written into the same YAML. What the form does not know stays.
import {TextField} from '@/components/field';
import {parseDuration} from '@/components/time-words';
import {isOneDocument, read, timeoutPath, write} from './document';

interface FormProps {
  text: string;
  onChange: (text: string) => void;
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export function CommonFields({text, onChange}: FormProps) {
  if (!isOneDocument(text)) {
    return (
      <p className="text-sm text-dim">
        The form shows one job that is written well. Correct the YAML, or go on in it: it may hold several jobs.
      </p>
    );
  }
  const command = read(text, ['command']);
  const isList = Array.isArray(command);
  const timeout = timeoutPath(text);
  const timeoutText = textOf(read(text, timeout));
  const attempts = textOf(read(text, ['retry', 'max_attempts']));
  const put = (path: readonly (string | number)[], value: string) => onChange(write(text, path, value || undefined));
  return (
    <div className="flex flex-col gap-3">
      <TextField label="Name" value={textOf(read(text, ['name']))} onChange={(event) => put(['name'], event.target.value)} />
      <TextField
        label="Description" value={textOf(read(text, ['description']))}
        onChange={(event) => put(['description'], event.target.value)}
      />
      <label className="flex flex-col gap-1 text-sm font-medium">
        Command
        <textarea
          rows={3} readOnly={isList} value={isList ? command.join(' ') : textOf(command)}
          onChange={(event) => put(['command'], event.target.value)}
          className="w-full rounded-md border border-edge bg-panel px-2 py-1 font-mono text-sm font-normal text-ink read-only:bg-sunken"
        />
        <span className="text-xs font-normal text-dim">
          {isList ? 'It is a list of arguments: change it in the YAML.' : 'Run by /bin/sh -c.'}
        </span>
      </label>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Timeout" placeholder="none" value={timeoutText} onChange={(event) => put(timeout, event.target.value)}
          {...(timeoutText && parseDuration(timeoutText) === undefined ? {error: 'Such as 30m or 2h.'} : {hint: 'Such as 30m or 2h.'})}
        />
        <TextField
          label="Attempts" type="number" min={1} max={1000} placeholder="1" value={attempts}
          onChange={(event) => {
            const value = event.target.value;
            onChange(write(text, ['retry', 'max_attempts'], value === '' ? undefined : Number(value)));
          }}
          hint="In all, the first included."
        />
      </div>
    </div>
  );
}
