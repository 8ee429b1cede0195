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

interface BulkBarProps {
  query: string;
  selected: ReadonlySet<string>;
  onClear: () => void;
}

export function BulkBar({query, selected, onClear}: BulkBarProps) {
  const mayOperate = useMay('operator');
  const [operation, setOperation] = useState<string>();
  const [progress, setProgress] = useState<BulkProgress>();
  const [isCounting, setCounting] = useState(false);
  const stop = useRef<AbortController>(undefined);
  if (!mayOperate) return null;

  const allMatching = async (kind: BulkKind) => {
    setCounting(true);
    try {
      const {runs, isComplete} = await countMatching(kind, query);
      if (runs === 0) return toast({title: `No run here can be ${{cancel_runs: 'cancelled', rerun_runs: 'retried', delete_runs: 'deleted'}[kind]}`});
      if (!(await ask(kind, runs, isComplete))) return undefined;
      setOperation((await startOperation(kind, query, '')).id);
    } catch (error) {
      toastError(`Could not ${BULK[kind].verb.toLowerCase()} these runs`)(error);
    } finally {
      setCounting(false);
    }
    return undefined;
  };
  const those = async (kind: 'cancel_runs' | 'rerun_runs') => {
    const runs = [...selected];
    if (!(await ask(kind, runs.length, true))) return;
    stop.current = new AbortController();
    onClear();
    const end = await forEachRun(runs, actOn[kind], setProgress, stop.current.signal);
    if (end.refused.length === 0) setProgress(undefined);
    const did = kind === 'cancel_runs' ? 'Cancelled' : 'Retried';
    toast({title: `${did} ${runsWords(end.done)}`, ...(end.refused.length > 0 ? {tone: 'bad', text: `${runsWords(end.refused.length)} could not be: ${end.refused[0]?.why}`} : {})});
  };
  return (
    <div className="flex flex-wrap items-center gap-2 empty:hidden">
      {selected.size > 0 ? (
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
      ) : (
        <Menu
          trigger={
            <Button icon="operations" busy={isCounting}>
              All that match
            </Button>
          }
          items={KINDS.map((kind) => ({
            label: `${BULK[kind].verb} all that match…`, onSelect: () => void allMatching(kind),
            icon: ({cancel_runs: 'stop', rerun_runs: 'refresh', delete_runs: 'cross'} as const)[kind],
            isDestructive: kind !== 'rerun_runs',
          }))}
        />
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
      {operation && <OperationStrip id={operation} onClose={() => setOperation(undefined)} />}
    </div>
  );
}
