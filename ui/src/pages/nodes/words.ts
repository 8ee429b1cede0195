// Nodes in words: what they do, their part of the schedules, how their clocks stand. Pure.
import type {Node} from '@/api/queries';

export const CLOCK_TOLERANCE_MS = 1_000; // as the server's: beyond it a node plans nothing
const AGREES_MS = 5; // less than this, a measurement says nothing

export const isInTime = (node: Node) => Math.abs(node.clock_offset_ms ?? 0) <= CLOCK_TOLERANCE_MS;

/** Whether it does what a scheduler does: is one, is there, and in time. */
export const isPlanning = (node: Node) =>
  node.state === 'online' && node.roles.includes('scheduler') && isInTime(node);

const PARTS = ['', 'all', 'half', 'a third', 'a quarter', 'a fifth'];

/** Its part of the schedules, about: "all", "a third". A hash spreads them evenly over those that plan. */
export function shareWords(node: Node, all: readonly Node[]): string {
  if (!isPlanning(node)) return 'none';
  const planning = all.filter(isPlanning).length;
  return PARTS[planning] ?? `1 of ${planning}`;
}

/** Why it has no part in the schedules; undefined where it has one. */
export function whyNoShare(node: Node): string | undefined {
  if (!node.roles.includes('scheduler')) return 'It has no role scheduler.';
  if (node.state !== 'online') return 'The others have taken over its jobs.';
  return isInTime(node) ? undefined : 'Its clock is off: it plans nothing until it is right.';
}

function lengthWords(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** "in step", "120 ms behind", "3.4 s ahead"; "–" where nobody could tell. */
export function clockWords(offset: number | undefined): string {
  if (offset === undefined) return '–';
  if (Math.abs(offset) < AGREES_MS) return 'in step';
  return `${lengthWords(Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead'}`;
}

/** The worker of a node has the same number: both come from what lies in its data directory. */
export const workerIdOf = (node: Node) => node.id.replace(/^node_/, 'wrk_');
