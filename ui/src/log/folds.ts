// Folds: groups of lines that are folded to their first one, and what that does to the order of rows.
// Rows count from 0, lines from 1. Pure.

const GROUP = /^(?:##\[group\]|::group::)(.*)$/;
const GROUP_END = /^(?:##\[endgroup\]|::endgroup::)/;

/** For the node's search: where groups end or the next one begins; they do not nest. */
export const GROUP_EDGE = '^(##\\[(end)?group\\]|::(end)?group::)';

/** The title of a line that begins a group. */
export function groupTitle(text: string): string | undefined {
  return GROUP.exec(text)?.[1]?.trim();
}
export function endsGroup(text: string): boolean {
  return GROUP_END.test(text);
}

interface Fold {
  first: number; // the line that stays
  last: number; // hidden up to and with it
}

export class Folds {
  private folds: Fold[] = []; // by line, apart from each other

  constructor(folds: readonly Fold[] = []) {
    this.folds = [...folds].sort((a, b) => a.first - b.first);
  }

  isFolded(line: number): boolean {
    return this.folds.some((fold) => fold.first === line);
  }
  get count(): number {
    return this.folds.length;
  }

  with(first: number, last: number): Folds {
    const apart = this.folds.filter((fold) => fold.last < first || fold.first > last);
    return new Folds([...apart, {first, last}]);
  }
  without(first: number): Folds {
    return new Folds(this.folds.filter((fold) => fold.first !== first));
  }
  /** With the line in sight. */
  showing(line: number): Folds {
    const open = this.folds.filter((fold) => line <= fold.first || line > fold.last);
    return open.length === this.folds.length ? this : new Folds(open);
  }

  private hiddenBefore(line: number): number {
    let hidden = 0;
    for (const fold of this.folds) {
      if (fold.first >= line) break;
      hidden += Math.min(fold.last, line - 1) - fold.first;
    }
    return hidden;
  }

  rows(total: number): number {
    return total - this.hiddenBefore(total + 1);
  }
  /** The row of a line; of a hidden one that of its group. */
  rowOf(line: number): number {
    const fold = this.folds.find((each) => line > each.first && line <= each.last);
    const shown = fold ? fold.first : line;
    return shown - 1 - this.hiddenBefore(shown);
  }
  lineOf(row: number): number {
    let line = row + 1;
    for (const fold of this.folds) {
      if (fold.first >= line) break;
      line += fold.last - fold.first;
    }
    return line;
  }
}

/** Every group folded, from the lines where they begin and end; the last one may still be open. */
export function foldedAll(edges: readonly {line: number; text: string}[], total: number): Folds {
  const folds: Fold[] = [];
  let first: number | undefined;
  const close = (last: number) => {
    if (first !== undefined && last > first) folds.push({first, last});
    first = undefined;
  };
  for (const {line, text} of edges) {
    const isEnd = endsGroup(text);
    close(isEnd ? line : line - 1);
    if (!isEnd) first = line;
  }
  close(total);
  return new Folds(folds);
}
