// Cancelling, repeating or deleting many runs: those that are selected one by one, all that match a
// query by an operation of the node, which goes on when this page is closed.
import {api, ask} from '@/api/client';
import type {Operation, OperationKind} from '@/api/queries';

export type BulkKind = Exclude<OperationKind, 'backfill'>;

interface Words {
  verb: string;
  follows: string;
}

export const BULK: Record<BulkKind, Words> = {
  cancel_runs: {verb: 'Cancel', follows: 'Those that wait end at once; those that run are asked to stop, and killed if they do not.'},
  rerun_runs: {verb: 'Retry', follows: 'Each finished run is made again as a new run, with the same values and version.'},
  delete_runs: {verb: 'Delete', follows: 'Finished runs go with their logs. This cannot be taken back.'},
};

/** From here on the number must be typed. */
export const MANY = 50;

export function runsWords(count: number, isComplete = true): string {
  return `${isComplete ? '' : 'at least '}${count.toLocaleString('en-US')} ${count === 1 ? 'run' : 'runs'}`;
}

/** How many runs an operation would find; nothing is done. */
export async function countMatching(kind: BulkKind, query: string) {
  const body = {kind, query};
  const found = await ask(api.POST('/api/v1/operations', {params: {query: {dry_run: true}}, body}));
  const {runs = 0, complete = true} = found as {runs?: number; complete?: boolean};
  return {runs, isComplete: complete};
}

export async function startOperation(kind: BulkKind, query: string): Promise<Operation> {
  return (await ask(api.POST('/api/v1/operations', {body: {kind, query}}))) as Operation;
}

export interface BulkProgress {
  total: number;
  done: number;
  refused: {run: string; why: string}[];
}

const AT_ONCE = 4;

/** Does it to each run, a few at once; what one refuses does not hold back the others. */
export async function forEachRun(
  runs: readonly string[],
  act: (run: string) => Promise<unknown>,
  told: (progress: BulkProgress) => void,
  signal: AbortSignal,
): Promise<BulkProgress> {
  const left = [...runs];
  let progress: BulkProgress = {total: runs.length, done: 0, refused: []};
  const work = async () => {
    for (let run = left.shift(); run !== undefined && !signal.aborted; run = left.shift()) {
      try {
        await act(run);
        progress = {...progress, done: progress.done + 1};
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        progress = {...progress, refused: [...progress.refused, {run, why}]};
      }
      told(progress);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, work));
  return progress;
}

export const actOn: Record<'cancel_runs' | 'rerun_runs', (run: string) => Promise<unknown>> = {
  cancel_runs: (run) => ask(api.POST('/api/v1/runs/{run}/cancel', {params: {path: {run}}, body: {}})),
  rerun_runs: (run) => ask(api.POST('/api/v1/runs/{run}/rerun', {params: {path: {run}}, body: {}})),
};
