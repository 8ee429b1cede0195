// What stands above a log: the search, which lines, how they look, and what else can be done.
import {useId, type KeyboardEvent, type ReactNode, type Ref} from 'react';
import {useShared} from '@/components/store';
import type {Found} from './finder';
import {timeChoice, wrapChoice} from './preferences';
import type {Filter, Stream} from './source';
import {TIME_FORMS, type TimeForm} from './times';

const BOX = 'h-8 rounded-md border border-edge bg-panel px-2 text-sm text-ink';
const PUSH =
  'h-8 min-w-8 rounded-md border border-line bg-panel px-2 text-sm text-ink hover:bg-sunken disabled:opacity-55 ' +
  'aria-pressed:border-accent aria-pressed:bg-accent-soft';

const TIME_NAMES: Record<TimeForm, string> = {
  off: 'No times', absolute: 'Time of day', relative: 'Since the start', delta: 'Since the line above',
};

export function Push({label, title, pressed, children, ...rest}: {
  label: string; title?: string; pressed?: boolean; disabled?: boolean; children?: ReactNode; onClick: () => void;
}) {
  return (
    <button type="button" className={PUSH} aria-label={label} title={title ?? label} aria-pressed={pressed} {...rest}>
      {children ?? label}
    </button>
  );
}

/** "12 of 345", "345+ lines match so far", "No line matches". */
export function countWords(found: Found): string {
  if (found.error) return 'The search failed';
  const more = found.isCounting ? '+' : '';
  const all = found.count.toLocaleString('en');
  if (found.count === 0) return found.isCounting ? 'Searching …' : 'No line matches';
  const wrapped = found.hasWrapped ? ' · from the other end' : '';
  if (found.position !== undefined) return `${found.position.toLocaleString('en')} of ${all}${more}${wrapped}`;
  return `${all}${more} ${found.count === 1 ? 'line matches' : 'lines match'}${wrapped}`;
}

interface SearchProps {
  filter: Filter;
  found?: Found;
  isFiltering: boolean;
  onFilter: (filter: Filter) => void;
  onGo: (isBackward: boolean) => void;
  onFiltering: (on: boolean) => void;
  onLeave: () => void;
  box: Ref<HTMLInputElement>;
}

export function SearchBar({filter, found, isFiltering, onFilter, onGo, onFiltering, onLeave, box}: SearchProps) {
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onGo(event.shiftKey);
    else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
  };
  const status = useId();
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1" role="search">
      <input
        ref={box} type="search" value={filter.text} placeholder="Search the log  /" aria-label="Search the log" aria-describedby={status}
        spellCheck={false} autoComplete="off" data-page-search="" maxLength={1000} aria-invalid={found?.error ? true : undefined}
        onChange={(event) => onFilter({...filter, text: event.target.value})} onKeyDown={pressed}
        className={`${BOX} w-56 aria-invalid:border-bad`}
      />
      <Push label="Regular expression" title="Regular expression (RE2)" pressed={filter.regex} onClick={() => onFilter({...filter, regex: !filter.regex})}>.*</Push>
      <Push label="Match case" pressed={!filter.ignoreCase} onClick={() => onFilter({...filter, ignoreCase: !filter.ignoreCase})}>Aa</Push>
      {filter.text !== '' && (
        <>
          <Push label="Previous match" title="Previous match (Shift+Enter, N)" disabled={isFiltering || !found?.count} onClick={() => onGo(true)}>↑</Push>
          <Push label="Next match" title="Next match (Enter, n)" disabled={isFiltering || !found?.count} onClick={() => onGo(false)}>↓</Push>
          <Push label="Matching lines only" pressed={isFiltering} onClick={() => onFiltering(!isFiltering)}>Filter</Push>
          {isFiltering && (
            <select className={BOX} aria-label="Lines around each match" value={filter.context} onChange={(event) => onFilter({...filter, context: Number(event.target.value)})}>
              {[0, 1, 3, 10].map((lines) => <option key={lines} value={lines}>{lines === 0 ? 'no lines around' : `± ${lines} lines`}</option>)}
            </select>
          )}
        </>
      )}
      <span id={status} role="status" className={`text-sm whitespace-nowrap ${found?.error ? 'text-bad' : 'text-dim'}`}>
        {filter.text !== '' && found ? countWords(found) : ''}
      </span>
    </div>
  );
}

interface LookProps {
  stream: Stream | undefined;
  onStream: (stream: Stream | undefined) => void;
  following: boolean;
  canFollow: boolean;
  onFollow: () => void;
  /** Whether groups are folded; undefined where there is none. */
  folded: boolean | undefined;
  onFold: () => void;
  downloads: {label: string; href: string}[];
}

export function LookBar({stream, onStream, following, canFollow, onFollow, folded, onFold, downloads}: LookProps) {
  const times = useShared(timeChoice);
  const wrap = useShared(wrapChoice);
  return (
    <div className="flex flex-wrap items-center gap-1">
      <select className={BOX} aria-label="Which output" value={stream ?? ''} onChange={(event) => onStream((event.target.value || undefined) as Stream | undefined)}>
        <option value="">All output</option>
        <option value="stdout">Standard output</option>
        <option value="stderr">Standard error</option>
        <option value="system">Mainspring</option>
      </select>
      <select className={BOX} aria-label="Times of lines" value={times} onChange={(event) => timeChoice.set(event.target.value as TimeForm)}>
        {TIME_FORMS.map((form) => <option key={form} value={form}>{TIME_NAMES[form]}</option>)}
      </select>
      <Push label="Wrap" title="Wrap long lines (w)" pressed={wrap === 'on'} onClick={() => wrapChoice.set(wrap === 'on' ? 'off' : 'on')} />
      {folded !== undefined && <Push label="Fold groups" title="Fold every group, or unfold them (z)" pressed={folded} onClick={onFold} />}
      {canFollow && <Push label="Follow" title="Stay at the end (f)" pressed={following} onClick={onFollow} />}
      <details className="relative">
        <summary className={`${PUSH} flex list-none items-center`}>Download</summary>
        <div className="absolute right-0 z-10 mt-1 flex min-w-56 flex-col rounded-md border border-line bg-panel p-1 text-sm shadow-lg">
          {downloads.map(({label, href}) => (
            <a key={label} href={href} download className="rounded px-2 py-1.5 hover:bg-sunken">{label}</a>
          ))}
        </div>
      </details>
    </div>
  );
}
