// What one does when one node is not enough: shown as long as there is only one.
import {Link} from '@tanstack/react-router';
import type {ReactNode} from 'react';
import {CopyButton} from '@/components/copy';
import {Icon} from '@/components/icons';
import {Panel} from '@/components/page';

function Command({children}: {children: string}) {
  return (
    <div className="mt-1.5 flex items-center gap-2 rounded-md bg-sunken py-0.5 pr-0.5 pl-2">
      <code className="min-w-0 grow font-mono text-xs wrap-anywhere">{children}</code>
      <CopyButton text={children} label="Copy the command" />
    </div>
  );
}

function Step({title, isDone = false, children}: {title: string; isDone?: boolean; children?: ReactNode}) {
  return (
    <li className="flex gap-2 text-sm">
      <Icon name={isDone ? 'check' : 'circle'} className={`mt-0.5 ${isDone ? 'text-good' : 'text-dim'}`} />
      <div className="min-w-0 grow">
        <p className={isDone ? 'text-dim' : 'font-medium'}>
          {title}
          {isDone && <span className="sr-only"> (done)</span>}
        </p>
        {!isDone && <div className="text-dim">{children}</div>}
      </div>
    </li>
  );
}

/** `isShared`: the store is one that several nodes can have. `dataDir`: where else it is; empty: unknown. */
export function Grow({isShared, dataDir}: {isShared: boolean; dataDir: string}) {
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Panel title="More room for runs">
        <div className="flex flex-col gap-2 text-sm">
          <p>
            One node with many workers is enough for most. A worker on any other machine takes its runs from this node,
            and needs no open port and no database.
          </p>
          <p>
            <Link to="/workers" className="link underline">Workers</Link> are added with a join token and two commands.
          </p>
        </div>
      </Panel>
      <Panel title="To go on when a node fails">
        <ol className="flex flex-col gap-3">
          <Step title="The store is in PostgreSQL, which several nodes can share" isDone={isShared}>
            Stop this node, and copy what it has; counts and contents are compared.
            <Command>{`mainspring migrate-store --from sqlite:${dataDir || 'DATA_DIR'}/mainspring.db --to postgresql://USER@HOST/mainspring`}</Command>
          </Step>
          <Step title="A second node has the same store">
            Start it on another machine. The two share the schedules by themselves; when one goes, the other takes over
            within seconds.
            <Command>mainspring serve --store postgresql://USER@HOST/mainspring</Command>
          </Step>
        </ol>
      </Panel>
    </div>
  );
}
