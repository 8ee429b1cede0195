// A table of any length: only the rows in sight exist. j and k move, Enter opens; the header stays; more
// rows are asked for before the end is reached.
import {useVirtualizer} from '@tanstack/react-virtual';
import {memo, useEffect, useMemo, useRef, useState, type ReactNode, type RefObject} from 'react';
import {useShortcuts} from '@/app/keys';
import {Button} from './button';
import {ErrorPanel} from './error-panel';
import {useNarrow} from './narrow';
import {Loading} from './page';
import {keysBetween, type RowSelection, SelectBox, toggled} from './selection';

const ROW_PX = 34;
const ROWS_AHEAD = 20; // how far from the end the next page is asked for

export interface Column<T> {
  name: string;
  /** A width of a CSS grid track: "120px", "minmax(0,2fr)". */
  width: string;
  cell: (row: T) => ReactNode;
  align?: 'right';
  /** Left out on narrow screens. */
  wideOnly?: boolean;
}

export interface DataTableProps<T> {
  /** Names the table for readers: "Runs". */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  /** In the place of rows, where there are none. */
  empty: ReactNode;
  /** Of the query behind it. */
  isLoading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  /** More pages, where the list goes on. */
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onMore?: () => void;
  /** Rows can be selected: boxes, x for the row, Shift with either for all from the last one on. */
  selection?: RowSelection;
  /** Told when the list is scrolled away from its top, and when it is back. */
  onScrolledAway?: (isAway: boolean) => void;
  /** Rows that wait above, for a list that does not move under who reads it: "12 new runs". */
  waiting?: string;
}

export function DataTable<T>(props: DataTableProps<T>) {
  const {label, rows, onOpen, rowKey, selection, onScrolledAway} = props;
  const isNarrow = useNarrow();
  const columns = useMemo(
    () => (isNarrow ? props.columns.filter((column) => !column.wideOnly) : props.columns),
    [isNarrow, props.columns],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (at) => props.rowKey(rows[at]!),
  });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  const {hasMore, isLoadingMore, onMore, error} = props;
  useEffect(() => {
    const isNear = rows.length > 0 && lastSeen >= rows.length - ROWS_AHEAD;
    if (hasMore && !isLoadingMore && !error && isNear) onMore?.();
  }, [hasMore, isLoadingMore, onMore, error, lastSeen, rows.length]);

  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, active + step));
    if (rows.length === 0) return;
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const selectedLast = useRef<string | undefined>(undefined);
  const select = (key: string, isRange: boolean) => {
    if (!selection) return;
    const range = isRange ? keysBetween(rows.map(rowKey), selectedLast.current, key) : [];
    selection.change(toggled(selection.keys, key, range));
    selectedLast.current = key;
  };
  const selectActive = (isRange: boolean) => rows[active] !== undefined && select(rowKey(rows[active]), isRange);
  const all = rows.length > 0 && rows.every((row) => selection?.keys.has(rowKey(row)));
  useShortcuts([
    ...(selection
      ? ([
          {keys: 'x', does: 'Select the row', group: 'In a table', run: () => selectActive(false)},
          {keys: 'X', does: 'Select up to the row', group: 'In a table', run: () => selectActive(true)},
        ] as const)
      : []),
    {keys: 'j', does: 'Next row', group: 'In a table', run: () => move(1)},
    {keys: 'k', does: 'Row before', group: 'In a table', run: () => move(-1)},
    {
      keys: 'o', does: 'Open the row', group: 'In a table',
      run: () => rows[active] !== undefined && onOpen?.(rows[active]),
    },
  ]);

  const acts = useRef<RowActs<T>>(null!);
  acts.current = {
    press: (event, at) => {
      setActive(at);
      if (onOpen && rows[at] !== undefined && opensRow(event)) onOpen(rows[at]);
    },
    select: (row, isRange) => select(rowKey(row), isRange),
  };
  const tracks = columns.map((column) => column.width).join(' ');
  const grid = {gridTemplateColumns: selection ? `36px ${tracks}` : tracks};
  const table = (
    <div
      ref={scroller} onScroll={(event) => onScrolledAway?.(event.currentTarget.scrollTop > 0)} role="table" aria-label={label} aria-rowcount={hasMore ? -1 : rows.length + 1}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === scroller.current && rows[active] !== undefined) {
          onOpen?.(rows[active]);
        }
      }}
      className="max-h-full min-h-0 overflow-auto rounded-lg border border-line bg-panel text-sm"
    >
      <div role="rowgroup" className="sticky top-0 z-10 bg-panel">
        <div role="row" aria-rowindex={1} style={grid} className="grid h-8 items-center border-b border-line">
          {selection && (
            <div role="columnheader">
              {rows.length > 0 && (
                <SelectBox
                  label="All that are loaded" isOn={all}
                  onToggle={() => selection.change(new Set(all ? [] : rows.map(rowKey)))}
                />
              )}
            </div>
          )}
          {columns.map((column) => (
            <div
              key={column.name} role="columnheader"
              className={`truncate px-2.5 text-xs font-medium text-dim ${column.align === 'right' ? 'text-right' : ''}`}
            >
              {column.name}
            </div>
          ))}
        </div>
      </div>
      {rows.length > 0 && (
        <div role="rowgroup" className="relative" style={{height: virtual.getTotalSize()}}>
          {items.map((item) => {
            const row = rows[item.index]!;
            return (
              <Row
                key={item.key} row={row} at={item.index} start={item.start} size={item.size} columns={columns}
                tracks={grid.gridTemplateColumns} isActive={item.index === active} acts={acts} canOpen={onOpen !== undefined}
                isSelected={selection?.keys.has(rowKey(row))}
              />
            );
          })}
        </div>
      )}
      <TableEnd {...props} />
    </div>
  );
  if (!onScrolledAway) return table;
  return (
    <div className="relative h-full min-h-0">
      {props.waiting && (
        <Button
          look="primary" className="absolute top-10 left-1/2 z-20 -translate-x-1/2 rounded-full shadow-lg"
          onClick={() => scroller.current?.scrollTo({top: 0})}
        >
          {props.waiting}
        </Button>
      )}
      {table}
    </div>
  );
}

