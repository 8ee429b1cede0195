// State in the URL: plain words, so that an address can be read, shared and written by hand.

export type Search = Record<string, string | undefined>;

/** "?state=failed&job=x" as it stands, every value a text; of a name given twice the last one counts. */
export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The other way; what is undefined or empty is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

/** For `validateSearch`: the named parameters as optional texts, all others are dropped. */
export function texts<K extends string>(...names: K[]) {
  return (given: Record<string, unknown>): {[N in K]?: string} => {
    const kept: {[N in K]?: string} = {};
    for (const name of names) {
      const value = given[name];
      if (value !== undefined && value !== '') kept[name] = String(value);
    }
    return kept;
  };
}

/** One of `words`, or nothing: for a parameter that the API would refuse otherwise. */
export function oneOf<T extends string>(words: readonly T[], text: string | undefined): T | undefined {
  return words.find((word) => word === text);
}
