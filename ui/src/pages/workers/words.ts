// Workers in words: what their machines have, and how one joins. Pure.
import type {Resources} from './fleet';

const GIB = 2 ** 30;

const sizeWords = (bytes: number) => `${bytes >= 10 * GIB ? Math.round(bytes / GIB) : Math.round((bytes / GIB) * 10) / 10} GiB`;
const coreWords = (cores: number) => `${Math.round(cores * 10) / 10} ${cores === 1 ? 'core' : 'cores'}`;
const gpuWords = (gpus: number) => `${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`;

/** "16 cores, 63 GiB, 2 × NVIDIA H100 80GB HBM3"; empty where nobody could tell. */
export function resourceWords(resources: Resources | undefined): string {
  if (!resources) return '';
  const {cpu = 0, memory_bytes: memory = 0, gpus = 0, gpu_names: names = []} = resources;
  const parts: string[] = [];
  if (cpu > 0) parts.push(coreWords(cpu));
  if (memory > 0) parts.push(sizeWords(memory));
  if (gpus > 0) {
    const kinds = [...new Set(names)];
    parts.push(
      kinds.length > 0
        ? kinds.map((kind) => `${names.filter((each) => each === kind).length} × ${kind}`).join(', ')
        : gpuWords(gpus),
    );
  }
  return parts.join(', ');
}

/** What is left of it beside what its runs take: "13 cores, 55 GiB, 1 GPU"; empty where nobody could tell. */
export function freeWords(resources: Resources | undefined, used: Resources = {}): string {
  const parts: string[] = [];
  const left = (name: 'cpu' | 'memory_bytes' | 'gpus') => Math.max(0, (resources?.[name] ?? 0) - (used[name] ?? 0));
  if (resources?.cpu) parts.push(coreWords(left('cpu')));
  if (resources?.memory_bytes) parts.push(sizeWords(left('memory_bytes')));
  if (resources?.gpus) parts.push(gpuWords(left('gpus')));
  return parts.join(', ');
}

/** The labels of "site=home, gpu=yes"; undefined where something in it is none. */
export function readLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const each of text.split(',').map((part) => part.trim()).filter(Boolean)) {
    const [, name, value] = /^([^=\s]+)=(\S+)$/.exec(each) ?? [];
    if (!name || value === undefined) return undefined;
    labels[name] = value;
  }
  return labels;
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || host.startsWith('127.');

/** What is pasted on the other machine: the token into a file that only its user reads, then the start. */
export function joinCommands(token: string, origin: string): [string, string] {
  const {protocol, hostname} = new URL(origin);
  const needsLeave = protocol === 'http:' && !isLoopback(hostname);
  return [
    `(umask 077; echo ${token} >join-token)`,
    `mainspring worker --join ${origin} --token-file join-token${needsLeave ? ' --insecure' : ''}`,
  ];
}
