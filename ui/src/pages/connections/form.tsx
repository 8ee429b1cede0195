// Makes a connection, or changes one.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {toast} from '@/components/toasts';
import {isWhole, secretOf, TYPES, withSecret, withType, type ConnectionSpec, type ConnectionType} from './fields';
import {putConnection} from './queries';

const NAME = /^[a-z0-9][a-z0-9._-]{0,127}$/;
const NEW: ConnectionSpec = {name: '', type: 'postgres'};

interface ConnectionFormProps {
  /** Absent: a new one. */
  spec?: ConnectionSpec;
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function ConnectionForm({spec: given, onClose, onSaved}: ConnectionFormProps) {
  const client = useQueryClient();
  const [spec, setSpec] = useState<ConnectionSpec>(given ?? NEW);
  const change = (changed: Partial<ConnectionSpec>) => setSpec((now) => ({...now, ...changed}));
  const {fields, hasPort, secret} = TYPES[spec.type];
  const secretName = secretOf(spec);
  const save = useMutation({
    mutationFn: () => putConnection(spec),
    onSuccess: () => {
      toast({title: `Stored ${spec.name}`, text: 'Attempts that start from now on get it.'});
      onSaved(spec.name);
    },
    onSettled: () => client.invalidateQueries({queryKey: ['connections']}),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={given ? `Change ${given.name}` : 'New connection'} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        {!given && (
          <TextField
            label="Name" value={spec.name} required autoFocus hint="A job says connection: NAME."
            error={spec.name && !NAME.test(spec.name) ? 'Small letters, digits, and . _ - after the first' : undefined}
            onChange={(event) => change({name: event.target.value})}
          />
        )}
        <Select label="Type" value={spec.type} onChange={(event) => setSpec(withType(spec, event.target.value as ConnectionType))}>
          {Object.entries(TYPES).map(([type, {words}]) => (
            <option key={type} value={type}>
              {words}
            </option>
          ))}
        </Select>
        {fields.map(({key, label, hint, isNeeded}) => (
          <TextField
            key={key} label={label} value={spec[key] ?? ''} hint={hint} required={isNeeded}
            onChange={(event) => change({[key]: event.target.value})}
          />
        ))}
        {hasPort && (
          <TextField
            label="Port" type="number" min={1} max={65535} value={spec.port ?? ''} hint="Left out: the usual one."
            onChange={(event) => change({port: event.target.value ? Number(event.target.value) : undefined})}
          />
        )}
        {secret && secretName !== undefined && (
          <TextField
            label={`${secret}: name of its secret`} value={secretName}
            hint={<>Stored on each worker with <code className="font-mono">mainspring secret set NAME</code>; never here.</>}
            onChange={(event) => setSpec(withSecret(spec, event.target.value.trim()))}
          />
        )}
        <TextField
          label="What it is for" value={spec.description ?? ''} onChange={(event) => change({description: event.target.value})}
        />
        {save.error && <ErrorPanel error={save.error} what="Could not store the connection" />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={save.isPending} disabled={!NAME.test(spec.name) || !isWhole(spec)}>
            {given ? 'Store it' : 'Make it'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
