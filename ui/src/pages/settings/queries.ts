import {queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';

export type Setting = Schemas['Setting'];
export type Token = Schemas['Token'];
export type Backup = Schemas['Backup'];

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/settings', {signal})),
  staleTime: Number.POSITIVE_INFINITY, // they change with a start of the node only
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/tokens', {signal})),
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/backups', {signal})),
});
