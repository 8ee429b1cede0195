// A real node for the tests of the UI: its own data directory, a free port of the loopback.
import {spawn} from 'node:child_process';
import {closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

const ROOT = new URL('../../..', import.meta.url).pathname;
const BUILD = process.env.MAINSPRING_BUILD ?? join(ROOT, 'build/debug');

export class Node {
  directory = mkdtempSync(join(tmpdir(), 'mainspring-ui-'));
  listen = '127.0.0.1:0';
  flags = [];

  /** `flags`: more of them for `mainspring serve`. */
  static async start(...flags) {
    const node = new Node();
    node.flags = flags;
    await node.start();
    return node;
  }

  async start() {
    const program = join(BUILD, 'bin/mainspring');
    if (!existsSync(program)) throw new Error(`${program} is not built; run ./dev build`);
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('MAINSPRING_'));
    const data = join(this.directory, 'data');
    const log = openSync(join(this.directory, 'log'), 'a');
    this.process = spawn(program, ['serve', '--data-dir', data, '--listen', this.listen, ...this.flags], {
      env: {...Object.fromEntries(kept), XDG_STATE_HOME: join(this.directory, 'state')},
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.url = await this.#readAddress();
    this.listen = this.url.slice('http://'.length); // the same when it starts again
    this.token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
  }

  async #readAddress() {
    for await (const line of createInterface({input: this.process.stdout})) {
      const found = /running at (http:\/\/[\d.:]+)/.exec(line);
      if (!found) continue;
      this.process.stdout.resume(); // it must never wait for a reader
      return found[1];
    }
    const log = readFileSync(join(this.directory, 'log'), 'utf8');
    throw new Error(`the node ended before it served:\n${log.slice(-2_000)}`);
  }

  async kill(signal = 'SIGKILL') {
    this.process.kill(signal);
    await this.exited;
  }

  async close() {
    await this.kill();
    rmSync(this.directory, {recursive: true, force: true});
  }

  async request(method, path, body, headers = {}) {
    const isText = typeof body === 'string';
    const response = await fetch(this.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body === undefined
          ? {}
          : {'Content-Type': isText ? 'application/yaml' : 'application/json'}),
        ...headers,
      },
      body: body === undefined || isText ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  apply(manifest) {
    return this.request('POST', '/api/v1/manifests/apply', manifest);
  }

  /** Starts a run; its id. */
  async submit(job, body = {}) {
    return (await this.request('POST', `/api/v1/jobs/${job}/runs`, body)).id;
  }

  /** The run once `is` is true of it; asks again as soon as something about it changed. */
  async waitForRun(id, is, seconds = 240) {
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const run = await this.request('GET', `/api/v1/runs/${id}`, undefined, {Prefer: 'wait=1'});
      if (is(run)) return run;
      if (Date.now() > deadline) throw new Error(`${id} is ${run.state} after ${seconds} s`);
    }
  }

  /** A link that signs a browser in, once. */
  async signInLink() {
    return this.url + (await this.request('POST', '/api/v1/session/link')).path;
  }
}
