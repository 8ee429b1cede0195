// The API's own description, as a reference is read: operations, their parts, examples. Pure.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface Body {
  description?: string;
  content?: Record<string, {schema?: Schema}>;
}

interface Described {
  operationId: string;
  tags?: string[];
  summary?: string;
  'x-permission'?: string;
  parameters?: Parameter[];
  requestBody?: Body;
  responses?: Record<string, Body>;
}

export interface ApiDocument {
  info: {title: string; version: string; description?: string};
  paths: Record<string, Record<string, Described>>;
  components?: {schemas?: Record<string, Schema>};
}

export interface Operation extends Described {
  method: string;
  path: string;
  tag: string;
}

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described, path, method: method.toUpperCase(), tag: described.tags?.[0] ?? 'other',
    })),
  );
}

/** Every word of `text` is in the method, path, name or summary. */
export function isFound(operation: Operation, text: string): boolean {
  const {method, path, operationId, summary, tag} = operation;
  const all = `${method} ${path} ${operationId} ${summary} ${tag}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

export function byTag(operations: readonly Operation[]): [string, Operation[]][] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    groups.set(operation.tag, [...(groups.get(operation.tag) ?? []), operation]);
  }
  return [...groups];
}

const nameOf = (schema: Schema) => schema.$ref?.split('/').at(-1);

export function resolved(document: ApiDocument, schema: Schema): Schema {
  const name = nameOf(schema);
  return (name && document.components?.schemas?.[name]) || schema;
}

/** "string (date-time)", "Run[]", "integer". */
export function typeWords(schema: Schema | undefined): string {
  if (!schema) return 'anything';
  const name = nameOf(schema);
  if (name) return name;
  if (schema.type === 'array') return `${typeWords(schema.items)}[]`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map of ${typeWords(schema.additionalProperties)}`;
  }
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything');
  return schema.format && schema.type === 'string' ? `${type} (${schema.format})` : type;
}

export interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  words: string;
  /** The schema behind it, where it has fields of its own. */
  inner: Schema | undefined;
}

export function fieldsOf(document: ApiDocument, schema: Schema): Field[] {
  const whole = resolved(document, schema);
  return Object.entries(whole.properties ?? {}).map(([name, each]) => {
    const element = each.items ?? each;
    const target = resolved(document, element);
    const words = target.enum ? ` One of ${target.enum.join(', ')}.` : '';
    return {
      name, type: typeWords(each), isRequired: whole.required?.includes(name) ?? false,
      words: `${each.description ?? target.description ?? ''}${words}`,
      inner: target.properties ? element : undefined,
    };
  });
}

/** A value of the schema: what must be there, or all of one level where nothing must. */
export function exampleOf(document: ApiDocument, schema: Schema, depth = 0): unknown {
  const whole = resolved(document, schema);
  if (schema.examples?.length) return schema.examples[0];
  if (whole.examples?.length) return whole.examples[0];
  if (whole.enum) return whole.default ?? whole.enum[0];
  if (whole.properties) {
    const names = Object.keys(whole.properties);
    const wanted = whole.required?.length ? names.filter((name) => whole.required?.includes(name)) : depth > 0 ? [] : names.slice(0, 3);
    return Object.fromEntries(wanted.map((name) => [name, exampleOf(document, whole.properties?.[name] ?? {}, depth + 1)]));
  }
  if (whole.type === 'array') return [];
  if (whole.type === 'object') return {};
  if (whole.type === 'integer' || whole.type === 'number') return whole.default ?? whole.minimum ?? 0;
  if (whole.type === 'boolean') return whole.default ?? false;
  if (whole.format === 'date-time') return '2026-03-29T02:30:00Z';
  return whole.default ?? 'text';
}

const placeholders = (path: string) => path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function bodyOf(document: ApiDocument, operation: Operation): {type: string; text: string} | undefined {
  const [first] = Object.entries(operation.requestBody?.content ?? {});
  if (!first) return undefined;
  const [type, {schema}] = first;
  const isJson = type === 'application/json';
  return {type, text: isJson ? JSON.stringify(exampleOf(document, schema ?? {})) : '@file'};
}

export function curlExample(document: ApiDocument, operation: Operation, origin: string): string {
  const body = bodyOf(document, operation);
  const lines = [
    `curl ${operation.method === 'GET' ? '' : `-X ${operation.method} `}${origin}${placeholders(operation.path)}`,
    `-H "Authorization: Bearer $MAINSPRING_TOKEN"`,
  ];
  if (body) {
    lines.push(`-H 'Content-Type: ${body.type}'`);
    lines.push(body.text === '@file' ? '--data-binary @FILE' : `-d ${quoted(body.text)}`);
  }
  return lines.join(' \\\n  ');
}

export function jobctlExample(document: ApiDocument, operation: Operation): string {
  const body = bodyOf(document, operation);
  const data = body ? ` --data ${body.text === '@file' ? '@FILE' : quoted(body.text)}` : '';
  return `jobctl api ${operation.method} ${placeholders(operation.path)}${data}`;
}
