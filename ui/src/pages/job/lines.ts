// Two texts line by line: what stays, what goes and what comes. Pure.

export interface Line {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

const MOST_LINES = 2_000; // a table of both lengths; beyond it the middle is shown as replaced whole

/** The shortest way from `before` to `after` by whole lines. */
export function diffLines(before: string, after: string): Line[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (text: string): Line => ({kind: 'same', text});
  return [
    ...a.slice(0, start).map(same),
    ...diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

function diffMiddle(a: string[], b: string[]): Line[] {
  const gone = (text: string): Line => ({kind: 'gone', text});
  const fresh = (text: string): Line => ({kind: 'new', text});
  if (a.length > MOST_LINES || b.length > MOST_LINES) return [...a.map(gone), ...b.map(fresh)];
  // common[i][j]: how many lines a from i on and b from j on have in common, in order.
  const common = Array.from({length: a.length + 1}, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i]![j] =
        a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({kind: 'same', text: a[i]!});
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(gone(a[i++]!));
    } else {
      lines.push(fresh(b[j++]!));
    }
  }
  return lines;
}

const AROUND = 3;

/** Without the long stretches that stay: a number in their place says how many lines they are. */
export function foldSame(lines: readonly Line[]): (Line | number)[] {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((line) => line.kind !== 'same'),
  );
  const folded: (Line | number)[] = [];
  lines.forEach((line, at) => {
    const last = folded.at(-1);
    if (isNear[at]) folded.push(line);
    else if (typeof last === 'number') folded[folded.length - 1] = last + 1;
    else folded.push(1);
  });
  return folded;
}
