// Sets the limits of a queue, or makes a queue by giving it some.
import {useMutation} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, ask} from '@/api/client';
import type {Queue} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';
import {toast} from '@/components/toasts';
import {useQueueChange} from './actions';
import {bodyOf, fieldsOf, mistakesIn, type LimitFields} from './limits';

const NAME = /^[a-z0-9][a-z0-9._-]{0,127}$/;

export function LimitsDialog({queue, onClose}: {queue?: Queue; onClose: () => void}) {
  const changed = useQueueChange();
  const [name, setName] = useState(queue?.spec.name ?? '');
  const [fields, setFields] = useState<LimitFields>(fieldsOf(queue?.spec ?? {name: '', description: ''}));
  const mistakes = mistakesIn(fields);
  const isNameFine = NAME.test(name);
  const save = useMutation({
    mutationFn: () =>
      ask(api.PUT('/api/v1/queues/{queue}', {params: {path: {queue: name}}, body: bodyOf(fields)})),
    onSuccess: () => {
      toast({title: `Set the limits of ${name}`});
      onClose();
    },
    onSettled: changed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNameFine && Object.keys(mistakes).length === 0) save.mutate();
  };
  const field = (key: keyof LimitFields, label: string, hint: string) => (
    <TextField
      label={label} value={fields[key]} error={mistakes[key]} hint={hint}
      inputMode={key === 'per' || key === 'description' ? 'text' : 'numeric'}
      onChange={(event) => setFields({...fields, [key]: event.target.value})}
    />
  );
  return (
    <Dialog title={queue ? `Limits of ${name}` : 'New queue'} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        {!queue && (
          <TextField
            label="Name" value={name} required autoFocus onChange={(event) => setName(event.target.value)}
            error={name !== '' && !isNameFine ? 'Small letters, digits, and . _ - after the first' : undefined}
            hint="A job says queue: NAME to wait here."
          />
        )}
        {field('description', 'What it is for', 'For people.')}
        {field('limit', 'Runs at the same time', 'Empty: as many as there are slots.')}
        <div className="grid grid-cols-3 gap-2">
          {field('count', 'Starts', 'Empty: no rate.')}
          {field('per', 'In each', 'Such as 1m, 30s.')}
          {field('burst', 'At once', 'After a quiet time.')}
        </div>
        {field('depth', 'Runs that may wait', 'More are refused. Empty: any number.')}
        {field('weight', 'Share of the starts', 'Beside the other queues, whose share is 1. Empty: no shares.')}
        {save.error && <ErrorPanel error={save.error} what="Could not set the limits" />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button look="primary" type="submit" busy={save.isPending} disabled={!isNameFine || Object.keys(mistakes).length > 0}>
            Set the limits
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
