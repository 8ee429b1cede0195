// The YAML that the editor holds, as the form sees it: fields are read from it and written into it, and
// comments and the order of keys stay. Pure.
import {isMap, isSeq, parseAllDocuments, parseDocument, type Document} from 'yaml';

export type Path = readonly (string | number)[];

export interface Mistake {
  line: number; // from 1
  column: number; // from 1
  message: string;
}

/** The one document of a manifest, or undefined: several, none, or no map. */
function single(text: string): Document.Parsed | undefined {
  const documents = parseAllDocuments(text, {keepSourceTokens: true});
  if (!Array.isArray(documents) || documents.length !== 1) return undefined;
  const [found] = documents;
  return found && found.errors.length === 0 && isMap(found.contents) ? found : undefined;
}

/** Whether the form can show it: one document without a mistake of its writing. */
export function isOneDocument(text: string): boolean {
  return text.trim() === '' || single(text) !== undefined;
}

/** The value at a path, as plain JSON; undefined where there is none. */
export function read(text: string, path: Path): unknown {
  const found = single(text);
  if (!found) return undefined;
  const value: unknown = (found.toJS() as unknown) ?? undefined;
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value);
}

/** The text with another value at a path; `undefined` takes the key away. */
export function write(text: string, path: Path, value: unknown): string {
  const document = text.trim() === '' ? parseDocument('{}') : single(text);
  if (!document) return text;
  if (text.trim() === '' && isMap(document.contents)) document.contents.flow = false;
  if (value === undefined) document.deleteIn(path);
  else if (path.length > 1 && !holdsKeys(document.getIn(path.slice(0, -1), true))) {
    document.setIn(path.slice(0, -1), document.createNode({[path.at(-1)!]: value}));
  } else document.setIn(path, value);
  return document.toString({lineWidth: 0, flowCollectionPadding: false});
}

const holdsKeys = (node: unknown) => isMap(node) || isSeq(node);

/** Where the plain words of a timeout are: `timeout: 1h`, or the `run` of a map. */
export function timeoutPath(text: string): Path {
  const timeout = read(text, ['timeout']);
  return typeof timeout === 'object' && timeout !== null ? ['timeout', 'run'] : ['timeout'];
}

export interface ScheduleAt {
  path: Path;
  kind: 'none' | 'cron' | 'every' | 'other';
  /** The cron expression or the interval. */
  text: string;
  timezone: string;
}

/** The first schedule, however it is written. */
export function scheduleAt(text: string): ScheduleAt {
  const whole = read(text, ['schedule']);
  const path: Path = Array.isArray(whole) ? ['schedule', 0] : ['schedule'];
  const first: unknown = Array.isArray(whole) ? whole[0] : whole;
  if (typeof first === 'string') return {path, kind: 'cron', text: first, timezone: ''};
  const {cron, every, timezone} = (first ?? {}) as Record<string, unknown>;
  const zone = typeof timezone === 'string' ? timezone : '';
  if (typeof cron === 'string') return {path, kind: 'cron', text: cron, timezone: zone};
  if (typeof every === 'string') return {path, kind: 'every', text: every, timezone: zone};
  return {path, kind: first === undefined ? 'none' : 'other', text: '', timezone: zone};
}

/** The text with another cron expression or interval; what else the schedule says stays. */
export function writeSchedule(text: string, next: {kind: 'none' | 'cron' | 'every'; text: string; timezone: string}): string {
  const now = scheduleAt(text);
  if (next.kind === 'none') return write(text, now.path, undefined);
  const whole = read(text, now.path);
  const rest: Record<string, unknown> = typeof whole === 'object' && whole !== null ? {...whole} : {};
  for (const key of ['cron', 'every', 'at', 'delay', 'timezone']) delete rest[key];
  if (typeof whole === 'object' && whole !== null && now.kind === next.kind) {
    const written = write(text, [...now.path, next.kind], next.text);
    return write(written, [...now.path, 'timezone'], next.timezone || undefined);
  }
  return write(text, now.path, {
    [next.kind]: next.text, ...(next.timezone ? {timezone: next.timezone} : {}), ...rest,
  });
}

/** What lies between the ends that two texts share: the least that an editor must replace. */
export function replacement(before: string, after: string): {from: number; to: number; insert: string} | undefined {
  if (before === after) return undefined;
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return {from: start, to: before.length - end, insert: after.slice(start, after.length - end)};
}
