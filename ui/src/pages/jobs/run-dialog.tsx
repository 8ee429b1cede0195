// Starts a run: at once, or after its params were filled in.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useId, useState} from 'react';
import {api, ask} from '@/api/client';
import {jobQuery, specOf} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';
import {parseDuration} from '@/components/time-words';
import {toast, toastError} from '@/components/toasts';
import {choicesOf, fill, hintOf, isLong, type Param, type Params} from './params';

interface Submission {
  params?: Record<string, unknown>;
  delay?: string;
}

export function useSubmit(job: string) {
  return useMutation({
    mutationFn: (asked: Submission) =>
      ask(api.POST('/api/v1/jobs/{job}/runs', {params: {path: {job}}, body: {...asked, trigger: 'manual'}})),
    onSuccess: (run) =>
      toast({
        title: `${run.state === 'scheduled' ? 'Planned' : 'Started'} ${job}`,
        text: (
          <Link to="/runs/$run" params={{run: run.id ?? ''}} className="link">
            Open the run
          </Link>
        ),
      }),
  });
}

/** `start()` runs the job now; where it takes params, `form` asks for them first. */
export function useRunNow(job: string) {
  const client = useQueryClient();
  const submit = useSubmit(job);
  const [asked, setAsked] = useState<Params>();
  const start = async () => {
    try {
      const params = specOf(await client.ensureQueryData(jobQuery(job))).params ?? {};
      if (Object.keys(params).length > 0) setAsked(params as Params);
      else await submit.mutateAsync({});
    } catch (error) {
      toastError(`Could not start ${job}`)(error);
    }
  };
  const form = asked && <RunDialog job={job} params={asked} onClose={() => setAsked(undefined)} />;
  return {start: () => void start(), isStarting: submit.isPending, form};
}

function RunDialog({job, params, onClose}: {job: string; params: Params; onClose: () => void}) {
  const submit = useSubmit(job);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [delay, setDelay] = useState('');
  const [isChecked, setChecked] = useState(false);
  const filled = fill(params, texts);
  const isDelayWrong = delay !== '' && parseDuration(delay) === undefined;
  const send = () => {
    setChecked(true);
    if (Object.keys(filled.mistakes).length > 0 || isDelayWrong) return;
    submit.mutate({params: filled.params, ...(delay ? {delay} : {})}, {onSuccess: onClose});
  };
  return (
    <Dialog
      title={`Run ${job}`} onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Do not run</Button>
          <Button look="primary" icon="play" busy={submit.isPending} onClick={send}>
            {delay ? `Run in ${delay}` : 'Run now'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {Object.entries(params).map(([name, param]) => (
          <ParamField
            key={name} name={name} param={param} text={texts[name] ?? ''}
            error={isChecked ? filled.mistakes[name] : undefined}
            onChange={(text) => setTexts((now) => ({...now, [name]: text}))}
          />
        ))}
        <TextField
          label="Start after" placeholder="now" value={delay} onChange={(event) => setDelay(event.target.value)}
          hint="A duration such as 10m or 1h30m; empty: at once."
          {...(isDelayWrong ? {error: 'Write a duration such as 10m or 1h30m.'} : {})}
        />
        {submit.error && <ErrorPanel error={submit.error} what={`Could not start ${job}`} />}
      </div>
    </Dialog>
  );
}

interface ParamFieldProps {
  name: string;
  param: Param;
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

const BOX = 'w-full rounded-md border border-edge bg-panel px-2 text-sm text-ink';

function ParamField({name, param, text, error, onChange}: ParamFieldProps) {
  const id = useId();
  const label = param.required && param.default === undefined ? `${name} (required)` : name;
  const choices = choicesOf(param);
  if (!choices && !isLong(param)) {
    return (
      <TextField
        label={label} hint={hintOf(param)} value={text} {...(error ? {error} : {})}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {choices ? (
        <select id={id} value={text} onChange={(event) => onChange(event.target.value)} className={`${BOX} h-8`}>
          <option value="">–</option>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <textarea
          id={id} rows={4} value={text} onChange={(event) => onChange(event.target.value)}
          className={`${BOX} py-1 font-mono`}
        />
      )}
      <p className={`text-xs ${error ? 'text-bad' : 'text-dim'}`}>{error ?? hintOf(param)}</p>
    </div>
  );
}
