// Queries that a person named, in this browser. A view is shared by its address: the query is in it.
import {shared, type Shared} from '@/components/store';

export interface SavedView {
  name: string;
  query: string;
}

const KEY = 'mainspring.runs.views';

/** What is stored, without what is no view: another version of this page may have written it. */
export function readViews(text: string | null): SavedView[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(found)) return [];
    return found.filter(
      (each): each is SavedView => typeof each?.name === 'string' && typeof each?.query === 'string',
    );
  } catch {
    return [];
  }
}

/** With the view under its name, by name. */
export function withView(views: readonly SavedView[], made: SavedView): SavedView[] {
  return [...views.filter((view) => view.name !== made.name), made].sort((a, b) => a.name.localeCompare(b.name));
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // no storage in this browser: views last as long as the page
  }
}

export const savedViews: Shared<SavedView[]> = shared(readViews(stored()));
savedViews.subscribe(() => {
  try {
    localStorage.setItem(KEY, JSON.stringify(savedViews.get()));
  } catch {
    // As above.
  }
});
globalThis.addEventListener?.('storage', (event) => {
  if (event.key === KEY) savedViews.set(readViews(event.newValue));
});
