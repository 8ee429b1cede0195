// A few views of the same page, one of them shown. The choice belongs into the address.

interface ViewSwitchProps<T extends string> {
  label: string;
  views: readonly (readonly [T, string])[];
  current: T;
  onChange: (view: T) => void;
}

export function ViewSwitch<T extends string>({label, views, current, onChange}: ViewSwitchProps<T>) {
  return (
    <div role="group" aria-label={label} className="flex max-w-full shrink-0 gap-4 overflow-x-auto border-b border-line px-1">
      {views.map(([view, words]) => (
        <button
          key={view} type="button" aria-pressed={view === current} onClick={() => onChange(view)}
          className="h-9 shrink-0 border-b-2 border-transparent text-sm whitespace-nowrap text-dim hover:text-ink aria-pressed:border-accent aria-pressed:font-medium aria-pressed:text-accent"
        >
          {words}
        </button>
      ))}
    </div>
  );
}
