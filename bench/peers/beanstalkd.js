// beanstalkd, by its text protocol, over connections of which each waits for its answer. What is
// finished is deleted: it keeps no history.
import {createConnection} from 'node:net';

const CONNECTIONS = Number(process.env.BEANSTALKD_CONNECTIONS ?? 64);
const WORKERS = Number(process.env.BEANSTALKD_WORKERS ?? 32);

// Answers come in the order of the questions.
class Connection {
  #socket;
  #waiting = [];
  #text = '';

  constructor(path) {
    this.#socket = createConnection(path);
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text) => this.#take(text));
    this.#socket.on('error', (error) => this.#waiting.forEach((each) => each.reject(error)));
  }

  #take(text) {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf('\r\n');
      if (end < 0) return;
      const words = this.#text.slice(0, end).split(' ');
      const bytes = words[0] === 'RESERVED' || words[0] === 'OK' ? Number(words.at(-1)) + 2 : 0;
      if (this.#text.length < end + 2 + bytes) return;
      const body = this.#text.slice(end + 2, end + 2 + bytes);
      this.#text = this.#text.slice(end + 2 + bytes);
      this.#waiting.shift().resolve({words, body});
    }
  }

  ask(text) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({resolve, reject});
      this.#socket.write(text, 'latin1');
    });
  }

  close() {
    this.#socket.destroy();
  }
}

async function put(connection, payload) {
  const body = JSON.stringify(payload);
  const {words} = await connection.ask(`put 0 0 60 ${body.length}\r\n${body}\r\n`);
  if (words[0] !== 'INSERTED') throw new Error(`beanstalkd said ${words.join(' ')}`);
}

export async function open(address) {
  const connections = Array.from({length: CONNECTIONS}, () => new Connection(address));
  const control = new Connection(address);
  let next = 0;
  const take = () => connections[next++ % connections.length];

  async function workOn(connection, state) {
    while (!state.isEnding) {
      const {words} = await connection.ask('reserve-with-timeout 1\r\n');
      if (words[0] !== 'RESERVED') continue;
      await state.run();
      await connection.ask(`delete ${words[1]}\r\n`);
    }
    connection.close();
  }

  return {
    add: (payload) => put(take(), payload),
    // It has no command for many: they go down one connection without waiting in between.
    addMany(payloads) {
      const connection = take();
      return Promise.all(payloads.map((payload) => put(connection, payload)));
    },
    async finished() {
      const {body} = await control.ask('stats\r\n');
      return Number(/^cmd-delete: (\d+)/m.exec(body)[1]);
    },
    async work(run, slots) {
      const state = {isEnding: false, run};
      const workers = Array.from({length: slots || WORKERS}, () => workOn(new Connection(address), state));
      return {
        async stop() {
          state.isEnding = true;
          await Promise.all(workers);
        },
      };
    },
    async clear() {
      for (;;) {
        const {words} = await control.ask('reserve-with-timeout 0\r\n');
        if (words[0] !== 'RESERVED') return;
        await control.ask(`delete ${words[1]}\r\n`);
      }
    },
  };
}