interface RowActs<T> {
  press: (event: React.MouseEvent, at: number) => void;
  select: (row: T, isRange: boolean) => void;
}

interface RowProps<T> {
  row: T;
  at: number;
  start: number;
  size: number;
  columns: Column<T>[];
  tracks: string;
  isActive: boolean;
  canOpen: boolean;
  /** undefined: rows of this table are not selected. */
  isSelected: boolean | undefined;
  acts: RefObject<RowActs<T>>;
}

/** Drawn again only when something of it has changed: not while others scroll by, or j and k move on. */
const Row = memo(function Row<T>(props: RowProps<T>) {
  const {row, at, start, size, columns, tracks, isActive, canOpen, isSelected, acts} = props;
  return (
    <div
      role="row" aria-rowindex={at + 2} aria-current={isActive ? true : undefined} aria-selected={isSelected}
      style={{gridTemplateColumns: tracks, height: size, transform: `translateY(${start}px)`}}
      onClick={(event) => acts.current.press(event, at)}
      className={`absolute inset-x-0 grid items-center border-line/60 not-last:border-b ${canOpen ? 'cursor-pointer' : ''} ${isActive ? 'bg-accent-soft shadow-[inset_3px_0_0_var(--color-accent)]' : 'hover:bg-sunken'}`}
    >
      {isSelected !== undefined && (
        <div role="cell">
          <SelectBox label="Select the row" isOn={isSelected} onToggle={(isRange) => acts.current.select(row, isRange)} />
        </div>
      )}
      {columns.map((column) => (
        <div
          key={column.name} role="cell"
          className={`min-w-0 truncate px-2.5 ${column.align === 'right' ? 'tabular text-right' : ''}`}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}) as <T>(props: RowProps<T>) => ReactNode;

/** A click on the row itself: not on a link or button in it, and not the end of a selection. */
function opensRow(event: React.MouseEvent): boolean {
  const target = event.target as HTMLElement;
  if (target.closest('a, button, input, select, label')) return false;
  return !window.getSelection()?.toString();
}

function TableEnd<T>({rows, empty, isLoading, error, onRetry, hasMore, isLoadingMore, onMore}: DataTableProps<T>) {
  if (error) {
    return (
      <WideCell>
        <div className="p-3">
          <ErrorPanel error={error} onRetry={rows.length > 0 ? onMore : onRetry} />
        </div>
      </WideCell>
    );
  }
  if (isLoading) return <WideCell><Loading /></WideCell>;
  if (rows.length === 0) return <WideCell>{empty}</WideCell>;
  if (!hasMore) return null;
  return (
    <WideCell>
      <div className="p-2 text-center">
        <Button look="quiet" busy={isLoadingMore} onClick={onMore}>
          {isLoadingMore ? 'Loading more' : 'Load more'}
        </Button>
      </div>
    </WideCell>
  );
}

/** What is no row is one still for those who hear the table: it may hold nothing else. */
function WideCell({children}: {children: ReactNode}) {
  return (
    <div role="rowgroup">
      <div role="row">
        <div role="cell">{children}</div>
      </div>
    </div>
  );
}
