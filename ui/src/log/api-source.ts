// The log of a run as the node's API gives it.
import {api, ask} from '@/api/client';
import type {Filter, Line, Lines, LogSource, Match, Matches} from './source';

/** The parameters of the API that say which lines are wanted. */
export function filterParameters(filter: Filter) {
  return {
    ...(filter.text ? {q: filter.text, regex: filter.regex, ignore_case: filter.ignoreCase} : {}),
    ...(filter.stream ? {stream: filter.stream} : {}),
    ...(filter.context > 0 ? {context: filter.context} : {}),
  };
}

export function apiSource(run: string): LogSource {
  const path = {run};
  return {
    attempts: async (signal) => {
      const {items, complete} = await ask(api.GET('/api/v1/runs/{run}/log/attempts', {signal, params: {path}}));
      return {items: items as Required<NonNullable<typeof items>[number]>[], complete: complete ?? false};
    },
    lines: async (query, signal) => {
      const answer = await ask(api.GET('/api/v1/runs/{run}/log/lines', {signal, params: {path, query}}));
      return {...answer, items: answer.items as Line[]} as Lines;
    },
    line: async ({attempt, line, offset}, signal) => {
      const params = {path: {run, line: String(line)}, query: {attempt, offset}};
      const answer = await ask(api.GET('/api/v1/runs/{run}/log/lines/{line}', {signal, params}));
      return {text: answer.text ?? '', length: answer.length ?? 0, next_offset: answer.next_offset};
    },
    search: async ({filter, ...rest}, signal) => {
      const query = {...rest, ...filterParameters(filter)};
      const answer = await ask(api.GET('/api/v1/runs/{run}/log/search', {signal, params: {path, query}}));
      return {...answer, items: answer.items as Match[]} as Matches;
    },
    downloadUrl: (attempt, filter, timestamps) => {
      const words = {...(attempt > 0 ? {attempt} : {}), ...filterParameters(filter), ...(timestamps ? {timestamps} : {})};
      const query = new URLSearchParams(Object.entries(words).map(([name, value]) => [name, String(value)]));
      const end = query.size > 0 ? `?${query}` : '';
      return `/api/v1/runs/${encodeURIComponent(run)}/log/download${end}`;
    },
  };
}
