// The frame of every page: its title and actions above, and what fills it below.
import {useEffect, type ReactNode} from 'react';

interface PageProps {
  title: string;
  /** Under the title: one line of what this is. */
  about?: ReactNode;
  actions?: ReactNode;
  /** The content takes the height that is left and scrolls inside, as tables do. */
  fill?: boolean;
  children: ReactNode;
}

export function Page({title, about, actions, fill, children}: PageProps) {
  useEffect(() => {
    document.title = `${title} · Mainspring`;
  }, [title]);
  return (
    <div className={`mx-auto flex max-w-[1400px] flex-col gap-3 p-3 md:p-5 ${fill ? 'h-full min-h-0' : ''}`}>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold break-words">{title}</h1>
          {about && <div className="text-sm text-dim">{about}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: string;
  actions?: ReactNode;
  className?: string;
  /** Without room around the content: for tables and lists that reach the edge. */
  flush?: boolean;
  children: ReactNode;
}

export function Panel({title, actions, className = '', flush, children}: PanelProps) {
  return (
    <section className={`flex min-w-0 flex-col rounded-lg border border-line bg-panel ${className}`}>
      {title && (
        <div className="flex min-h-10 items-center justify-between gap-2 border-b border-line px-3 py-1">
          <h2 className="text-sm font-semibold">{title}</h2>
          {actions}
        </div>
      )}
      <div className={`min-w-0 grow ${flush ? '' : 'p-3'}`}>{children}</div>
    </section>
  );
}

/** Nothing is here: why, and what would bring something. */
export function Empty({title, children, action}: {title: string; children?: ReactNode; action?: ReactNode}) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-prose text-sm text-dim md:[&_code]:whitespace-nowrap">{children}</div>}
      {action}
    </div>
  );
}

/** In the place of what is being loaded; after a moment only, so that quick answers do not flicker. */
export function Loading({what = 'Loading'}: {what?: string}) {
  return (
    <p role="status" className="animate-[fade_0s_300ms_both] p-6 text-center text-sm text-dim">
      {what}…
    </p>
  );
}

/** Names and values, in two columns. */
export function Facts({rows}: {rows: [string, ReactNode][]}) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-dim">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
