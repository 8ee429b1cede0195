// A PostgreSQL of the tests' own (tests/support/postgres.py), for nodes that share a store.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

const SCRIPT = new URL('../../../tests/support/postgres.py', import.meta.url).pathname;
// It says where the server is, and keeps it until its input ends.
const KEEP = 'echo "$MAINSPRING_TEST_POSTGRES"; exec cat >/dev/null';

export class Postgres {
  static async start() {
    const postgres = new Postgres();
    const options = {stdio: ['pipe', 'pipe', 'inherit']};
    postgres.process = spawn('python3', ['-B', SCRIPT, 'run', 'sh', '-c', KEEP], options);
    postgres.exited = new Promise((resolve) => postgres.process.once('exit', resolve));
    for await (const line of createInterface({input: postgres.process.stdout})) {
      postgres.url = line;
      break;
    }
    if (!postgres.url) throw new Error('PostgreSQL did not start; ./dev deps installs it');
    return postgres;
  }

  async close() {
    this.process.stdin.end();
    await this.exited;
  }
}
