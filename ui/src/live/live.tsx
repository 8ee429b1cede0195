// The live side of the app for its components: LiveProvider once at the top; useLive where something
// shown depends on topics; useLiveEvents for the events themselves.
import {useQueryClient, type QueryClient} from '@tanstack/react-query';
import {createContext, useContext, useEffect, useRef, useState, useSyncExternalStore} from 'react';
import type {ReactNode} from 'react';
import {SESSION_KEY, useSession} from '@/api/session';
import {patchRuns, Refresher, staleKeys} from './apply';
import type {LiveEvent, LiveStatus} from './event';
import {browserWorld, LiveHub, type HubWorld} from './hub';
import {Pace} from './pace';

export class Live {
  private readonly hub: LiveHub;
  private readonly pace: Pace<LiveEvent>;
  private readonly refresher: Refresher;
  private readonly statusListeners = new Set<() => void>();
  private readonly eventListeners = new Set<(events: LiveEvent[]) => void>();
  private readonly resyncListeners = new Set<() => void>();
  private readonly connectedListeners = new Set<() => void>();
  private isPaused = false;

  /** `lastId`: the last event there was when the page began to read what it shows. */
  constructor(
    private readonly client: QueryClient,
    lastId = '',
    world: HubWorld = browserWorld(),
  ) {
    this.refresher = new Refresher(client);
    this.pace = new Pace<LiveEvent>(
      (events) => this.apply(events),
      () => this.resync(),
    );
    this.hub = new LiveHub(
      {
        events: (events) => {
          if (!this.isPaused) this.pace.add(events);
        },
        resync: () => {
          if (!this.isPaused) this.resync();
        },
        status: (status) => {
          // The session ended, as it does when the node starts again: ask who we are.
          if (status === 'signed_out') void client.invalidateQueries({queryKey: SESSION_KEY});
          if (status === 'live' && !this.isPaused) for (const listener of this.connectedListeners) listener();
          this.notify();
        },
      },
      world,
      lastId,
    );
  }

  get status(): LiveStatus {
    return this.isPaused ? 'paused' : this.hub.status;
  }
  want = (topics: readonly string[]) => this.hub.want(topics);
  hurry = () => this.hub.hurry();

  /** Holds everything as it is shown, or goes on and reads what was missed. */
  setPaused(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    if (isPaused) {
      this.pace.clear();
      this.refresher.stop();
    } else {
      this.resync();
    }
    this.notify();
  }

  onStatus = (listener: () => void) => {
    this.statusListeners.add(listener);
    return () => void this.statusListeners.delete(listener);
  };
  onConnected = (listener: () => void) => {
    this.connectedListeners.add(listener);
    return () => void this.connectedListeners.delete(listener);
  };
  onEvents(listener: (events: LiveEvent[]) => void, resynced: () => void): () => void {
    this.eventListeners.add(listener);
    this.resyncListeners.add(resynced);
    return () => {
      this.eventListeners.delete(listener);
      this.resyncListeners.delete(resynced);
    };
  }

  close(): void {
    this.pace.clear();
    this.refresher.stop();
    this.hub.close();
  }

  private apply(events: LiveEvent[]): void {
    patchRuns(this.client, events);
    this.refresher.mark(staleKeys(events));
    for (const listener of this.eventListeners) listener(events);
  }

  /** Reads again all that is shown, without a reload of the page. */
  private resync(): void {
    this.pace.clear();
    void this.client.invalidateQueries();
    for (const listener of this.resyncListeners) listener();
  }

  private notify(): void {
    for (const listener of this.statusListeners) listener();
  }
}

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({children}: {children: ReactNode}) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live | null>(null);
  const position = useSession().data?.position;
  const begin = useRef(position); // read before all that is shown, so that no event falls in between
  useEffect(() => {
    const made = new Live(client, begin.current === undefined ? '' : String(begin.current));
    setLive(made);
    const hurry = () => made.hurry();
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    const close = () => made.close();
    window.addEventListener('pagehide', close);
    // Back from the browser's page cache everything may be old, and the connection is gone.
    const revive = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', revive);
    return () => {
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      window.removeEventListener('pagehide', close);
      window.removeEventListener('pageshow', revive);
      made.close();
    };
  }, [client]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

const nothing = () => () => {};

/** How the live stream stands, and a switch to hold it. */
export function useLiveStatus(): {status: LiveStatus; setPaused: (isPaused: boolean) => void} {
  const live = useContext(LiveContext);
  const status = useSyncExternalStore(live?.onStatus ?? nothing, () => live?.status ?? 'connecting');
  return {status, setPaused: (isPaused) => live?.setPaused(isPaused)};
}

/** Keeps what this component's queries show current: `useLive('runs', 'jobs')`. */
export function useLive(...topics: string[]): void {
  const live = useContext(LiveContext);
  const wanted = topics.join();
  useEffect(() => (live && wanted ? live.want(wanted.split(',')) : undefined), [live, wanted]);
}

/** The events of `topics` as they come, at most four times a second; `resynced` after a gap. */
export function useLiveEvents(
  topics: readonly string[],
  received: (events: LiveEvent[]) => void,
  resynced: () => void = () => {},
): void {
  const live = useContext(LiveContext);
  const latest = useRef({received, resynced});
  latest.current = {received, resynced};
  useLive(...topics);
  useEffect(
    () =>
      live?.onEvents(
        (events) => latest.current.received(events),
        () => latest.current.resynced(),
      ),
    [live],
  );
}

/** Calls back whenever the connection stands anew or for other topics: what has no replay is read then. */
export function useLiveConnected(connected: () => void): void {
  const live = useContext(LiveContext);
  const latest = useRef(connected);
  latest.current = connected;
  useEffect(() => live?.onConnected(() => latest.current()), [live]);
}
