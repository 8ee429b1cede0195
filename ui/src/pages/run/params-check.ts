// Whether edited values fit the parameters of a job, before the node is asked; it decides in the end.
import type {Schemas} from '@/api/client';

export type Param = Schemas['Param'];
export type Params = Record<string, unknown>;

export interface Mistake {
  where: string;
  what: string;
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The line and column that the browser's parser names, as "line 2, column 5". */
function placeOf(text: string, message: string): string {
  const offset = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) return 'the text';
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The values of a text, or what is wrong with it. */
export function readParams(text: string, known: Record<string, Param>): {values: Params} | {mistakes: Mistake[]} {
  let values: unknown;
  try {
    values = JSON.parse(text.trim() || '{}');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {mistakes: [{where: placeOf(text, message), what: 'this is no JSON; every name and text stands in double quotes'}]};
  }
  if (!TYPES.object!(values)) return {mistakes: [{where: 'the text', what: 'write an object: {"name": value}'}]};
  const mistakes = mistakesIn(values as Params, known);
  return mistakes.length > 0 ? {mistakes} : {values: values as Params};
}

function mistakesIn(values: Params, known: Record<string, Param>): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [name, value] of Object.entries(values)) {
    const param = known[name];
    const names = Object.keys(known);
    const what = param
      ? mistakeOf(value, param)
      : names.length > 0 ? `the job has no such parameter; it has ${names.join(', ')}` : 'the job takes no parameters';
    if (what) mistakes.push({where: name, what});
  }
  for (const [name, param] of Object.entries(known)) {
    if (param.required && param.default === undefined && values[name] === undefined) {
      mistakes.push({where: name, what: 'is required'});
    }
  }
  return mistakes;
}

function mistakeOf(value: unknown, param: Param): string | undefined {
  if (value === null) return undefined; // takes the value away
  if (param.type && !TYPES[param.type]?.(value)) return `must be of type ${param.type}`;
  if (param.enum?.length && !param.enum.some((each) => JSON.stringify(each) === JSON.stringify(value))) {
    return `must be one of ${param.enum.map((each) => JSON.stringify(each)).join(', ')}`;
  }
  if (typeof value === 'number' && param.minimum !== undefined && value < param.minimum) return `must be at least ${param.minimum}`;
  if (typeof value === 'number' && param.maximum !== undefined && value > param.maximum) return `must be at most ${param.maximum}`;
  if (typeof value === 'string' && param.max_length && [...value].length > param.max_length) {
    return `must have at most ${param.max_length} characters`;
  }
  return undefined;
}

/** What a re-run must be told: the values that differ, and null for those that were taken out. */
export function changesOf(before: Params, after: Params): Params {
  const changes: Params = {};
  for (const [name, value] of Object.entries(after)) {
    if (JSON.stringify(before[name]) !== JSON.stringify(value)) changes[name] = value;
  }
  for (const name of Object.keys(before)) if (!(name in after)) changes[name] = null;
  return changes;
}
