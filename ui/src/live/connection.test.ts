import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {Connection} from './connection';
import type {LiveEvent, LiveStatus} from './event';
import {SseParser} from './sse';

describe('server-sent events', () => {
  const text = ': beat\nid: 7\nevent: run.queued\ndata: {"a":\ndata: 1}\n\nretry: 1\n\ndata:x\r\n\r\n';

  test('are the same however the bytes are cut', () => {
    const whole = new SseParser().push(text);
    expect(whole).toEqual([
      {id: '7', event: 'run.queued', data: '{"a":\n1}'},
      {id: '7', event: 'message', data: 'x'},
    ]);
    for (let cut = 1; cut < text.length; cut += 1) {
      const parser = new SseParser();
      expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual(whole);
    }
  });
});

/** The stream of a node: what is asked of it, and what it says. */
class FakeStream {
  readonly asked: {url: string; lastId: string | null}[] = [];
  status = 200;
  private controllers: ReadableStreamDefaultController<Uint8Array>[] = [];

  fetch = (async (url: string, init: RequestInit) => {
    this.asked.push({url, lastId: new Headers(init.headers).get('Last-Event-ID')});
    if (this.status !== 200) return new Response('{}', {status: this.status});
    const body = new ReadableStream<Uint8Array>({start: (made) => void this.controllers.push(made)});
    init.signal?.addEventListener('abort', () => this.controllers.at(-1)?.error(init.signal?.reason));
    return new Response(body, {status: 200});
  }) as typeof fetch;

  say(text: string) {
    this.controllers.at(-1)?.enqueue(new TextEncoder().encode(text));
  }
  cut() {
    this.controllers.at(-1)?.error(new Error('cut'));
  }
}

describe('a live connection', () => {
  const seen = {events: [] as LiveEvent[], statuses: [] as LiveStatus[], resyncs: 0};
  const sink = {
    events: (events: LiveEvent[]) => void seen.events.push(...events),
    status: (status: LiveStatus) => void seen.statuses.push(status),
    resync: () => void (seen.resyncs += 1),
  };
  let stream: FakeStream;
  let connection: Connection;
  const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    vi.useFakeTimers();
    Object.assign(seen, {events: [], statuses: [], resyncs: 0});
    stream = new FakeStream();
    connection = new Connection(sink, '', {fetch: stream.fetch, random: () => 0.5});
  });
  afterEach(() => {
    connection.stop();
    vi.useRealTimers();
  });

  test('resumes behind the last event when the line breaks', async () => {
    connection.setTopics(['runs']);
    await later(50);
    stream.say('id: 41\nevent: hello\ndata: {}\n\n');
    stream.say('id: 42\nevent: run.queued\ndata: {"id":"42","subject":"run_1","data":{"job":"x"}}\n\n');
    await later(1);
    expect(seen.events).toEqual([
      {id: '42', type: 'run.queued', subject: 'run_1', time: '', data: {job: 'x'}},
    ]);
    stream.cut();
    await later(2_000);
    expect(seen.statuses).toEqual(['live', 'reconnecting']);
    expect(stream.asked.map((each) => each.lastId)).toEqual([null, '42']);
  });

  test('goes on from where it was when a topic was asked for, not from where it is when the request goes out', async () => {
    connection.setTopics(['jobs']);
    await later(50);
    stream.say('id: 41\nevent: hello\ndata: {}\n\n');
    await later(1);
    connection.setTopics(['jobs', 'runs']);
    stream.say('id: 43\nevent: job.created\ndata: {"id":"43","subject":"job_1","data":{}}\n\n');
    await later(50);
    expect(stream.asked.at(-1)).toEqual({url: '/api/v1/stream?topics=jobs,runs', lastId: '41'});
  });

  test('goes on from where another tab was when that one asked for a topic', async () => {
    connection.setTopics(['jobs']);
    await later(50);
    stream.say('id: 41\nevent: hello\ndata: {}\n\n');
    await later(1);
    connection.setTopics(['jobs', 'runs'], '38');
    await later(50);
    expect(stream.asked.at(-1)?.lastId).toBe('38');
    stream.say('id: 38\nevent: hello\ndata: {}\n\nid: 45\n\n');
    await later(1);
    connection.setTopics(['runs']);
    await later(50);
    expect(stream.asked.at(-1)?.lastId).toBe('45');
  });

  test('begins behind the event that the page knows already', async () => {
    connection.stop();
    connection = new Connection(sink, '17', {fetch: stream.fetch, random: () => 0.5});
    connection.setTopics(['runs']);
    await later(50);
    expect(stream.asked.at(-1)?.lastId).toBe('17');
    stream.say('id: 17\nevent: hello\ndata: {}\n\n');
    await later(1);
    stream.cut(); // before what was missed has come
    await later(2_000);
    expect(stream.asked.at(-1)?.lastId).toBe('17');
  });

  test('is given up when not even a heartbeat came, and opened again', async () => {
    connection.setTopics(['runs']);
    await later(50);
    stream.say('event: hello\ndata: {}\n\n');
    await later(39_000);
    expect(stream.asked).toHaveLength(1);
    await later(5_000);
    expect(stream.asked).toHaveLength(2);
  });

  test('waits longer after each failure, up to a limit', async () => {
    stream.status = 503;
    connection.setTopics(['runs']);
    await later(10_000);
    const soon = stream.asked.length;
    expect(soon).toBeGreaterThan(3);
    await later(60_000);
    expect(stream.asked.length - soon).toBeLessThanOrEqual(5);
  });

  test('takes topics that come together in one request, sorted and without doubles', async () => {
    connection.setTopics(['runs']);
    connection.setTopics(['runs', 'log:run_1', 'jobs', 'jobs']);
    await later(50);
    expect(stream.asked.map((each) => each.url)).toEqual(['/api/v1/stream?topics=jobs,log%3Arun_1,runs']);
  });

  test('tells that everything must be read again when the node says so', async () => {
    connection.setTopics(['runs']);
    await later(50);
    stream.say('id: 9\nevent: resync\ndata: {}\n\n');
    await later(1);
    expect(seen.resyncs).toBe(1);
    expect(seen.events).toEqual([]);
  });

  test('ends with the session, and asks no more', async () => {
    stream.status = 401;
    connection.setTopics(['runs']);
    await later(60_000);
    expect(seen.statuses).toEqual(['signed_out']);
    expect(stream.asked).toHaveLength(1);
  });
});
