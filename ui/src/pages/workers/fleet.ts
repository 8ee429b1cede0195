// What can be done with workers, and the tokens with which they join.
import {queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';
import type {Worker} from '@/api/queries';

export type Resources = Schemas['WorkerResources'];
export type JoinToken = Schemas['JoinToken'];
export type JoinTokenMade = Schemas['JoinTokenMade'];
type JoinTokenBody = Schemas['JoinTokenBody'];

const pathOf = (worker: Worker) => ({params: {path: {worker: worker.id}}});

export const cordon = (worker: Worker) => ask(api.POST('/api/v1/workers/{worker}/cordon', pathOf(worker)));
export const uncordon = (worker: Worker) => ask(api.POST('/api/v1/workers/{worker}/uncordon', pathOf(worker)));
export const drain = (worker: Worker, deadline: string) =>
  ask(api.POST('/api/v1/workers/{worker}/drain', {...pathOf(worker), body: {deadline}}));
export const remove = (worker: Worker) => ask(api.DELETE('/api/v1/workers/{worker}', pathOf(worker)));

export const makeJoinToken = (body: JoinTokenBody) => ask(api.POST('/api/v1/join-tokens', {body}));
export const revokeJoinToken = (token: string) =>
  ask(api.DELETE('/api/v1/join-tokens/{join_token}', {params: {path: {join_token: token}}}));

/** Asked by administrators alone: the API shows them to nobody else. */
export const joinTokensQuery = queryOptions({
  queryKey: ['join-tokens'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/join-tokens', {signal})),
});
