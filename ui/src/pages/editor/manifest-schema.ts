// The generated JSON Schema of a manifest, for completion and lint: which keys a map takes, which values
// a key. Pure. Only what that schema uses is understood: $ref, oneOf, anyOf, enum, items, properties.

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  default?: unknown;
  examples?: unknown[];
  required?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

/** The schemas that may hold at a place: references followed, choices laid side by side. */
export function choices(schema: Schema | undefined, root: Schema): Schema[] {
  if (!schema) return [];
  const name = schema.$ref?.replace('#/$defs/', '');
  const own = name ? [...choices(root.$defs?.[name], root)] : [];
  const among = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((each) => choices(each, root));
  if (own.length + among.length > 0) return [...own, ...among];
  return [schema];
}

/** The schemas at a path of keys; a number is a place in a list. */
export function schemasAt(path: readonly (string | number)[], root: Schema): Schema[] {
  let found = choices(root, root);
  for (const key of path) {
    found = found.flatMap((schema) => {
      if (typeof key === 'number') return choices(schema.items, root);
      const own = schema.properties?.[key];
      if (own) return choices(own, root);
      return typeof schema.additionalProperties === 'object' ? choices(schema.additionalProperties, root) : [];
    });
  }
  return found;
}

/** What belongs to a type of job that this node does not run yet is not offered. */
const isNotYet = (schema: Schema) => schema.description?.includes('not in this build') ?? false;

export interface KeyOffer {
  name: string;
  description: string;
  /** What is put behind the colon: nothing, a line of its own for maps. */
  isMap: boolean;
}

export function keysAt(path: readonly (string | number)[], root: Schema): KeyOffer[] {
  const offers = new Map<string, KeyOffer>();
  for (const schema of schemasAt(path, root)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (isNotYet(property)) continue;
      const below = choices(property, root);
      const isMap = below.length > 0 && below.every((each) => each.type === 'object');
      offers.set(name, {name, description: property.description ?? '', isMap});
    }
  }
  return [...offers.values()];
}

export interface ValueOffer {
  text: string;
  description: string;
}

export function valuesAt(path: readonly (string | number)[], root: Schema): ValueOffer[] {
  return schemasAt(path, root).flatMap((schema) => {
    if (schema.enum) {
      return schema.enum.map((value) => ({
        text: String(value), description: meaningOf(String(value), schema.description ?? ''),
      }));
    }
    if (schema.type === 'boolean') return ['true', 'false'].map((text) => ({text, description: ''}));
    return (schema.examples ?? [])
      .filter((example) => typeof example !== 'object')
      .map((example) => ({text: String(example), description: 'for example'}));
  });
}

/** Of "- `skip`: The fire is skipped." the sentence of one word. */
function meaningOf(word: string, description: string): string {
  const line = description.split('\n').find((each) => each.startsWith(`- \`${word}\`:`));
  return line?.slice(line.indexOf(':') + 1).trim() ?? '';
}

/** What a value is, in the words of a schema's `type`. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a text', integer: 'a whole number', number: 'a number', boolean: 'true or false',
  array: 'a list', object: 'a map',
};

/** What is wrong with one value by itself, not with what it holds; undefined where it may stand. */
export function valueMistake(value: unknown, schemas: readonly Schema[]): string | undefined {
  const typed = schemas.filter((schema) => schema.type !== undefined);
  if (value === null || typed.length < schemas.length) return undefined;
  const is = typeOf(value);
  const fitting = typed.filter((schema) => schema.type === is || (schema.type === 'number' && is === 'integer'));
  if (fitting.length === 0) {
    // A number where a text is due is read as that text by the server.
    const isScalar = is !== 'object' && is !== 'array';
    if (isScalar && typed.some((schema) => schema.type === 'string')) return undefined;
    const wanted = [...new Set(typed.map((schema) => TYPE_WORDS[schema.type ?? ''] ?? schema.type))];
    return `this is ${TYPE_WORDS[is] ?? is}; write ${wanted.join(' or ')}`;
  }
  const closed = fitting.filter((schema) => schema.enum);
  if (closed.length === fitting.length && closed.length > 0) {
    const allowed = closed.flatMap((schema) => schema.enum ?? []);
    if (!allowed.includes(value)) return `'${String(value)}' is none of ${allowed.join(', ')}`;
  }
  return undefined;
}
