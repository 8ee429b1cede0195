// The screen of a log: as many rows as fit, whatever the log's length. The scrollbar belongs to an
// outer element that is as tall as a browser allows; the rows stand still in its window and are drawn
// for the place that it is scrolled to (scroller.ts).
import {useCallback, useEffect, useImperativeHandle, useLayoutEffect, useReducer, useRef, useState, type KeyboardEvent, type ReactNode, type Ref} from 'react';
import {Scroller} from './scroller';

export const ROW_PIXELS = 20;
const MORE_ROWS = 10; // beyond the edges, so that a short scroll finds them drawn
const SETTLE_MS = 150;

export interface ViewportPlace {
  first: number;
  last: number;
}

export interface ViewportHandle {
  showRow(row: number): void;
  showEnd(): void;
  focus(): void;
}

interface ViewportProps {
  rows: number;
  wrap: boolean;
  following: boolean;
  label: string;
  renderRow: (row: number) => ReactNode;
  onPlace: (place: ViewportPlace) => void;
  /** The person scrolled: at the end now, or away from it. */
  onScrolled: (isAtEnd: boolean) => void;
  onKey?: (event: KeyboardEvent) => void;
  handle: Ref<ViewportHandle>;
}

export function Viewport(props: ViewportProps) {
  const {rows, wrap, following, onPlace, onScrolled} = props;
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [height, setHeight] = useState(0);
  const outer = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null); // less tall by its horizontal scrollbar, if it has one
  const list = useRef<HTMLDivElement>(null);
  const scroller = useRef<Scroller>(null!);
  scroller.current ??= new Scroller(ROW_PIXELS);
  const settling = useRef(0);
  const {current: at} = scroller;
  at.setRows(rows);
  if (following) at.showEnd();

  const settle = useCallback(() => {
    const top = scroller.current.settle();
    const element = outer.current;
    if (!element || Math.abs(element.scrollTop - top) < 1) return;
    element.scrollTop = top;
    scroller.current.barSet(element.scrollTop); // less, while the content is not as tall yet
  }, []);
  const move = useCallback((change: (at: Scroller) => void) => {
    change(scroller.current);
    settle();
    redraw();
  }, [settle]);

  useImperativeHandle(props.handle, () => ({
    showRow: (row) => move((at) => at.show(row, 0.3)),
    showEnd: () => move((at) => at.showEnd()),
    focus: () => outer.current?.focus({preventScroll: true}),
  }));

  useEffect(() => {
    const element = outer.current!;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Before the paint: how tall wrapped rows are, and the bar where the place is.
  const {first, last} = at.visible(MORE_ROWS);
  useLayoutEffect(() => {
    const room = inner.current!.clientHeight;
    if (room !== at.screen) {
      at.setViewport(room);
      if (following) at.showEnd();
      settle();
      redraw();
    }
    const heights = new Map<number, number>();
    if (wrap) [...(list.current?.children ?? [])].forEach((row, i) => heights.set(first + i, row.getBoundingClientRect().height));
    const before = offsetOf(at, first);
    at.measure(heights);
    if (following) {
      at.showEnd();
      settle();
    }
    if (offsetOf(at, first) !== before) redraw();
  });

  useEffect(() => onPlace({first: at.at.row, last}), [at, at.at.row, last, rows, onPlace]);

  const scrolled = () => {
    const top = outer.current!.scrollTop;
    if (Math.abs(top - at.barTop) < 1) return; // our own doing
    at.scrolled(top);
    onScrolled(at.isAtEnd);
    redraw();
    window.clearTimeout(settling.current);
    settling.current = window.setTimeout(settle, SETTLE_MS);
  };
  useEffect(() => () => window.clearTimeout(settling.current), []);

  const pressed = (event: KeyboardEvent) => {
    const page = at.screen - ROW_PIXELS;
    const moves: Record<string, () => void> = {
      Home: () => at.show(0, 0), End: () => at.showEnd(),
      PageUp: () => at.moveBy(-page), PageDown: () => at.moveBy(page),
      ArrowUp: () => at.moveBy(-ROW_PIXELS), ArrowDown: () => at.moveBy(ROW_PIXELS),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!act || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return props.onKey?.(event);
    event.preventDefault();
    move(act);
    onScrolled(at.isAtEnd);
  };

  const drawn: ReactNode[] = [];
  for (let row = first; row <= last; ++row) drawn.push(props.renderRow(row));
  return (
    <div
      ref={outer} role="log" aria-label={props.label} aria-live={following ? 'polite' : 'off'} tabIndex={0}
      onScroll={scrolled} onKeyDown={pressed} className="log-screen relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto bg-panel"
    >
      <div style={{height: at.height + Math.max(0, height - at.screen)}}>
        <div ref={inner} className="sticky top-0 overflow-x-auto overflow-y-hidden" style={{height}}>
          <div ref={list} className="log-rows" data-wrap={wrap ? 'on' : 'off'} style={{transform: `translateY(${-offsetOf(at, first)}px)`}}>
            {drawn}
          </div>
        </div>
      </div>
    </div>
  );
}

/** How far the first row drawn is above the screen's edge. */
function offsetOf(at: Scroller, first: number): number {
  let pixels = at.at.offset;
  for (let row = first; row < at.at.row; ++row) pixels += at.heightOf(row);
  return pixels;
}
