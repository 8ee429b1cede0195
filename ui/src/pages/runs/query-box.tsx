// Where the query of runs is typed: completed as one types, its mistakes marked where they are.
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {useDeferredValue, useEffect, useId, useLayoutEffect, useRef, useState} from 'react';
import {toApiError} from '@/api/problem';
import {jobsQuery, queuesQuery, rowsOf} from '@/api/queries';
import {Button} from '@/components/button';
import {Icon} from '@/components/icons';
import {choicesFor, isUnfinished, markedAt, taken, typedAt, type Typed} from './run-query';

const PAUSE_MS = 500; // of typing, before the node is asked
const MOST_CHOICES = 10;

interface QueryBoxProps {
  query: string;
  onChange: (query: string) => void;
  error: unknown;
}

function useNames(typed: Typed, isOpen: boolean): string[] {
  const prefix = useDeferredValue(typed.text.replaceAll('"', ''));
  const jobs = useInfiniteQuery({...jobsQuery(prefix ? {prefix} : {}), enabled: isOpen && typed.key === 'job'});
  const queues = useQuery({...queuesQuery, enabled: isOpen && typed.key === 'queue'});
  if (typed.key === 'job') return rowsOf(jobs.data).map((job) => job.name ?? '');
  return typed.key === 'queue' ? (queues.data?.items ?? []).map((queue) => queue.spec.name ?? '') : [];
}

export function QueryBox({query, onChange, error}: QueryBoxProps) {
  const [text, setText] = useState(query);
  const [caret, setCaret] = useState(query.length);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  // What was asked for here comes back as `query` a little later: it is never put over what was typed
  // meanwhile.
  const asked = useRef<string[]>([]);
  const askFor = (wanted: string) => {
    asked.current.push(wanted);
    onChange(wanted);
  };
  useEffect(() => {
    const own = asked.current.lastIndexOf(query);
    if (own >= 0) return void asked.current.splice(0, own + 1);
    asked.current = [];
    setText((now) => (now.trim() === query ? now : query));
  }, [query]);
  useEffect(() => {
    if (text.trim() === query || isUnfinished(text)) return undefined;
    const timer = setTimeout(() => askFor(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, query]); // not onChange, which is new with every render
  // Before the next key can come: it belongs behind what was taken.
  const caretTo = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (caretTo.current !== undefined) input.current?.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = undefined;
  }, [text]);
  const typed = typedAt(text, caret);
  const choices = choicesFor(typed, useNames(typed, isOpen)).slice(0, MOST_CHOICES);
  const shows = isOpen && choices.length > 0;
  const take = (choice: string) => {
    const next = taken(text, caret, choice);
    setText(next.query);
    setCaret(next.caret);
    setChosen(-1);
    caretTo.current = next.caret;
  };
  const pressed = (event: React.KeyboardEvent) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const choice = choices[chosen] ?? (event.key === 'Tab' && typed.text ? choices[0] : undefined);
    if (step && shows) setChosen((chosen + step + choices.length) % choices.length);
    else if (shows && choice && (event.key === 'Enter' || event.key === 'Tab')) take(choice.text);
    else if (event.key === 'Enter') {
      setOpen(false);
      askFor(text.trim());
    } else if (event.key === 'Escape' && shows) setOpen(false);
    else if (event.key === 'Escape') input.current?.blur();
    else return;
    event.preventDefault();
  };
  const mistakes = text.trim() === query ? mistakesOf(error) : [];
  return (
    <div className="relative w-full min-w-0 grow basis-80">
      <Icon name="search" className="pointer-events-none absolute top-2 left-2 text-dim" />
      <input
        ref={input} role="combobox" aria-label="Which runs" aria-expanded={shows} aria-autocomplete="list"
        aria-controls={id} aria-activedescendant={shows && choices[chosen] ? `${id}-${chosen}` : undefined}
        aria-invalid={mistakes.length > 0} aria-describedby={mistakes.length > 0 ? `${id}-wrong` : undefined}
        data-page-search="" autoComplete="off" autoCapitalize="off" spellCheck={false} value={text}
        placeholder="state:failed job:etl-* since:2h"
        onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={pressed}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onChange={(event) => {
          setText(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setChosen(-1);
        }}
        className="h-8 w-full rounded-md border border-edge bg-panel pr-2 pl-8 font-mono text-sm aria-invalid:border-bad"
      />
      <ul
        id={id} role="listbox" aria-label="What may follow" hidden={!shows}
        className="absolute top-9 left-0 z-30 max-h-72 w-full max-w-xl overflow-auto rounded-lg border border-line bg-panel p-1 text-sm shadow-lg"
      >
        {shows && choices.map((choice, at) => (
          <li
            key={choice.text} id={`${id}-${at}`} role="option" aria-selected={at === chosen}
            onMouseDown={(event) => {
              event.preventDefault(); // the box keeps the focus
              take(choice.text);
            }}
            className="flex min-h-8 cursor-pointer items-center gap-3 rounded px-2 hover:bg-sunken aria-selected:bg-accent-soft"
          >
            <code className="shrink-0 font-mono">{choice.text}</code>
            <span className="min-w-0 truncate text-dim">{choice.about}</span>
          </li>
        ))}
      </ul>
      {mistakes.length > 0 && (
        <div id={`${id}-wrong`} role="alert" className="pt-1 text-sm">
          {mistakes.map((mistake, at) => (
            <Mistake
              key={at} query={query} {...mistake}
              onMend={(mended) => {
                setText(mended);
                askFor(mended);
              }}
            />
          ))}
        </div>
      )}
    </div>
  );
}

interface QueryMistake {
  message: string;
  column: number;
  suggestion?: string;
}

export function mistakesOf(error: unknown): QueryMistake[] {
  if (!error) return [];
  const {problem} = toApiError(error);
  return (problem.errors ?? []).flatMap((each) =>
    each.column ? [{message: each.message ?? '', column: each.column, suggestion: each.suggestion}] : [],
  );
}

function Mistake({query, message, column, suggestion, onMend}: QueryMistake & {query: string; onMend: (query: string) => void}) {
  const [before, wrong, after] = markedAt(query, column);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <code className="font-mono break-all whitespace-pre-wrap">
        {before}
        <mark className="bg-bad-soft text-bad underline decoration-wavy">{wrong}</mark>
        {after}
      </code>
      <span className="text-bad">{message}</span>
      {suggestion && (
        <Button onClick={() => onMend(before + suggestion + after)}>Change to “{suggestion}”</Button>
      )}
    </div>
  );
}
