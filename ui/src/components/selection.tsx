// Which rows of a table are selected.

export interface RowSelection {
  keys: ReadonlySet<string>;
  change: (keys: ReadonlySet<string>) => void;
}

/** The keys from one row to another, both included, in whichever order they stand. */
export function keysBetween(all: readonly string[], from: string | undefined, to: string): string[] {
  const start = from === undefined ? -1 : all.indexOf(from);
  const end = all.indexOf(to);
  if (start < 0 || end < 0) return [];
  return all.slice(Math.min(start, end), Math.max(start, end) + 1);
}

/** With `key` the other way; a range is always added whole. */
export function toggled(keys: ReadonlySet<string>, key: string, range: readonly string[]): Set<string> {
  if (range.length > 0) return new Set([...keys, ...range]);
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** The label reaches to the edges of the cell, so that a finger finds it. */
export function SelectBox({label, isOn, onToggle}: {label: string; isOn: boolean; onToggle: (isRange: boolean) => void}) {
  return (
    <label className="flex h-8 w-9 cursor-pointer items-center justify-center">
      <input
        type="checkbox" aria-label={label} checked={isOn} className="size-4 accent-accent"
        onChange={(event) => onToggle((event.nativeEvent as MouseEvent).shiftKey === true)}
      />
    </label>
  );
}
