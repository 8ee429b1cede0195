// Two versions of a text, line by line; a sign says what the colour says.
import {useMemo} from 'react';
import {diffLines, foldSame, type Line} from './lines';

const LOOKS: Record<Line['kind'], {sign: string; look: string}> = {
  same: {sign: ' ', look: ''},
  gone: {sign: '-', look: 'bg-bad-soft text-bad'},
  new: {sign: '+', look: 'bg-good-soft text-good'},
};

export function LineDiff({before, after, label}: {before: string; after: string; label: string}) {
  const rows = useMemo(() => foldSame(diffLines(before, after)), [before, after]);
  if (before === after) return <p className="p-3 text-sm text-dim">They are the same.</p>;
  return (
    <pre tabIndex={0} aria-label={label} className="max-h-[60dvh] overflow-auto py-2 font-mono text-xs leading-5">
      {rows.map((row, at) =>
        typeof row === 'number' ? (
          <div key={at} className="bg-sunken px-3 text-dim">
            {row} {row === 1 ? 'line' : 'lines'} that stay
          </div>
        ) : (
          <div key={at} className={`w-max min-w-full px-3 ${LOOKS[row.kind].look}`}>
            {LOOKS[row.kind].sign} {row.text}
          </div>
        ),
      )}
    </pre>
  );
}
