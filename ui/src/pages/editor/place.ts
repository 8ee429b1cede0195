// Where the cursor is in a YAML text that may be half written: the path of keys, and whether a key or a
// value is being written. By indentation, since what is half written cannot be parsed. Pure.

export interface Place {
  path: (string | number)[];
  /** The key whose value is being written; undefined where a key is. */
  key?: string;
  /** What has been written of the word, and where it begins. */
  word: string;
  from: number;
  /** The keys that the map has already. */
  present: string[];
}

const KEY = /^(\s*(?:- +)*)([\w.-]+):(?:\s|$)/;
const indentOf = (line: string) => /^ */.exec(line)![0].length;
const keyColumn = (line: string) => /^\s*(?:- +)*/.exec(line)![0].length;

export function placeAt(text: string, offset: number): Place | undefined {
  const documentStart = Math.max(0, text.lastIndexOf('\n---', offset - 1) + 1);
  const before = text.slice(documentStart, offset);
  const lines = before.split('\n');
  const line = lines.pop() ?? '';
  if (/(^|\s)#/.test(line)) return undefined;
  const above = lines.filter((each) => each.trim() !== '' && !/^\s*#|^---/.test(each));
  const flow = /^(.*)\{([^{}]*)$/.exec(line);
  const outer = flow ? flow[1]! : line;
  const path = pathAbove(above, keyColumn(outer), outer);
  if (flow) return placeInFlow(path, outer, flow[2]!, offset);
  const value = /^(\s*(?:- +)*)([\w.-]+):\s+(\S*)$/.exec(line);
  if (value) return {path, key: value[2]!, word: value[3]!, from: offset - value[3]!.length, present: []};
  const key = /^\s*(?:- +)*([\w.-]*)$/.exec(line);
  if (!key) return undefined;
  return {path, word: key[1]!, from: offset - key[1]!.length, present: siblings(above, keyColumn(line), text.slice(offset))};
}

function placeInFlow(path: (string | number)[], outer: string, inner: string, offset: number): Place | undefined {
  const owner = /([\w.-]+):\s*$/.exec(outer)?.[1];
  const inside = owner === undefined ? path : [...path, owner];
  const last = inner.split(',').pop() ?? '';
  const value = /^\s*([\w.-]+):\s+(\S*)$/.exec(last);
  if (value) return {path: inside, key: value[1]!, word: value[2]!, from: offset - value[2]!.length, present: []};
  const key = /^\s*([\w.-]*)$/.exec(last);
  if (!key) return undefined;
  const present = [...inner.matchAll(/([\w.-]+):/g)].map((match) => match[1]!);
  return {path: inside, word: key[1]!, from: offset - key[1]!.length, present};
}

/** The keys that the line at `column` stands below, the outermost first. */
function pathAbove(above: readonly string[], column: number, line: string): (string | number)[] {
  const path: (string | number)[] = [];
  let limit = column;
  if (/^\s*-/.test(line)) {
    path.unshift(0);
    limit = indentOf(line) + 1; // a list may stand as far out as its key
  }
  for (let at = above.length - 1; at >= 0 && limit > 0; at -= 1) {
    const each = above[at]!;
    const found = KEY.exec(each);
    const isItem = /^\s*-/.test(each);
    if (isItem && indentOf(each) < limit && keyColumn(each) >= limit && path[0] !== 0) {
      path.unshift(0);
      limit = indentOf(each) + 1;
      continue;
    }
    if (!found || found[1]!.length >= limit) continue;
    path.unshift(found[2]!);
    limit = found[1]!.length;
    if (isItem) {
      path.unshift(0);
      limit = indentOf(each) + 1;
    }
  }
  return path;
}

/** The keys of the same map, above and below. */
function siblings(above: readonly string[], column: number, rest: string): string[] {
  const found: string[] = [];
  const take = (lines: readonly string[]) => {
    for (const line of lines) {
      const key = KEY.exec(line);
      if (keyColumn(line) < column || line.startsWith('---')) return;
      if (key && key[1]!.length === column) found.push(key[2]!);
      if (/^\s*-/.test(line) && keyColumn(line) === column) return;
    }
  };
  take([...above].reverse());
  take(rest.split('\n').slice(1).filter((line) => line.trim() !== ''));
  return found;
}
