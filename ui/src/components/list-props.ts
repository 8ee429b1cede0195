// What an infinite query says to a DataTable.
import type {UseInfiniteQueryResult} from '@tanstack/react-query';

type Result = Pick<
  UseInfiniteQueryResult,
  'isPending' | 'error' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
>;

export function listProps(query: Result) {
  return {
    isLoading: query.isPending,
    error: query.error,
    onRetry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    onMore: () => void query.fetchNextPage(),
  };
}
