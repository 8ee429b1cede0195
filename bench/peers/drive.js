// One client process of a peer: node drive.js PEER ADDRESS
//
// It does what the lines of standard input say and answers each with a line of JSON; it ends with
// its input. bench_peers.py starts one or several of these on one server.
//
//   clear                    forgets every job, and history
//   adds CALLERS EACH MS     so many callers add EACH jobs at a time, for so long: {"rate": adds/s}
//   begin CALLERS EACH       callers add, workers work, until `end`: {}
//   warm MS                  waits for the first job to reach its end, and MS more: {}
//   watch MS                 how many jobs reached their end meanwhile: {"rate": jobs/s}
//   end                      {}
import {createInterface} from 'node:readline';

const PEERS = {
  bullmq: './bullmq.js',
  graphile: './graphile.js',
  pgboss: './pgboss.js',
  beanstalkd: './beanstalkd.js',
};

// Callers wait while so many jobs of this process have been added that nobody has begun: enough for
// workers that poll twice a second never to run dry.
const WAITING_AT_MOST = 5_000;

const PATIENCE_MS = 60_000;

// As many bytes as bench_driven gives its runs as parameters.
const PAYLOAD = {order: 'x'.repeat(88)};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const now = () => performance.now();

class Load {
  #peer;
  #added = 0;
  #begun = 0;
  #isEnding = false;
  #running = [];
  #workers;

  constructor(peer) {
    this.#peer = peer;
  }

  async #add(each) {
    if (each === 1) await this.#peer.add(PAYLOAD);
    else await this.#peer.addMany(Array(each).fill(PAYLOAD));
    this.#added += each;
  }

  async #callWhile(each, isOn) {
    while (isOn()) await this.#add(each);
  }

  async adds(callers, each, ms) {
    const [began, before] = [now(), this.#added];
    const isOn = () => now() < began + ms;
    await Promise.all(Array.from({length: callers}, () => this.#callWhile(each, isOn)));
    return {rate: ((this.#added - before) / (now() - began)) * 1000};
  }

  async begin(callers, each) {
    this.#isEnding = false;
    this.#workers = await this.#peer.work({each, onBegun: (count) => (this.#begun += count)});
    const call = async () => {
      while (!this.#isEnding) {
        if (this.#added - this.#begun < WAITING_AT_MOST) await this.#add(each);
        else await pause(5);
      }
    };
    this.#running = Array.from({length: callers}, call);
    return {};
  }

  async clear() {
    this.#added = this.#begun = 0;
    await this.#peer.clear();
    return {};
  }

  async warm(ms) {
    const [before, deadline] = [await this.#peer.finished(), now() + PATIENCE_MS];
    while ((await this.#peer.finished()) <= before) {
      if (now() > deadline) throw new Error('no job reached its end');
      await pause(20);
    }
    await pause(ms);
    return {};
  }

  async watch(ms) {
    const before = await this.#peer.finished();
    const began = now();
    await pause(ms);
    const after = await this.#peer.finished();
    return {rate: ((after - before) / (now() - began)) * 1000};
  }

  async end() {
    this.#isEnding = true;
    await Promise.all(this.#running);
    await this.#workers.stop();
    return {};
  }
}

const [name, address] = process.argv.slice(2);
const {open} = await import(PEERS[name]);
const peer = await open(address);
const load = new Load(peer);
const verbs = {
  clear: () => load.clear(),
  adds: (...numbers) => load.adds(...numbers),
  begin: (...numbers) => load.begin(...numbers),
  warm: (...numbers) => load.warm(...numbers),
  watch: (...numbers) => load.watch(...numbers),
  end: () => load.end(),
};
console.log('{}');
for await (const line of createInterface({input: process.stdin})) {
  const [verb, ...numbers] = line.split(' ');
  console.log(JSON.stringify(await verbs[verb](...numbers.map(Number))));
}
process.exit(0);
