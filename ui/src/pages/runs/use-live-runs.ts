import {infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery, useQueryClient} from '@tanstack/react-query';
import {useEffect, useMemo, useState} from 'react';
import {api, ask} from '@/api/client';
import {PAGE_ITEMS, rowsOf} from '@/api/queries';
import {listProps} from '@/components/list-props';
import {useLiveEvents} from '@/live/live';
import {refreshed, type RunPages, startOf, waitingWords, withEvents, withHead} from './live-rows';

function askRuns(q: string, cursor: string, signal: AbortSignal) {
  const query = {limit: PAGE_ITEMS, ...(q ? {q} : {}), ...(cursor ? {cursor} : {})};
  return ask(api.GET('/api/v1/runs', {signal, params: {query}}));
}

// Live events read the head again, as its first word is "runs"; the list behind it is only added to.
const headQuery = (q: string) =>
  queryOptions({queryKey: ['runs', 'head', q], queryFn: ({signal}) => askRuns(q, '', signal)});
const restQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['run-list', q],
    queryFn: ({pageParam, signal}) => askRuns(q, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

// A page of an answer looks at so many runs only: for a rare match the next pages are asked for by
// themselves, until the screen is full.
const ENOUGH_ROWS = 30;

/** The runs of a query, current at the top, still while somebody reads further down. */
export function useLiveRuns(q: string) {
  const client = useQueryClient();
  const [isAway, setAway] = useState(false);
  const head = useQuery(headQuery(q));
  const list = useInfiniteQuery(restQuery(q));
  const {queryKey} = restQuery(q);
  useEffect(() => setAway(false), [q]);
  useEffect(() => {
    if (!head.data) return;
    const now = head.data;
    client.setQueryData<RunPages>(queryKey, (data) => {
      if (!data) return startOf(now);
      return isAway ? refreshed(data, now) : withHead(data, now);
    });
  }, [client, head.data, isAway, q]);
  useLiveEvents(['runs'], (events) =>
    client.setQueryData<RunPages>(queryKey, (data) => data && withEvents(data, events)),
  );
  const rows = useMemo(() => rowsOf(list.data), [list.data]);
  const {hasNextPage, isFetchingNextPage, fetchNextPage, error} = list;
  useEffect(() => {
    if (rows.length < ENOUGH_ROWS && hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [rows.length, hasNextPage, isFetchingNextPage, fetchNextPage, error, list.data]);
  const isSearching = rows.length === 0 && hasNextPage;
  return {
    rows,
    waiting: isAway ? waitingWords(list.data, head.data) : undefined,
    setAway,
    error: head.error ?? error,
    props: {
      ...listProps(list),
      isLoading: (head.isPending || isSearching || !list.data) && !head.error,
      error: head.error ?? error,
      onRetry: () => void head.refetch(),
    },
  };
}
