// What can be done with many runs at once, above their list, and how far it has come.
import {useRef, useState} from 'react';
import {useMay} from '@/api/session';
import {Button, IconButton} from '@/components/button';
import {confirm} from '@/components/dialog';
import {Menu} from '@/components/menu';
import {toast, toastError} from '@/components/toasts';
import {OperationStrip, Meter} from '../operation/strip';
import {actOn, BULK, type BulkKind, type BulkProgress, countMatching, forEachRun, MANY, runsWords, startOperation} from './bulk';

const KINDS = Object.keys(BULK) as BulkKind[];

function ask(kind: BulkKind, runs: number, isComplete: boolean) {
  const {verb, follows} = BULK[kind];
  const count = runsWords(runs, isComplete);
  return confirm({
    title: `${verb} ${count}?`, text: follows, action: `${verb} ${count}`, isDestructive: kind !== 'rerun_runs',
    ...(runs >= MANY && kind !== 'rerun_runs' ? {typed: String(runs)} : {}),
  });
}

const NOTHING: Record<BulkKind, string> = {
  cancel_runs: 'None of these runs can be cancelled: all have ended',
  rerun_runs: 'None of these runs can be retried: none has ended',
  delete_runs: 'None of these runs can be deleted: none has ended',
};

/** Begins an operation on all runs of a query, after a count and a question. */
export function BulkMenu({query, onStarted}: {query: string; onStarted: (operation: string) => void}) {
  const mayOperate = useMay('operator');
  const [isCounting, setCounting] = useState(false);
  if (!mayOperate) return null;
  const begin = async (kind: BulkKind) => {
    setCounting(true);
    try {
      const {runs, isComplete} = await countMatching(kind, query);
      if (runs === 0) toast({title: NOTHING[kind]});
      else if (await ask(kind, runs, isComplete)) onStarted((await startOperation(kind, query)).id);
    } catch (error) {
      toastError(`Could not ${BULK[kind].verb.toLowerCase()} these runs`)(error);
    } finally {
      setCounting(false);
    }
  };
  return (
    <Menu
      trigger={
        <Button icon="operations" busy={isCounting}>
          All that match
        </Button>
      }
      items={KINDS.map((kind) => ({
        label: `${BULK[kind].verb} all that match…`, onSelect: () => void begin(kind),
        icon: ({cancel_runs: 'stop', rerun_runs: 'refresh', delete_runs: 'cross'} as const)[kind],
        isDestructive: kind !== 'rerun_runs',
      }))}
    />
  );
}

interface BulkBarProps {
  selected: ReadonlySet<string>;
  onClear: () => void;
  /** The operation that was begun here last. */
  operation: string | undefined;
  onHide: () => void;
}

/** What can be done with the selected runs, and how far all that was begun here has come. */
export function BulkBar({selected, onClear, operation, onHide}: BulkBarProps) {
  const mayOperate = useMay('operator');
  const [progress, setProgress] = useState<BulkProgress>();
  const stop = useRef<AbortController>(undefined);
  if (!mayOperate) return null;
  const those = async (kind: 'cancel_runs' | 'rerun_runs') => {
    const runs = [...selected];
    if (!(await ask(kind, runs.length, true))) return;
    stop.current = new AbortController();
    onClear();
    const end = await forEachRun(runs, actOn[kind], setProgress, stop.current.signal);
    if (end.refused.length === 0) setProgress(undefined);
    const did = kind === 'cancel_runs' ? 'Cancelled' : 'Retried';
    const refused = `${runsWords(end.refused.length)} could not be: ${end.refused[0]?.why}`;
    const title = `${did} ${runsWords(end.done)}`;
    toast(end.refused.length > 0 ? {title, tone: 'bad', text: refused} : {title});
  };
  return (
    <div className="flex flex-wrap items-center gap-2 empty:hidden">
      {selected.size > 0 && (
        <>
          <span className="text-sm font-medium">{runsWords(selected.size)} selected</span>
          <Button icon="stop" onClick={() => void those('cancel_runs')}>
            Cancel
          </Button>
          <Button icon="refresh" onClick={() => void those('rerun_runs')}>
            Retry
          </Button>
          <IconButton label="Select none" icon="cross" onClick={onClear} />
        </>
      )}
      {progress && (
        <div className="flex min-w-60 grow items-center gap-2 text-sm">
          <Meter label="Runs dealt with" value={progress.done + progress.refused.length} total={progress.total} />
          <IconButton
            label="Stop" icon="stop"
            onClick={() => {
              stop.current?.abort();
              setProgress(undefined);
            }}
          />
        </div>
      )}
      {operation && <OperationStrip id={operation} onClose={onHide} />}
    </div>
  );
}
