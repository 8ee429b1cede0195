// The log of a run: its lines whatever their number, followed while they come, searched, filtered.
import {useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent, type MouseEvent} from 'react';
import {useShared} from '@/components/store';
import {FilteredLines} from './filtered';
import {Finder} from './finder';
import {foldedAll, Folds, GROUP_EDGE} from './folds';
import {ALL_ATTEMPTS} from './joined-source';
import {LineRow} from './line-row';
import './log.css';
import {LogStore} from './log-store';
import {formatHash, parseHash, select, type LineRange} from './permalink';
import {timeChoice, wrapChoice} from './preferences';
import {NO_FILTER, type Filter, type Line, type LogSource, type Match} from './source';
import {timeWords} from './times';
import {LookBar, SearchBar} from './toolbar';
import {Viewport, type ViewportHandle, type ViewportPlace} from './viewport';

const TYPING_MS = 250;
const MOST_EDGES = 5_000; // of groups that are folded at once
const MOST_EXPANDED = 8 << 20; // characters of one line; the download has the rest
const TIME_WIDTHS = {off: 0, absolute: 12, relative: 10, delta: 10};

export interface LogViewProps {
  source: LogSource;
  /** This attempt; else the last, also when a retry begins. */
  attempt?: number;
  onAttempt?: (attempt: number) => void;
  /** Grows each time that the log may have grown. */
  growth: number;
  /** Lines in the page's address. */
  hash?: string;
  onHash?: (hash: string) => void;
}

const never = () => () => {};

/** The state of a store that is not always there. */
function useStore<T>(store: {get: () => T; subscribe: (listener: () => void) => () => void} | undefined): T | undefined {
  return useSyncExternalStore(store?.subscribe ?? never, () => store?.get());
}

/** The text that was typed, once the typing rests. */
function useRested(filter: Filter): Filter {
  const [rested, setRested] = useState(filter);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(filter), filter.text === '' ? 0 : TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [filter]);
  return rested;
}

