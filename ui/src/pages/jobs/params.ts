// The form of a job's params: texts that a person writes, values that the server takes. Pure.
import type {Schemas} from '@/api/client';

export type Param = Schemas['Param'];
export type Params = Record<string, Param>;

export const isLong = (param: Param) => param.type === 'object' || param.type === 'array';

/** What may be chosen, where it is one of a few; as texts. */
export function choicesOf(param: Param): string[] | undefined {
  if (param.enum && param.enum.length > 0) return param.enum.map(textOf);
  return param.type === 'boolean' ? ['true', 'false'] : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** "a whole number, 1 to 10; 2 when empty". */
export function hintOf(param: Param): string {
  const words = {
    string: 'text', integer: 'a whole number', number: 'a number', boolean: 'true or false',
    object: 'a JSON object', array: 'a JSON list',
  };
  const {minimum, maximum, max_length: length} = param;
  const range =
    minimum !== undefined && maximum !== undefined
      ? `, ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `, at least ${minimum}`
        : maximum !== undefined
          ? `, at most ${maximum}`
          : length !== undefined
            ? `, at most ${length} characters`
            : '';
  const empty = param.default === undefined ? '' : `; ${textOf(param.default)} when empty`;
  return `${param.description ? `${param.description} ` : ''}(${words[param.type ?? 'string']}${range}${empty})`;
}

export interface Filled {
  params: Record<string, unknown>;
  mistakes: Record<string, string>;
}

/** What the texts mean. What is empty is left out: the server takes its default then. */
export function fill(params: Params, texts: Record<string, string>): Filled {
  const filled: Filled = {params: {}, mistakes: {}};
  for (const [name, param] of Object.entries(params)) {
    const text = texts[name] ?? '';
    if (text === '') {
      if (param.required && param.default === undefined) filled.mistakes[name] = 'Give it a value.';
      continue;
    }
    const value = valueOf(param, text);
    const mistake = value === undefined ? `This is not ${hintOf({type: param.type ?? 'string'})}.` : '';
    if (mistake) filled.mistakes[name] = mistake;
    else filled.params[name] = value;
  }
  return filled;
}

function valueOf(param: Param, text: string): unknown {
  const chosen = param.enum?.find((value) => textOf(value) === text);
  if (chosen !== undefined) return chosen;
  if ((param.type ?? 'string') === 'string') return text;
  try {
    const value: unknown = JSON.parse(text);
    return fits(param.type, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fits(type: Param['type'], value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
