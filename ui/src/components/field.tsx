// Inputs with their label, their explanation and what is wrong with them.
import {useEffect, useId, useRef, useState, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes} from 'react';
import {Icon} from './icons';

const BOX =
  'h-8 w-full rounded-md border border-edge bg-panel px-2 text-sm text-ink aria-invalid:border-bad';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
}

export function TextField({label, hint, error, ref, ...input}: FieldProps & InputHTMLAttributes<HTMLInputElement> & {ref?: Ref<HTMLInputElement>}) {
  const id = useId();
  const described = error || hint ? `${id}-about` : undefined;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...input} ref={ref} id={id} aria-invalid={error ? true : undefined} aria-describedby={described}
        className={`${BOX} ${input.className ?? ''}`}
      />
      {described && (
        <p id={described} className={`text-xs ${error ? 'text-bad' : 'text-dim'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** A choice beside its label, for filter bars. */
export function Select({label, children, ...select}: {label: string; children: ReactNode} & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <label className="inline-flex items-center gap-1.5 self-start text-sm whitespace-nowrap text-dim">
      {label}
      <select {...select} className={`${BOX} w-auto min-w-24 pr-1`}>
        {children}
      </select>
    </label>
  );
}

/**
 * The text of a field whose value is kept elsewhere, in the address, and comes back from there a little
 * later: what was typed stays as it is meanwhile, and only what somebody else has set takes its place.
 */
export function useTyped(value: string, onChange: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const told = useRef<string[]>([]); // and not come back yet
  useEffect(() => {
    const own = told.current.lastIndexOf(value);
    if (own >= 0) return void told.current.splice(0, own + 1);
    told.current = [];
    setText(value);
  }, [value]);
  const type = (typed: string) => {
    setText(typed);
    if (typed === (told.current.at(-1) ?? value)) return;
    told.current.push(typed);
    onChange(typed);
  };
  return [text, type];
}

/** Where `/` goes to. One to a page. */
export function SearchBox({label, value, onText, placeholder = label}: {
  label: string; value: string; onText: (text: string) => void; placeholder?: string;
}) {
  const [text, type] = useTyped(value, onText);
  return (
    <div className="relative w-full sm:max-w-80">
      <Icon name="search" className="pointer-events-none absolute top-2 left-2 text-dim" />
      <input
        type="search" aria-label={label} placeholder={placeholder} value={text}
        onChange={(event) => type(event.target.value)} data-page-search="" className={`${BOX} pl-8`}
      />
    </div>
  );
}
