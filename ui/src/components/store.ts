// A value that several components share, outside of React; with a copy in localStorage if named.
import {useSyncExternalStore} from 'react';

export interface Shared<T> {
  get(): T;
  set(next: T | ((now: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function shared<T>(initial: T): Shared<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const made = typeof next === 'function' ? (next as (now: T) => T)(value) : next;
      if (Object.is(made, value)) return;
      value = made;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function useShared<T>(store: Shared<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** One of a few words, kept in this browser under `name`. */
export function kept<T extends string>(name: string, allowed: readonly T[], initial: T): Shared<T> {
  const read = (): T => {
    try {
      const found = localStorage.getItem(name) as T | null;
      return found !== null && allowed.includes(found) ? found : initial;
    } catch {
      return initial; // no storage in this browser: the choice lasts as long as the page
    }
  };
  const store = shared<T>(read());
  store.subscribe(() => {
    try {
      localStorage.setItem(name, store.get());
    } catch {
      // As above.
    }
  });
  globalThis.addEventListener?.('storage', (event) => {
    if (event.key === name) store.set(read());
  });
  return store;
}