export function LogView(props: LogViewProps) {
  const {source, attempt: wanted, growth} = props;
  const start = useRef(parseHash(props.hash ?? ''));
  const store = useMemo(() => new LogStore(source, wanted), [source, wanted]);
  const log = useStore(store)!;
  useEffect(() => {
    void store.open(start.current?.from);
    return () => store.close();
  }, [store]);
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [isFiltering, setFiltering] = useState(false);
  const rested = useRested(filter);
  const [following, setFollowing] = useState(start.current === undefined);
  const [seen, setSeen] = useState(0);
  const [selected, setSelected] = useState<LineRange | undefined>(start.current);
  const [folds, setFolds] = useState(new Folds());
  const [whole, setWhole] = useState<ReadonlyMap<number, string>>(new Map());
  const [place, setPlace] = useState<ViewportPlace>({first: 0, last: 0});
  const view = useRef<ViewportHandle>(null);
  const box = useRef<HTMLInputElement>(null);
  const times = useShared(timeChoice);
  const wrap = useShared(wrapChoice) === 'on';

  const isList = (isFiltering && rested.text !== '') || rested.stream !== undefined;
  const finder = useMemo(
    () => (rested.text === '' || log.attempt === 0 ? undefined : new Finder(source, log.attempt, rested)),
    [source, log.attempt, rested],
  );
  const found = useStore(finder);
  const list = useMemo(
    () => (isList && log.attempt > 0 ? new FilteredLines(source, log.attempt, rested) : undefined),
    [source, log.attempt, rested, isList],
  );
  const listed = useStore(list);
  useEffect(() => {
    void finder?.count();
    return () => finder?.close();
  }, [finder]);
  useEffect(() => () => list?.close(), [list]);
  useEffect(() => {
    if (growth > 0) void store.grew();
  }, [store, growth]);
  useEffect(() => list?.grew(), [list, log.total]);
  useEffect(() => {
    if (following) setSeen(log.total);
  }, [following, log.total]);

  const rows = list ? (listed?.rows ?? 0) : folds.rows(log.total);
  const lineOf = useCallback((row: number) => (list ? (list.rowAt(row)?.line ?? 0) : folds.lineOf(row)), [list, folds]);
  const showPlace = useCallback((now: ViewportPlace) => {
    setPlace(now);
    if (list) list.show(now.first, now.last);
    else store.show(folds.lineOf(now.first), folds.lineOf(now.last));
  }, [list, store, folds]);
  useEffect(() => {
    if (finder && !list) void finder.mark(folds.lineOf(place.first), folds.lineOf(place.last));
  }, [finder, list, folds, place]);

  const goTo = useCallback((line: number) => {
    setFollowing(false);
    setFolds((now) => {
      const open = now.showing(line);
      window.requestAnimationFrame(() => view.current?.showRow(open.rowOf(line)));
      return open;
    });
  }, []);
  const hasStarted = useRef(false);
  useEffect(() => {
    if (hasStarted.current || !log.isReady) return;
    hasStarted.current = true;
    setSeen(log.total);
    if (start.current) goTo(start.current.from);
  }, [log.isReady, log.total, goTo]);

  const search = useCallback(async (isBackward: boolean) => {
    if (!finder || list) return;
    const from = finder.get().current ?? (isBackward ? lineOf(place.last) + 1 : lineOf(place.first) - 1);
    const line = await finder.go(from, isBackward);
    if (line !== undefined) goTo(line);
  }, [finder, list, place, lineOf, goTo]);

  const pickLine = useCallback((line: number, event: MouseEvent) => {
    event.preventDefault();
    setSelected((now) => {
      const next = select(now, line, event.shiftKey);
      window.queueMicrotask(() => props.onHash?.(formatHash(next)));
      return next;
    });
  }, [props.onHash]);

  const expand = useCallback(async (line: Line) => {
    let text = line.length === undefined ? line.text : '';
    let offset: number | undefined = line.length === undefined ? undefined : 0;
    while (offset !== undefined && text.length < MOST_EXPANDED) {
      const piece = await source.line({attempt: store.get().attempt, line: line.line, offset});
      text += piece.text;
      offset = piece.next_offset;
    }
    setWhole((now) => new Map(now).set(line.line, text));
  }, [source, store]);

  const fold = useCallback(async (line: number) => {
    if (folds.isFolded(line)) return setFolds(folds.without(line));
    setFollowing(false);
    const edge = await source.search({
      attempt: log.attempt, limit: 1, from: line + 1,
      filter: {...NO_FILTER, text: GROUP_EDGE, regex: true, ignoreCase: false},
    });
    const end = edge.items[0];
    const isEnd = end && /endgroup/.test(end.text);
    setFolds((now) => now.with(line, end ? (isEnd ? end.line : end.line - 1) : store.get().total));
  }, [folds, source, log.attempt, store]);

  const foldAll = useCallback(async () => {
    if (folds.count > 0) return setFolds(new Folds());
    setFollowing(false);
    const edges: Match[] = [];
    let cursor: string | undefined;
    do {
      const answer = await source.search({
        attempt: log.attempt, limit: 500, ...(cursor ? {cursor} : {}),
        filter: {...NO_FILTER, text: GROUP_EDGE, regex: true, ignoreCase: false},
      });
      edges.push(...answer.items);
      cursor = answer.next_cursor;
    } while (cursor && edges.length < MOST_EDGES);
    setFolds(foldedAll(edges, cursor ? (edges.at(-1)?.line ?? 1) - 1 : store.get().total));
    return undefined;
  }, [folds, source, log.attempt, store]);

  const copySelected = async () => {
    if (!selected) return;
    const texts: string[] = [];
    for (let from = selected.from; from <= selected.to && texts.length < 10_000; ) {
      const answer = await source.lines({attempt: log.attempt, from, limit: Math.min(500, selected.to - from + 1)});
      if (answer.items.length === 0) break;
      texts.push(...answer.items.map((line) => line.text));
      from = answer.items.at(-1)!.line + 1;
    }
    await navigator.clipboard.writeText(texts.join('\n') + '\n');
  };

  const follow = () => {
    setFollowing(true);
    view.current?.showEnd();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    const acts: Record<string, () => void> = {
      '/': () => box.current?.focus(), n: () => void search(false), N: () => void search(true), f: follow,
      w: () => wrapChoice.set(wrap ? 'off' : 'on'), c: () => void copySelected(),
      z: () => log.hasGroups && !isList && void foldAll(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const numberWidth = String(log.total).length;
  const lineAt = (row: number): Line | Match | undefined => (list ? list.rowAt(row) : store.lineAt(folds.lineOf(row)));
  const renderRow = (row: number) => {
    const line = lineAt(row);
    const number = list ? (line?.line ?? 0) : folds.lineOf(row);
    const above = row > 0 ? lineAt(row - 1) : undefined;
    return (
      <LineRow
        key={list ? `r${row}` : number} number={number} line={line} numberWidth={numberWidth} timeWidth={TIME_WIDTHS[times]}
        time={line ? timeWords(times, line.at, log.firstAt || line.at, above?.at) : ''}
        spans={list ? (line as Match | undefined)?.spans : finder?.marksOf(number)} whole={whole.get(number)}
        isSelected={selected !== undefined && number >= selected.from && number <= selected.to}
        isCurrent={found?.current === number}
        isGap={list !== undefined && rested.context > 0 && above !== undefined && line !== undefined && above.line + 1 !== line.line}
        isFolded={folds.isFolded(number)} onNumber={pickLine} onExpand={expand} onFold={fold}
      />
    );
  };

  const unseen = log.total - seen;
  const attempts = log.attempts.length > 1 ? log.attempts : [];
  const part = log.attempt === ALL_ATTEMPTS ? 'All attempts' : 'Whole attempt';
  const downloads = [
    {label: `${part}, as written`, href: source.downloadUrl(log.attempt, NO_FILTER, false)},
    {label: `${part}, with times`, href: source.downloadUrl(log.attempt, NO_FILTER, true)},
    ...(rested.text !== '' || rested.stream ? [{label: 'Only the lines that match', href: source.downloadUrl(log.attempt, rested, false)}] : []),
  ];
  return (
    <section className="flex h-full min-h-64 flex-col" aria-label="Log" onKeyDown={pressed}>
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line p-2">
        <SearchBar
          filter={filter} found={found} isFiltering={isFiltering} box={box} onFilter={setFilter} onFiltering={setFiltering}
          onGo={(isBackward) => void search(isBackward)}
          onLeave={() => {
            setFilter((now) => ({...now, text: ''}));
            view.current?.focus();
          }}
        />
        <LookBar
          stream={filter.stream} onStream={(stream) => setFilter((now) => ({...now, stream}))} following={following}
          folded={log.hasGroups && !isList ? folds.count > 0 : undefined} onFold={() => void foldAll()}
          canFollow={!isList} onFollow={() => (following ? setFollowing(false) : follow())} downloads={downloads}
        />
      </div>
      {attempts.length > 0 && (
        <div role="group" aria-label="Attempt" className="flex flex-wrap items-center gap-1 border-b border-line px-2 py-1 text-sm">
          <button
            type="button" aria-pressed={log.attempt === ALL_ATTEMPTS} onClick={() => props.onAttempt?.(ALL_ATTEMPTS)}
            className="h-7 rounded px-2 text-dim hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:text-ink"
          >
            All attempts
          </button>
          {attempts.map((each) => (
            <button
              key={each.attempt} type="button" aria-pressed={each.attempt === log.attempt} onClick={() => props.onAttempt?.(each.attempt)}
              className="h-7 rounded px-2 text-dim hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:text-ink"
            >
              Attempt {each.attempt} <span className="tabular">({each.lines.toLocaleString('en')} lines)</span>
            </button>
          ))}
        </div>
      )}
      <div className="log-frame relative flex min-h-0 flex-1 flex-col">
        <Viewport
          handle={view} rows={rows} wrap={wrap} following={following && !isList} renderRow={renderRow} onPlace={showPlace}
          label={`Log, ${log.attempt === ALL_ATTEMPTS ? 'all attempts' : `attempt ${log.attempt}`}, ${log.total.toLocaleString('en')} lines`} onScrolled={setFollowing}
        />
        {log.isReady && rows === 0 && (
          <p className="pointer-events-none absolute inset-0 grid place-items-center text-sm text-dim">
            {log.error ? 'The log could not be read.' : isList ? (listed?.isComplete ? 'No line matches.' : 'Searching …') : log.complete ? 'Nothing was written.' : 'Nothing was written yet.'}
          </p>
        )}
        {!following && !isList && unseen > 0 && (
          <button type="button" onClick={follow} className="absolute bottom-4 left-1/2 -translate-x-1/2 rounded-full bg-accent px-3 py-1 text-sm font-medium text-accent-ink shadow-lg">
            ↓ {unseen.toLocaleString('en')} new {unseen === 1 ? 'line' : 'lines'}
          </button>
        )}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-2 py-1 text-xs text-dim">
        <span className="tabular">
          {log.total.toLocaleString('en')} lines{log.complete ? '' : ' so far'}
          {selected ? ` · ${formatHash(selected)} selected` : ''}
          {log.error ? ' · the node does not answer' : ''}
        </span>
        {selected && (
          <span className="flex gap-2">
            <button type="button" className="underline hover:text-ink" onClick={() => void copySelected()}>Copy (c)</button>
            <button type="button" className="underline hover:text-ink" onClick={() => { setSelected(undefined); props.onHash?.(''); }}>Clear</button>
          </span>
        )}
      </div>
    </section>
  );
}
