import {useSyncExternalStore} from 'react';

const query = () => window.matchMedia?.('(max-width: 767px)');

function onChange(listener: () => void) {
  const list = query();
  list?.addEventListener('change', listener);
  return () => list?.removeEventListener('change', listener);
}

/** Whether the screen is a phone's: below Tailwind's `md`. */
export function useNarrow(): boolean {
  return useSyncExternalStore(onChange, () => query()?.matches ?? false);
}
