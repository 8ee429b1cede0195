// The limits of a queue, between the fields of a form and the body of a request.
import type {Schemas} from '@/api/client';
import {parseDuration} from '@/components/time-words';

export type QueueBody = Schemas['QueueBody'];
type QueueSpec = Schemas['QueueSpec'];

export interface LimitFields {
  description: string;
  limit: string;
  depth: string;
  weight: string;
  count: string;
  per: string;
  burst: string;
}

export function fieldsOf(spec: QueueSpec): LimitFields {
  const text = (value: number | undefined) => (value ? String(value) : '');
  return {
    description: spec.description ?? '', limit: text(spec.limit), depth: text(spec.depth),
    weight: text(spec.weight),
    count: text(spec.rate?.count), per: spec.rate?.per ?? '1m', burst: text(spec.rate?.burst),
  };
}

export type Mistakes = Partial<Record<keyof LimitFields, string>>;

/** What is wrong with the fields, by field; nothing where they make a body. */
export function mistakesIn(fields: LimitFields): Mistakes {
  const mistakes: Mistakes = {};
  for (const name of ['limit', 'depth', 'weight', 'count', 'burst'] as const) {
    const text = fields[name].trim();
    if (text !== '' && !/^[1-9]\d{0,8}$/.test(text)) mistakes[name] = 'A whole number from 1 on, or nothing';
  }
  if (Number(fields.weight) > 1000) mistakes.weight = 'At most 1000';
  if (fields.count.trim() !== '' && !parseDuration(fields.per.trim())) mistakes.per = 'A duration such as 1m or 30s';
  if (fields.count.trim() === '' && fields.burst.trim() !== '') mistakes.count = 'A burst needs a rate';
  return mistakes;
}

/** What is empty has no limit. */
export function bodyOf(fields: LimitFields): QueueBody {
  const number = (text: string) => (text.trim() === '' ? undefined : Number(text));
  const [limit, depth, weight] = [fields.limit, fields.depth, fields.weight].map(number);
  const [count, burst] = [fields.count, fields.burst].map(number);
  return {
    description: fields.description.trim(),
    ...(limit ? {limit} : {}),
    ...(depth ? {depth} : {}),
    ...(weight ? {weight} : {}),
    ...(count ? {rate: {count, per: fields.per.trim(), burst: burst ?? 0}} : {}),
  };
}

/** "10 per 1m, at once 20"; nothing where there is no rate. */
export function rateWords(rate: Schemas['Rate'] | undefined): string {
  if (!rate) return '';
  return `${rate.count ?? 1} per ${rate.per ?? '1s'}${rate.burst ? `, ${rate.burst} at once` : ''}`;
}
