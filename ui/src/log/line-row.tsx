// One line on the screen. Parsed here, so only lines that are shown are parsed.
import {memo, useMemo, type MouseEvent} from 'react';
import {parseLine, type Piece} from './ansi';
import {groupTitle} from './folds';
import type {Line, Span} from './source';

const COLLAPSED_CHARACTERS = 1_000; // several screens wide; the rest on a click

export interface RowProps {
  number: number;
  line: Line | undefined; // undefined: on its way
  time: string;
  timeWidth: number; // characters
  numberWidth: number;
  spans?: readonly Span[];
  /** All of a long line, once it was asked for. */
  whole?: string;
  isSelected: boolean;
  isCurrent: boolean;
  isGap: boolean;
  isFolded?: boolean;
  onNumber: (line: number, event: MouseEvent) => void;
  onExpand: (line: Line) => void;
  onFold: (line: number) => void;
}

function PieceText({piece}: {piece: Piece}) {
  const style = piece.colour || piece.background ? {color: piece.colour, backgroundColor: piece.background} : undefined;
  const text = piece.isHit ? <mark>{piece.text}</mark> : piece.text;
  if (piece.href) {
    return (
      <a className={`underline ${piece.classes}`} style={style} href={piece.href} title={piece.href}
        target="_blank" rel="noopener noreferrer nofollow">
        {text}
      </a>
    );
  }
  if (!piece.classes && !style) return text;
  return <span className={piece.classes || undefined} style={style}>{text}</span>;
}

function bytesWords(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const BUTTON = 'rounded border border-line bg-sunken px-1.5 font-sans text-xs text-ink hover:border-edge';

export const LineRow = memo(function LineRow(props: RowProps) {
  const {line, number, whole} = props;
  const isShort = whole === undefined && (line?.text.length ?? 0) > COLLAPSED_CHARACTERS;
  const text = whole ?? (isShort ? line?.text.slice(0, COLLAPSED_CHARACTERS) : line?.text) ?? '';
  const title = groupTitle(text);
  const pieces = useMemo(() => parseLine(title === undefined ? text : title || 'Group', title === undefined ? props.spans : undefined), [text, title, props.spans]);
  const isMore = line !== undefined && whole === undefined && (isShort || line.length !== undefined);
  return (
    <div
      className="log-row" data-line={number} data-stream={line?.stream} data-gap={props.isGap || undefined}
      data-selected={props.isSelected || undefined} data-current={props.isCurrent || undefined}
    >
      <span className="log-gutter">
        <a
          href={`#L${number}`} tabIndex={-1} onClick={(event) => props.onNumber(number, event)} aria-label={`Line ${number}`}
          className="px-2 text-right text-dim tabular hover:text-ink hover:underline" style={{width: `calc(${props.numberWidth}ch + 16px)`}}
        >
          {number}
        </a>
        {props.timeWidth > 0 && (
          <span className="pr-2 text-right text-dim tabular" style={{width: `calc(${props.timeWidth}ch + 8px)`}} title={line?.at}>
            {props.time}
          </span>
        )}
      </span>
      <span className="log-text pl-1">
        {title !== undefined && (
          <button type="button" tabIndex={-1} className="mr-1 w-4 font-sans text-dim" aria-expanded={!props.isFolded}
            aria-label={props.isFolded ? 'Unfold the group' : 'Fold the group'} onClick={() => props.onFold(number)}>
            {props.isFolded ? '▸' : '▾'}
          </button>
        )}
        {title === undefined ? pieces.map((piece, i) => <PieceText key={i} piece={piece} />) : <b>{pieces.map((piece, i) => <PieceText key={i} piece={piece} />)}</b>}
        {line?.stream === 'stderr' && <span className="sr-only"> (standard error)</span>}
        {isMore && (
          <button type="button" tabIndex={-1} className={`${BUTTON} ml-2 select-none`} onClick={() => props.onExpand(line)}>
            show all {bytesWords(line.length ?? line.text.length)}
          </button>
        )}
      </span>
    </div>
  );
});
