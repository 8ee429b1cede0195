// One connection to GET /api/v1/stream that heals itself: it reconnects with growing pauses, resumes
// behind the last event it has seen, and takes new topics without a gap: whoever asks for a topic reads
// what it shows at the same time, so the stream goes on from where it was then, not from where it is
// once the new request is on its way.
import type {LiveEvent, LiveSink} from './event';
import {SseParser} from './sse';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const SILENCE_MS = 40_000; // the node beats every 15 s: this long without a byte, the line is dead
const TOPICS_SETTLE_MS = 30; // pages come and go together: one reconnect for all their topics

export interface ConnectionWorld {
  fetch: typeof fetch;
  random: () => number;
}

export class Connection {
  private topics: string[] = [];
  private lastId: string;
  private wishedAt: string | undefined; // where the stream was when topics were added that it has not yet
  private abort: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;

  constructor(
    private readonly sink: LiveSink,
    lastId = '',
    private readonly world: ConnectionWorld = {fetch: (...all) => fetch(...all), random: Math.random},
  ) {
    this.lastId = lastId;
  }

  /** `since`: the last event that whoever added a topic has seen, where that is not this connection. */
  setTopics(topics: Iterable<string>, since = this.lastId): void {
    const wanted = [...new Set(topics)].sort();
    if (wanted.join() === this.topics.join()) return;
    if (wanted.some((topic) => !this.topics.includes(topic))) {
      this.wishedAt = earlier(this.wishedAt ?? this.lastId, since);
    }
    this.topics = wanted;
    this.schedule(TOPICS_SETTLE_MS);
  }

  /** Tries at once, where it waits before the next try. */
  hurry(): void {
    if (this.abort === undefined && this.topics.length > 0) this.schedule(0);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.abort?.abort();
  }

  private schedule(afterMs: number): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.connect(), afterMs);
  }

  private async connect(): Promise<void> {
    this.abort?.abort();
    this.abort = undefined;
    if (this.topics.length === 0) return;
    const abort = new AbortController();
    this.abort = abort;
    this.expectBytes();
    try {
      await this.read(abort);
    } catch {
      // The line broke, or somebody aborted it: both are seen below.
    }
    if (this.abort !== abort || this.isStopped) return; // another connection took its place
    this.abort = undefined;
    clearTimeout(this.silence);
    this.retryLater();
  }

  private async read(abort: AbortController): Promise<void> {
    const headers: Record<string, string> = {Accept: 'text/event-stream'};
    this.lastId = earlier(this.wishedAt ?? this.lastId, this.lastId);
    if (this.lastId) headers['Last-Event-ID'] = this.lastId;
    const url = `/api/v1/stream?topics=${this.topics.map(encodeURIComponent).join(',')}`;
    const response = await this.world.fetch(url, {headers, signal: abort.signal, cache: 'no-store'});
    if (response.status === 401) {
      this.isStopped = true;
      clearTimeout(this.silence);
      this.sink.status('signed_out');
      return;
    }
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
    const parser = new SseParser();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const {done, value} = await reader.read();
      if (done || this.abort !== abort) return;
      this.expectBytes();
      this.deliver(parser, decoder.decode(value, {stream: true}));
    }
  }

  private deliver(parser: SseParser, text: string): void {
    const events: LiveEvent[] = [];
    let isStale = false;
    for (const message of parser.push(text)) {
      if (message.event === 'hello') {
        this.failures = 0;
        this.wishedAt = undefined;
        this.sink.status('live');
      } else if (message.event === 'resync') {
        isStale = true;
      } else {
        const event = parseEvent(message.event, message.data);
        if (event) events.push(event);
      }
    }
    if (parser.lastId) this.lastId = parser.lastId;
    if (events.length > 0) this.sink.events(events);
    if (isStale) this.sink.resync();
  }

  private retryLater(): void {
    this.sink.status('reconnecting');
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures += 1;
    this.schedule(pause * (0.75 + this.world.random() / 2)); // not every browser at one instant
  }

  private expectBytes(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.abort?.abort(), SILENCE_MS);
  }
}

/** The earlier of two positions in the log of events; one that is not known says nothing. */
function earlier(a: string, b: string): string {
  if (!a || !b) return a || b;
  return Number(b) < Number(a) ? b : a;
}

export function parseEvent(type: string, text: string): LiveEvent | undefined {
  try {
    const read = JSON.parse(text) as Record<string, unknown>;
    if (type === 'log.grew') {
      return {id: '', type, subject: String(read.run ?? ''), time: '', data: read};
    }
    return {
      id: String(read.id ?? ''),
      type,
      subject: String(read.subject ?? ''),
      time: String(read.time ?? ''),
      data: (read.data ?? {}) as Record<string, unknown>,
    };
  } catch {
    return undefined; // half a message, cut by a proxy: the resume brings it again
  }
}
