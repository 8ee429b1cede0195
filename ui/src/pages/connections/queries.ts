// What the pages of connections ask, and change.
import {queryOptions, useMutation, useQueryClient} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';
import {confirm} from '@/components/dialog';
import {toast, toastError} from '@/components/toasts';
import type {ConnectionSpec} from './fields';

export type ConnectionSummary = Schemas['ConnectionSummary'];

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/connections', {signal})),
});

export const connectionQuery = (connection: string) =>
  queryOptions({
    queryKey: ['connections', connection],
    queryFn: ({signal}) => ask(api.GET('/api/v1/connections/{connection}', {signal, params: {path: {connection}}})),
  });

export const putConnection = (spec: ConnectionSpec) =>
  ask(api.PUT('/api/v1/connections/{connection}', {params: {path: {connection: spec.name}}, body: spec}));

export const tryConnection = (connection: string) =>
  ask(api.POST('/api/v1/connections/{connection}/test', {params: {path: {connection}}}));

export function useDelete(done: () => void) {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: (connection: string) =>
      ask(api.DELETE('/api/v1/connections/{connection}', {params: {path: {connection}}})),
    onSuccess: (_, connection) => {
      toast({title: `Deleted ${connection}`});
      done();
    },
    onError: toastError('Could not delete the connection'),
    onSettled: () => client.invalidateQueries({queryKey: ['connections']}),
  });
  return async (connection: string) => {
    const text = 'A connection that a job names is refused to be deleted. Secrets stay where they lie, with the workers.';
    const question = {title: `Delete ${connection}?`, text, action: 'Delete the connection', isDestructive: true};
    if (await confirm(question)) mutation.mutate(connection);
  };
}
