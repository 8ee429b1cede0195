// One connection per browser. The tab that holds a Web Lock is the leader: it has the connection, for
// the topics of all tabs, and passes on what comes over a BroadcastChannel. When it closes, another
// tab gets the lock and goes on behind the last event that it has seen. Where a browser has no locks
// (a page that is not secure, such as http:// on another machine), each tab has a connection of its own.
import {Connection} from './connection';
import type {LiveEvent, LiveSink, LiveStatus} from './event';

const LOCK = 'mainspring.live';
const REPEAT_WISH_MS = 30_000;
const FORGET_TAB_MS = 180_000; // timers of hidden tabs run once a minute

export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: {data: unknown}) => void) | null;
  close(): void;
}

export interface Feed {
  /** `since`: the last event that whoever added a topic has seen, where that is another tab. */
  setTopics(topics: Iterable<string>, since?: string): void;
  hurry(): void;
  stop(): void;
}

export interface HubWorld {
  tab: string;
  channel?: Channel;
  locks?: Pick<LockManager, 'request'>;
  connect(sink: LiveSink, lastId: string): Feed;
  now(): number;
}

type Message =
  | {kind: 'want'; tab: string; topics: string[]; since: string}
  | {kind: 'bye'; tab: string}
  | {kind: 'ask'}
  | {kind: 'events'; events: LiveEvent[]}
  | {kind: 'resync'}
  | {kind: 'status'; status: LiveStatus};

export class LiveHub {
  private readonly wishes = new Map<string, number>(); // topic -> how many want it, in this tab
  private readonly tabs = new Map<string, {topics: string[]; heardAt: number}>(); // for the leader
  private feed: Feed | undefined;
  private current: LiveStatus = 'connecting';
  private readonly repeat: ReturnType<typeof setInterval>;
  private resign: (() => void) | undefined;
  private isClosed = false;

  /** `lastId`: the last event of which what is shown knows already; "" where that is not known. */
  constructor(
    private readonly sink: LiveSink,
    private readonly world: HubWorld,
    private lastId = '',
  ) {
    if (world.channel) world.channel.onmessage = (event) => this.hear(event.data as Message);
    this.repeat = setInterval(() => this.sayWishes(), REPEAT_WISH_MS);
    if (world.locks && world.channel) this.standForLeader(world.locks);
    else this.lead();
  }

  get isLeader(): boolean {
    return this.feed !== undefined;
  }
  get status(): LiveStatus {
    return this.current;
  }

  /** Asks for topics; the returned function gives them up again. */
  want(topics: readonly string[]): () => void {
    for (const topic of topics) this.wishes.set(topic, (this.wishes.get(topic) ?? 0) + 1);
    this.sayWishes();
    let isWanted = true;
    return () => {
      if (!isWanted) return;
      isWanted = false;
      for (const topic of topics) {
        const left = (this.wishes.get(topic) ?? 1) - 1;
        if (left > 0) this.wishes.set(topic, left);
        else this.wishes.delete(topic);
      }
      this.sayWishes();
    };
  }

  hurry(): void {
    this.feed?.hurry();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.repeat);
    this.say({kind: 'bye', tab: this.world.tab});
    this.feed?.stop();
    this.feed = undefined;
    this.resign?.();
    this.world.channel?.close();
  }

  private standForLeader(locks: Pick<LockManager, 'request'>): void {
    const term = () =>
      new Promise<void>((resolve) => {
        if (this.isClosed) return resolve();
        this.resign = resolve;
        this.lead();
      });
    locks.request(LOCK, term).catch(() => this.lead());
    this.say({kind: 'ask'}); // how the connection stands, of the leader there may be
  }

  private lead(): void {
    if (this.isClosed || this.feed) return;
    this.feed = this.world.connect(
      {
        events: (events) => {
          this.say({kind: 'events', events});
          this.takeEvents(events);
        },
        resync: () => {
          this.say({kind: 'resync'});
          this.sink.resync();
        },
        status: (status) => {
          this.say({kind: 'status', status});
          this.takeStatus(status);
        },
      },
      this.lastId,
    );
    this.say({kind: 'ask'});
    this.sayWishes();
  }

  private hear(message: Message): void {
    if (this.isClosed) return;
    switch (message.kind) {
      case 'want':
        this.tabs.set(message.tab, {topics: message.topics, heardAt: this.world.now()});
        this.updateFeed(message.since);
        break;
      case 'bye':
        this.tabs.delete(message.tab);
        this.updateFeed();
        break;
      case 'ask':
        this.say(this.wish());
        if (this.feed) this.say({kind: 'status', status: this.current});
        break;
      case 'events':
        this.takeEvents(message.events);
        break;
      case 'resync':
        this.sink.resync();
        break;
      case 'status':
        this.takeStatus(message.status);
        break;
    }
  }

  private sayWishes(): void {
    if (this.isClosed) return;
    this.say(this.wish());
    this.updateFeed();
  }

  private wish(): Message {
    return {kind: 'want', tab: this.world.tab, topics: [...this.wishes.keys()], since: this.lastId};
  }

  private updateFeed(since?: string): void {
    if (!this.feed) return;
    const topics = new Set(this.wishes.keys());
    for (const [tab, {topics: theirs, heardAt}] of this.tabs) {
      if (this.world.now() - heardAt > FORGET_TAB_MS) this.tabs.delete(tab);
      else for (const topic of theirs) topics.add(topic);
    }
    this.feed.setTopics(topics, since);
  }

  private takeEvents(events: LiveEvent[]): void {
    const last = events.findLast((event) => event.id !== '');
    if (last) this.lastId = last.id;
    this.sink.events(events);
  }

  private takeStatus(status: LiveStatus): void {
    this.current = status;
    this.sink.status(status);
  }

  private say(message: Message): void {
    this.world.channel?.postMessage(message);
  }
}

/** The world of a browser's tab. */
export function browserWorld(): HubWorld {
  const hasChannel = typeof BroadcastChannel !== 'undefined';
  return {
    tab: crypto.getRandomValues(new Uint32Array(2)).join('-'),
    ...(hasChannel ? {channel: new BroadcastChannel(LOCK) as unknown as Channel} : {}),
    ...(navigator.locks ? {locks: navigator.locks} : {}),
    connect: (sink, lastId) => new Connection(sink, lastId),
    now: () => Date.now(),
  };
}
