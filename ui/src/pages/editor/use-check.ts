// What the server says about the text: its plan, or its mistakes; asked when the typing pauses.
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {useEffect, useMemo, useState} from 'react';
import {api, ask} from '@/api/client';
import {ApiError} from '@/api/problem';
import {manifestSchemaQuery} from '../jobs/queries';
import type {Mistake} from './document';
import {merged, mistakesIn} from './lint';
import type {Schema} from './manifest-schema';

const PAUSE_MS = 350;

/** The manifest as it is sent: the client would write a text as JSON otherwise. */
export const asYaml = (text: string) => ({
  body: text as never,
  bodySerializer: (body: unknown) => String(body),
  headers: {'Content-Type': 'application/yaml'},
});

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function useCheck(text: string) {
  const settled = useSettled(text);
  const schema = useQuery(manifestSchemaQuery).data as Schema | undefined;
  const plan = useQuery({
    queryKey: ['plan', settled],
    queryFn: ({signal}) =>
      ask(api.POST('/api/v1/manifests/apply', {signal, params: {query: {dry_run: true}}, ...asYaml(settled)})),
    enabled: settled.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
  const error = plan.error instanceof ApiError ? plan.error : undefined;
  const isChecked = settled === text && !plan.isFetching && !plan.isPlaceholderData;
  const mistakes = useMemo((): Mistake[] => {
    const servers = (settled === text && error?.problem.errors) || [];
    return merged(
      mistakesIn(text, schema),
      servers.map(({line, column, message, suggestion}) => ({
        line: line ?? 1, column: column ?? 1,
        message: `${message ?? ''}${suggestion ? `; did you mean ${suggestion}?` : ''}`,
      })),
    );
  }, [text, settled, schema, error]);
  return {schema, mistakes, plan: isChecked && !error ? plan.data : undefined, error, isChecked};
}
