// The last events and those that come.
import {queryOptions, useQuery, useQueryClient} from '@tanstack/react-query';
import {useRef, useState} from 'react';
import {api, ask} from '@/api/client';
import type {CloudEvent} from '@/api/queries';
import {useLiveEvents} from '@/live/live';
import {fits, merged, MOST_EVENTS, type EventFilter} from './tail';

const FIRST_REACH = 200; // events that are shown at first
const PAGE = 200; // below 100 KB, unless the events are unusually large

/** The last `reach` events, the latest first, and whether there may be earlier ones. */
async function readTail(filter: EventFilter, reach: number, signal: AbortSignal) {
  const most = Math.min(reach, MOST_EVENTS);
  let events: CloudEvent[] = [];
  let cursor: string | undefined;
  while (events.length < most) {
    const limit = Math.min(PAGE, most - events.length);
    const query = {...filter, order: 'desc', limit, ...(cursor ? {cursor} : {})};
    const page = await ask(api.GET('/api/v1/events', {signal, params: {query}}));
    events = merged(events, page.items ?? []);
    if ((page.items?.length ?? 0) < limit) return {events, hasEarlier: false};
    cursor = page.next_cursor;
  }
  return {events, hasEarlier: events.length < MOST_EVENTS};
}

const tailQuery = (filter: EventFilter, reach: number) =>
  queryOptions({
    queryKey: ['events', 'tail', filter, reach],
    queryFn: ({signal}) => readTail(filter, reach, signal),
    staleTime: Number.POSITIVE_INFINITY, // what comes is added as it comes
  });

export function useTail(filter: EventFilter) {
  const client = useQueryClient();
  const [reach, setReach] = useState(FIRST_REACH);
  const [isHeld, setHeld] = useState(false);
  const held = useRef<CloudEvent[]>([]);
  const [heldCount, setHeldCount] = useState(0);
  const options = tailQuery(filter, reach);
  const query = useQuery({...options, placeholderData: (before) => before});
  const add = (added: readonly CloudEvent[]) =>
    client.setQueryData(options.queryKey, (now) => now && {...now, events: merged(now.events, added)});
  useLiveEvents(
    ['events'],
    (events) => {
      const isKnown = (id: string) => query.data?.events.some((event) => event.id === id);
      const wanted = events
        .filter((event) => /^\d+$/.test(event.id) && fits(event, filter) && !isKnown(event.id))
        .map((event): CloudEvent => ({...event, specversion: '1.0'}));
      if (wanted.length === 0) return;
      if (!isHeld) return void add(wanted);
      held.current = merged(held.current, wanted);
      setHeldCount(held.current.length);
    },
    () => void query.refetch(),
  );
  const hold = (wish: boolean) => {
    setHeld(wish);
    if (wish) return;
    add(held.current);
    held.current = [];
    setHeldCount(0);
  };
  return {
    query, isHeld, hold, heldCount,
    events: query.data?.events ?? [],
    reachBack: query.data?.hasEarlier ? () => setReach(reach * 10) : undefined,
  };
}
