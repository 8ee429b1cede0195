// Mistakes that can be told without the server: of the YAML itself, and against the schema. Pure. The
// server has the last word, and its mistakes take the place of these on the same line.
import {isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node} from 'yaml';
import type {Mistake, Path} from './document';
import {keysAt, type Schema, schemasAt, valueMistake} from './manifest-schema';

export function mistakesIn(text: string, root: Schema | undefined): Mistake[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {lineCounter: lines});
  if (!Array.isArray(documents)) return [];
  const found: Mistake[] = [];
  const add = (offset: number, message: string) => {
    const {line, col} = lines.linePos(offset);
    found.push({line, column: col, message});
  };
  for (const document of documents) {
    for (const error of document.errors) add(error.pos[0], plain(error.message));
    if (root && document.errors.length === 0 && document.contents) walk(document.contents, [], root, add);
  }
  return found;
}

/** Without the excerpt that the parser puts below its sentence. */
const plain = (message: string) => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');

function walk(node: Node, path: Path, root: Schema, add: (offset: number, message: string) => void): void {
  const start = node.range?.[0] ?? 0;
  const schemas = schemasAt(path, root);
  if (schemas.length === 0) return;
  const value: unknown = isScalar(node) ? node.value : isMap(node) ? {} : isSeq(node) ? [] : undefined;
  const mistake = value === undefined ? undefined : valueMistake(value, schemas);
  if (mistake) return add(start, mistake);
  if (isSeq(node)) {
    node.items.forEach((item, at) => walk(item as Node, [...path, at], root, add));
    return;
  }
  if (!isMap(node)) return;
  const isClosed = schemas.every((schema) => schema.type !== 'object' || schema.additionalProperties === false);
  const known = keysAt(path, root).map((offer) => offer.name);
  for (const {key, value: below} of node.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (schemasAt([...path, name], root).length > 0) {
      if (below) walk(below as Node, [...path, name], root, add);
    } else if (isClosed && known.length > 0) {
      const near = closest(name, known);
      add(key.range?.[0] ?? start, `unknown key '${name}'${near ? `; did you mean ${near}?` : ''}`);
    }
  }
}

/** The known word that is one or two strokes away. */
function closest(word: string, known: readonly string[]): string | undefined {
  const scored = known.map((each) => [distance(word, each), each] as const).sort(([a], [b]) => a - b);
  const [best] = scored;
  return best && best[0] <= 2 ? best[1] : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Those of the server, and of ours those on lines that it says nothing about. */
export function merged(ours: readonly Mistake[], servers: readonly Mistake[]): Mistake[] {
  const told = new Set(servers.map((mistake) => mistake.line));
  return [...servers, ...ours.filter((mistake) => !told.has(mistake.line))].sort((a, b) => a.line - b.line);
}
