// Tokens: who may do what until when. The secret of a new one is shown once, here.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, ask, type Schemas} from '@/api/client';
import {useMay} from '@/api/session';
import {Button, IconButton} from '@/components/button';
import {confirm, Dialog} from '@/components/dialog';
import {CopyButton} from '@/components/copy';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {Empty} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {toast, toastError} from '@/components/toasts';
import {tokensQuery, type Token} from './queries';

type Role = Schemas['Role'];

const ROLES: [Role, string][] = [
  ['viewer', 'viewer: reads everything'],
  ['operator', 'operator: also starts, cancels and pauses'],
  ['admin', 'admin: also changes definitions and tokens'],
];
const LIVES: [string, string][] = [['1d', 'a day'], ['30d', '30 days'], ['90d', '90 days'], ['365d', 'a year'], ['', 'for ever']];

const COLUMNS: Column<Token>[] = [
  {name: 'Name', width: 'minmax(0,2fr)', cell: (token) => <span className="font-medium">{token.name}</span>},
  {name: 'Role', width: '90px', cell: (token) => token.role},
  {name: 'Made', width: 'minmax(90px,1fr)', wideOnly: true, cell: (token) => <Time at={token.created_at} />},
  {
    name: 'Ends', width: 'minmax(86px,1fr)',
    cell: (token) =>
      token.expired ? <Badge tone="bad" icon="cross">expired</Badge> : token.expires_at ? <Time at={token.expires_at} /> : 'never',
  },
];

export function Tokens() {
  const isAdmin = useMay('admin');
  const query = useQuery({...tokensQuery, enabled: isAdmin});
  const [isMaking, setMaking] = useState(false);
  const revoke = useRevoke();
  if (!isAdmin) return <Empty title="Tokens are for administrators">Sign in with a token of the role admin to see them.</Empty>;
  const actions: Column<Token> = {
    name: 'Actions', width: '76px',
    cell: (token) => <IconButton label={`Revoke ${token.name}`} icon="trash" onClick={() => void revoke(token)} />,
  };
  return (
    <>
      <div>
        <Button icon="plus" onClick={() => setMaking(true)}>New token</Button>
      </div>
      <div className="min-h-40 grow">
        <DataTable
          label="Tokens" columns={[...COLUMNS, actions]} rows={query.data?.items ?? []} rowKey={(token) => token.id ?? ''}
          isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
          empty={<Empty title="There are no tokens">A program that uses the API needs one.</Empty>}
        />
      </div>
      {isMaking && <TokenDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function useRevoke() {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: (token: Token) =>
      ask(api.DELETE('/api/v1/tokens/{token}', {params: {path: {token: token.name ?? ''}}})),
    onSuccess: (_, token) => toast({title: `Revoked ${token.name}`}),
    onError: toastError('Could not revoke the token'),
    onSettled: () => client.invalidateQueries({queryKey: ['tokens']}),
  });
  return async (token: Token) => {
    const text = 'What uses it is refused from now on, and browser sessions opened with it end. It cannot be brought back.';
    const question = {title: `Revoke ${token.name}?`, text, action: 'Revoke the token', isDestructive: true};
    if (await confirm(question)) mutation.mutate(token);
  };
}

function TokenDialog({onClose}: {onClose: () => void}) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [life, setLife] = useState('90d');
  const make = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/tokens', {body: {name: name.trim(), role, ...(life ? {for: life} : {})}})),
    onSettled: () => client.invalidateQueries({queryKey: ['tokens']}),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data) return <Secret made={make.data} onClose={onClose} />;
  return (
    <Dialog title="New token" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        <TextField
          label="Name" value={name} required maxLength={128} autoFocus hint="What it is for, such as deploy-pipeline."
          onChange={(event) => setName(event.target.value)}
        />
        <Select label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {ROLES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
        <Select label="Good for" value={life} onChange={(event) => setLife(event.target.value)}>
          {LIVES.map(([value, words]) => (
            <option key={words} value={value}>
              {words}
            </option>
          ))}
        </Select>
        {make.error && <ErrorPanel error={make.error} what="Could not make the token" />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={make.isPending} disabled={name.trim() === ''}>
            Make the token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Secret({made, onClose}: {made: Schemas['TokenMade']; onClose: () => void}) {
  return (
    <Dialog
      title={`Token ${made.name}`} onClose={onClose}
      footer={<Button look="primary" onClick={onClose}>I have kept it</Button>}
    >
      <div className="flex flex-col gap-3 text-sm">
        <p>
          This is the only time that it is shown: the node keeps no copy. Its role is {made.role}
          {made.expires_at ? <>, and it ends <Time at={made.expires_at} show="relative" /></> : ', and it never ends'}.
        </p>
        <div className="flex items-center gap-2 rounded-md bg-sunken p-2">
          <code data-secret className="min-w-0 grow font-mono text-xs break-all">{made.token}</code>
          <CopyButton text={made.token ?? ''} label="Copy the token" />
        </div>
        <p className="text-dim">
          Send it as <code className="font-mono">Authorization: Bearer …</code>, or give it to jobctl in{' '}
          <code className="font-mono">MAINSPRING_TOKEN</code>.
        </p>
      </div>
    </Dialog>
  );
}
