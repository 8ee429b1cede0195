// The same on a command line: `jobctl`, and curl with a token from the environment.
import type {Run} from '@/api/queries';

/** As a POSIX shell reads it as one word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function paramWords(params: Record<string, unknown>): string[] {
  return Object.entries(params).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `-p ${shellWord(`${name}=${text}`)}`;
  });
}

/** Starts a run like this one. */
export function asJobctl(run: Pick<Run, 'job' | 'params'>): string {
  return ['jobctl run', shellWord(run.job), ...paramWords(run.params ?? {})].join(' ');
}

export function asCurl(run: Pick<Run, 'job' | 'params'>, origin: string): string {
  const body = Object.keys(run.params ?? {}).length > 0 ? {params: run.params} : {};
  return [
    `curl -X POST ${shellWord(`${origin}/api/v1/jobs/${encodeURIComponent(run.job)}/runs`)}`,
    `-H "Authorization: Bearer $MAINSPRING_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d ${shellWord(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}
