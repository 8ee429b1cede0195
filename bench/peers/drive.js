// One client process of a peer: node drive.js PEER ADDRESS
//
// It does what the lines of standard input say and answers each with a line of JSON; it ends with
// its input. bench_peers.py and bench_fleet.py start it, once or several times for one server.
//
//   clear                  forgets every job, and history
//   adds CALLERS EACH MS   so many callers add EACH jobs at a time, for so long: {"rate": adds/s}
//   fill COUNT             adds so many jobs, 100 at a time: {}
//   work SLOTS             begins to work. Jobs do nothing, with the peer's best settings; or, where
//                          SLOTS is not 0, each starts /bin/true, so many at a time: {}
//   drain COUNT            waits until so many jobs have reached their end since the last `mark`:
//                          {"rate": jobs/s since `work`}
//   mark                   {}
//   rest                   ends what `work` began: {}
import {execFile} from 'node:child_process';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';

const PEERS = {
  bullmq: './bullmq.js',
  graphile: './graphile.js',
  pgboss: './pgboss.js',
  beanstalkd: './beanstalkd.js',
};

const PATIENCE_MS = 120_000;

// As many bytes as bench_driven gives its runs as parameters.
const PAYLOAD = {order: 'x'.repeat(88)};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const now = () => performance.now();
const start = promisify(execFile);
const NOTHING = async () => {};

class Load {
  #peer;
  #marked = 0; // jobs that had reached their end
  #workers;
  #workBegan = 0;

  constructor(peer) {
    this.#peer = peer;
  }

  clear() {
    return this.#peer.clear();
  }

  #add(each) {
    return each === 1 ? this.#peer.add(PAYLOAD) : this.#peer.addMany(Array(each).fill(PAYLOAD));
  }

  async adds(callers, each, ms) {
    let added = 0;
    const began = now();
    const call = async () => {
      while (now() < began + ms) {
        await this.#add(each);
        added += each;
      }
    };
    await Promise.all(Array.from({length: callers}, call));
    return {added, rate: (added / (now() - began)) * 1000};
  }

  async fill(count) {
    for (let left = count; left > 0; left -= 100) await this.#add(Math.min(left, 100));
  }

  async mark() {
    this.#marked = await this.#peer.finished();
  }

  async work(slots) {
    this.#workers = await this.#peer.work(slots > 0 ? () => start('/bin/true') : NOTHING, slots);
    this.#workBegan = now();
  }

  async drain(count) {
    while ((await this.#peer.finished()) < this.#marked + count) {
      if (now() > this.#workBegan + PATIENCE_MS) throw new Error('some jobs never reach their end');
      await pause(10);
    }
    return {rate: (count / (now() - this.#workBegan)) * 1000};
  }

  rest() {
    return this.#workers.stop();
  }
}

const [name, address] = process.argv.slice(2);
const {open} = await import(PEERS[name]);
const load = new Load(await open(address));
console.log('{}');
for await (const line of createInterface({input: process.stdin})) {
  const [verb, ...numbers] = line.split(' ');
  console.log(JSON.stringify({...(await load[verb](...numbers.map(Number)))}));
}
process.exit(0);
