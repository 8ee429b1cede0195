import {describe, expect, test, vi} from 'vitest';
import type {LiveEvent, LiveSink, LiveStatus} from './event';
import {LiveHub, type Channel, type Feed, type HubWorld} from './hub';

/** A browser with several tabs: one lock, one channel that all others hear. */
class Browser {
  readonly feeds: FakeFeed[] = [];
  private readonly channels = new Set<Channel>();
  private readonly waiting: (() => void)[] = [];
  private isLocked = false;

  tab(name: string, withLocks = true, lastId = '') {
    const seen = {events: [] as LiveEvent[], resyncs: 0, status: 'connecting' as LiveStatus};
    const channel: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of this.channels) if (other !== channel) other.onmessage?.({data});
      },
      close: () => this.channels.delete(channel),
    };
    this.channels.add(channel);
    const sink: LiveSink = {
      events: (events) => seen.events.push(...events),
      resync: () => (seen.resyncs += 1),
      status: (status) => (seen.status = status),
    };
    const world: HubWorld = {
      tab: name,
      channel,
      ...(withLocks ? {locks: {request: this.request as unknown as LockManager['request']}} : {}),
      connect: (sink, lastId) => {
        const feed = new FakeFeed(sink, lastId);
        this.feeds.push(feed);
        return feed;
      },
      now: () => 0,
    };
    return {hub: new LiveHub(sink, world, lastId), seen};
  }

  private readonly request = async (_name: string, term: () => Promise<void>) => {
    if (this.isLocked) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.isLocked = true;
    await term();
    this.isLocked = false;
    this.waiting.shift()?.();
  };
}

class FakeFeed implements Feed {
  topics: string[] = [];
  since: string | undefined;
  isStopped = false;
  constructor(
    readonly sink: LiveSink,
    readonly lastId: string,
  ) {}
  setTopics(topics: Iterable<string>, since?: string) {
    this.topics = [...topics].sort();
    this.since = since;
  }
  hurry() {}
  stop() {
    this.isStopped = true;
  }
}

const event = (id: string): LiveEvent => ({id, type: 'run.queued', subject: 'run_1', time: '', data: {}});
const settled = () => vi.waitFor(() => Promise.resolve());

describe('the live hub', () => {
  test('of ten tabs one has a connection, and all of them hear what it brings', () => {
    const browser = new Browser();
    const tabs = Array.from({length: 10}, (_, at) => browser.tab(`tab ${at}`));
    expect(browser.feeds).toHaveLength(1);
    browser.feeds[0]!.sink.status('live');
    browser.feeds[0]!.sink.events([event('7')]);
    browser.feeds[0]!.sink.resync();
    for (const {seen} of tabs) {
      expect(seen.events.map((each) => each.id)).toEqual(['7']);
      expect(seen.status).toBe('live');
      expect(seen.resyncs).toBe(1);
    }
  });

  test('the connection has the topics of every tab, until the last one gives them up', () => {
    const browser = new Browser();
    const [first, second] = [browser.tab('a'), browser.tab('b')];
    const release = first.hub.want(['runs']);
    second.hub.want(['runs', 'log:run_1'])();
    expect(browser.feeds[0]!.topics).toEqual(['runs']);
    const again = second.hub.want(['runs']);
    release();
    release();
    expect(browser.feeds[0]!.topics).toEqual(['runs']);
    again();
    expect(browser.feeds[0]!.topics).toEqual([]);
  });

  test('when the leader closes, another tab goes on behind the last event it has seen', async () => {
    const browser = new Browser();
    const [first, second] = [browser.tab('a'), browser.tab('b')];
    second.hub.want(['jobs']);
    browser.feeds[0]!.sink.events([event('41'), event('42')]);
    first.hub.close();
    await settled();
    expect(browser.feeds[0]!.isStopped).toBe(true);
    expect(browser.feeds).toHaveLength(2);
    expect(browser.feeds[1]!.lastId).toBe('42');
    expect(browser.feeds[1]!.topics).toEqual(['jobs']);
    expect(second.hub.isLeader).toBe(true);
  });

  test('a tab says with its topics which event it knows last', () => {
    const browser = new Browser();
    browser.tab('a', true, '50');
    expect(browser.feeds[0]!.lastId).toBe('50');
    const later = browser.tab('b', true, '61');
    later.hub.want(['runs']);
    expect(browser.feeds[0]!.since).toBe('61');
  });

  test('a tab that comes later learns how the connection stands', () => {
    const browser = new Browser();
    browser.tab('a');
    browser.feeds[0]!.sink.status('reconnecting');
    expect(browser.tab('b').seen.status).toBe('reconnecting');
  });

  test('without locks each tab has a connection of its own', () => {
    const browser = new Browser();
    browser.tab('a', false);
    browser.tab('b', false);
    expect(browser.feeds).toHaveLength(2);
  });
});
