// Runs a finished run again with other values, which are checked as they are typed.
import {useMutation, useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useId, useState} from 'react';
import {api, ask} from '@/api/client';
import {jobQuery, type Run, specOf} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select} from '@/components/field';
import {Icon} from '@/components/icons';
import {toast} from '@/components/toasts';
import {changesOf, type Param, type Params, readParams} from './params-check';
import {definitionQuery} from './queries';

type Version = 'same' | 'latest';

export function EditDialog({run, onClose}: {run: Run; onClose: () => void}) {
  const navigate = useNavigate();
  const id = useId();
  const before = (run.params ?? {}) as Params;
  const [text, setText] = useState(() => JSON.stringify(before, null, 2));
  const [version, setVersion] = useState<Version>('same');
  const same = useQuery(definitionQuery(run.job, run.job_version));
  const latest = useQuery(jobQuery(run.job));
  const spec = version === 'same' ? same.data : latest.data && specOf(latest.data);
  const known = (spec?.params ?? {}) as Record<string, Param>;
  const read = spec ? readParams(text, known) : undefined;
  const rerun = useMutation({
    mutationFn: (values: Params) =>
      ask(api.POST('/api/v1/runs/{run}/rerun', {
        params: {path: {run: run.id}},
        body: {version, params: changesOf(before, values)},
      })),
    onSuccess: (made) => {
      toast({title: `Started ${run.job} again`});
      onClose();
      void navigate({to: '/runs/$run', params: {run: made.id}});
    },
  });
  const mistakes = read && 'mistakes' in read ? read.mistakes : [];
  return (
    <Dialog
      title={`Run ${run.job} again with edits`} onClose={onClose} wide
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button
            look="primary" icon="play" busy={rerun.isPending} disabled={!read || mistakes.length > 0}
            onClick={() => read && 'values' in read && rerun.mutate(read.values)}
          >
            Run it
          </Button>
        </>
      }
    >
      <div className="grid gap-4 text-sm md:grid-cols-[3fr_2fr]">
        <div className="flex min-w-0 flex-col gap-2">
          <label htmlFor={id} className="font-medium">Values, as JSON</label>
          <textarea
            id={id} value={text} rows={12} spellCheck={false} autoFocus aria-invalid={mistakes.length > 0}
            aria-describedby={`${id}-wrong`} onChange={(event) => setText(event.target.value)}
            className="w-full resize-y rounded-md border border-edge bg-panel p-2 font-mono text-xs aria-invalid:border-bad"
          />
          <div id={`${id}-wrong`} role="status" className="text-bad">
            <ul className="flex flex-col gap-1">
              {mistakes.map((mistake) => (
                <li key={mistake.where + mistake.what} className="flex gap-1.5 break-words">
                  <Icon name="alert" className="mt-0.5" />
                  <span><code className="font-mono">{mistake.where}</code>: {mistake.what}</span>
                </li>
              ))}
            </ul>
          </div>
          {rerun.error && <ErrorPanel what="Could not run it again" error={rerun.error} />}
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <Select label="Definition" value={version} onChange={(event) => setVersion(event.target.value as Version)}>
            <option value="same">as it was, v{run.job_version}</option>
            <option value="latest">newest, v{latest.data?.version ?? '…'}</option>
          </Select>
          <KnownParams known={known} />
        </div>
      </div>
    </Dialog>
  );
}

function KnownParams({known}: {known: Record<string, Param>}) {
  const all = Object.entries(known);
  if (all.length === 0) return <p className="text-dim">The job takes no parameters.</p>;
  return (
    <dl className="flex flex-col gap-2">
      {all.map(([name, param]) => (
        <div key={name}>
          <dt>
            <code className="font-mono font-medium">{name}</code>{' '}
            <span className="text-dim">
              {param.type}
              {param.required ? ', required' : ''}
              {param.default === undefined ? '' : `, else ${JSON.stringify(param.default)}`}
            </span>
          </dt>
          {param.description && <dd className="text-dim">{param.description}</dd>}
          {param.enum?.length ? <dd className="text-dim">one of {param.enum.map((each) => JSON.stringify(each)).join(', ')}</dd> : null}
        </div>
      ))}
    </dl>
  );
}
