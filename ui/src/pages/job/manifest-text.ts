// The definition of a job as YAML, as the server's own export writes it: keys in their order, long
// texts as blocks.
import {stringify} from 'yaml';

export function manifestText(spec: unknown): string {
  return stringify(spec ?? {}, {lineWidth: 0});
}
