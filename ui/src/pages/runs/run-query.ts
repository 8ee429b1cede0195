// The query language of runs as a person types it; the node reads it (docs/reference/run-query.md),
// here it is completed and changed term by term.
import {RUN_STATES} from '@/components/state';

export const TRIGGERS = [
  'cron', 'every', 'at', 'delay', 'event', 'webhook', 'stream', 'manual', 'api', 'pipeline', 'backfill', 'retry',
];

const STATES = Object.keys(RUN_STATES);

/** Every key with what it asks for, in words. */
export const KEYS: Record<string, string> = {
  state: 'is in one of these states',
  job: 'is of this job; * for any part of a name',
  label: 'its job has this label: team=data',
  trigger: 'was started by one of these',
  queue: 'waits in this queue',
  since: 'made so long ago or later: 2h, 2026-11-22',
  until: 'made before: 1h',
  id: 'has this id',
  operation: 'was made by this operation',
};

const TERM = /(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g;

export function termsOf(query: string): string[] {
  return query.match(TERM) ?? [];
}

/** The term of a key, "state:failed", if the query has it. */
export function termOf(query: string, key: string): string | undefined {
  return termsOf(query).find((term) => term.startsWith(`${key}:`) || term.startsWith(`-${key}:`));
}

/** The query with other terms in the place of those of the same keys. */
export function withTerms(query: string, terms: readonly string[]): string {
  const keyOf = (term: string) => /^-?([^:"]+):/.exec(term)?.[1];
  const replaced = new Set(terms.map(keyOf));
  const kept = termsOf(query).filter((term) => !replaced.has(keyOf(term)) || keyOf(term) === undefined);
  return [...kept, ...terms].join(' ');
}

export function withoutTerms(query: string, terms: readonly string[]): string {
  return termsOf(query).filter((term) => !terms.includes(term)).join(' ');
}

export function hasTerms(query: string, terms: readonly string[]): boolean {
  const present = termsOf(query);
  return terms.every((term) => present.includes(term));
}

/** A value as it stands in a query: in quotes where a blank, a comma or a quote is in it. */
export function quoted(value: string): string {
  return /[\s,"]/.test(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value;
}

/** What the address says in single parameters, as links of other pages do, as one query. */
export function queryOf(search: Partial<Record<string, string>>): string {
  const terms = search.q ? [search.q] : [];
  const names = {job: 'job', state: 'state', trigger: 'trigger', queue: 'queue', label: 'label', operation: 'operation', from: 'since', until: 'until'};
  for (const [name, key] of Object.entries(names)) {
    const value = search[name];
    if (value) terms.push(`${key}:${['state', 'trigger', 'label'].includes(key) ? value : quoted(value)}`);
  }
  return terms.join(' ');
}

/** What is being typed: the value of a key, or a key, and where it begins. */
export interface Typed {
  key: string | undefined;
  text: string;
  from: number;
}

export function typedAt(query: string, caret: number): Typed {
  const before = query.slice(0, caret);
  const term = /(?:[^\s"]|"(?:[^"\\]|\\.)*"?)*$/.exec(before)?.[0] ?? '';
  const colon = term.indexOf(':');
  if (colon < 0) return {key: undefined, text: term, from: caret - term.length};
  const value = term.slice(Math.max(colon, term.lastIndexOf(',')) + 1);
  return {key: term.slice(0, colon).replace(/^-/, ''), text: value, from: caret - value.length};
}

export interface Choice {
  text: string;
  about?: string;
}

const NEGATABLE = ['state', 'label', 'trigger'];
const SPANS = ['15m', '1h', '6h', '24h', '7d', '30d'];

/** What may follow; `names` are those of the jobs or queues that are known. */
export function choicesFor(typed: Typed, names: readonly string[]): Choice[] {
  const starts = (text: string) => text.startsWith(typed.text) && text !== typed.text;
  if (typed.key === undefined) {
    const isNegated = typed.text.startsWith('-');
    const keys = Object.entries(KEYS).filter(([key]) => !isNegated || NEGATABLE.includes(key));
    return keys
      .map(([key, about]) => ({text: `${isNegated ? '-' : ''}${key}:`, about: isNegated ? `not: ${about}` : about}))
      .filter((choice) => starts(choice.text));
  }
  const values: Record<string, readonly string[]> = {
    state: STATES, trigger: TRIGGERS, since: SPANS, until: SPANS, job: names.map(quoted), queue: names.map(quoted),
  };
  return (values[typed.key] ?? []).filter(starts).map((text) => ({text}));
}

/** The query with a choice taken, and where the caret is then. */
export function taken(query: string, caret: number, choice: string): {query: string; caret: number} {
  const {key, from} = typedAt(query, caret);
  const rest = query.slice(caret);
  const blank = key !== undefined && !/^[\s,]/.test(rest) ? ' ' : '';
  const start = query.slice(0, from) + choice + blank;
  return {query: start + rest, caret: start.length};
}

/** Whether it ends where a value is still to come, so that asking now would only bring a mistake. */
export function isUnfinished(query: string): boolean {
  return /[:,]$/.test(query) || (query.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1 || /(^|\s)-$/.test(query);
}

/** A mistake's place in the query, from its column (from 1): up to the end of the word there. */
export function markedAt(query: string, column: number): [string, string, string] {
  const at = Math.min(Math.max(0, column - 1), query.length);
  const length = /^[^\s,:]+/.exec(query.slice(at))?.[0].length ?? 1;
  return [query.slice(0, at), query.slice(at, at + length) || ' ', query.slice(at + length)];
}
