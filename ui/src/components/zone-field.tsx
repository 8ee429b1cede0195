// An IANA time zone, completed by the browser from the ones it knows.
import {useId} from 'react';
import {TextField} from './field';
import {LOCAL_ZONE} from './time-words';

export const ZONES: readonly string[] = [...new Set(['UTC', LOCAL_ZONE, ...Intl.supportedValuesOf('timeZone')])];

export function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: text});
    return text !== '';
  } catch {
    return false;
  }
}

interface ZoneFieldProps {
  label?: string;
  value: string;
  onChange: (zone: string) => void;
  /** What it means to leave it empty; not allowed without. */
  whenEmpty?: string;
}

export function ZoneField({label = 'Time zone', value, onChange, whenEmpty}: ZoneFieldProps) {
  const id = useId();
  const isFine = isZone(value) || (value === '' && whenEmpty !== undefined);
  return (
    <>
      <TextField
        label={label} value={value} list={id} autoComplete="off" placeholder={whenEmpty}
        error={isFine ? undefined : 'No such zone; such as Europe/Berlin'}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={id}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
