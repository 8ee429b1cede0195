// "#L120" and "#L120-L140": lines as the end of an address.

export interface LineRange {
  from: number;
  to: number;
}

export function parseHash(hash: string): LineRange | undefined {
  const found = /^#?L(\d{1,12})(?:-L?(\d{1,12}))?$/.exec(hash);
  if (!found) return undefined;
  const one = Number(found[1]);
  const other = found[2] === undefined ? one : Number(found[2]);
  if (one < 1 || other < 1) return undefined;
  return {from: Math.min(one, other), to: Math.max(one, other)};
}

export function formatHash({from, to}: LineRange): string {
  return from === to ? `L${from}` : `L${from}-L${to}`;
}

/** What a click on a line number selects; with Shift, from where the selection began. */
export function select(now: LineRange | undefined, line: number, isExtending: boolean): LineRange {
  if (!isExtending || !now) return {from: line, to: line};
  return {from: Math.min(now.from, line), to: Math.max(now.from, line)};
}
