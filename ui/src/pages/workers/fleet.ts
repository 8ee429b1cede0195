// What can be done with workers, and the tokens with which they join. A node that is older than this
// page has none of it: its workers lack the keys, and there are no join tokens to ask for.
import {queryOptions} from '@tanstack/react-query';
import {api, ask} from '@/api/client';
import {ApiError} from '@/api/problem';
import type {Worker} from '@/api/queries';

export interface Resources {
  cpu?: number;
  memory_bytes?: number;
  gpus?: number;
  gpu_memory_bytes?: number;
  gpu_names?: string[];
}

export type FleetWorker = Worker & {
  resources?: Resources;
  used?: Resources;
  remote?: boolean;
  cordoned?: boolean;
  drain_until?: string;
};

export interface JoinToken {
  id: string;
  uses: number;
  used: number;
  labels?: Record<string, string>;
  slots_limit?: number;
  created_by?: string;
  created_at: string;
  expires_at: string;
  expired: boolean;
}

export interface JoinTokenMade {
  id: string;
  token: string;
  uses: number;
  expires_at: string;
}

export interface JoinTokenBody {
  uses: number;
  expires_in: string;
  labels?: Record<string, string>;
  slots_limit?: number;
}

type Method = 'GET' | 'POST' | 'DELETE';
type Call = (path: string, options: {body?: unknown}) => Promise<{data?: unknown; error?: unknown; response: Response}>;

/** A request to a route that the document of an older node does not have. */
function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const call = api[method] as unknown as Call;
  return ask<T>(call(path, body === undefined ? {} : {body}) as Promise<{data?: T; error?: unknown; response: Response}>);
}

const pathOf = (worker: Worker) => `/api/v1/workers/${encodeURIComponent(worker.id)}`;

/** Whether this node can be told what a worker is to do. */
export const takesOrders = (worker: FleetWorker) => worker.cordoned !== undefined;

export const cordon = (worker: Worker) => request<FleetWorker>('POST', `${pathOf(worker)}/cordon`);
export const uncordon = (worker: Worker) => request<FleetWorker>('POST', `${pathOf(worker)}/uncordon`);
export const drain = (worker: Worker, deadline: string) =>
  request<FleetWorker>('POST', `${pathOf(worker)}/drain`, {deadline});
export const remove = (worker: Worker) => request<undefined>('DELETE', pathOf(worker));

export const makeJoinToken = (body: JoinTokenBody) => request<JoinTokenMade>('POST', '/api/v1/join-tokens', body);
export const revokeJoinToken = (id: string) =>
  request<undefined>('DELETE', `/api/v1/join-tokens/${encodeURIComponent(id)}`);

/** null: this node has no such thing, or does not show it to who asks. */
export const joinTokensQuery = queryOptions({
  queryKey: ['join-tokens'],
  queryFn: async () => {
    try {
      return (await request<{items?: JoinToken[]}>('GET', '/api/v1/join-tokens')).items ?? [];
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null;
      throw error;
    }
  },
});
