// The tokens with which workers join, and the two commands that make one of another machine.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {Button, IconButton} from '@/components/button';
import {CopyButton} from '@/components/copy';
import {confirm, Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {Empty} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {toast, toastError} from '@/components/toasts';
import {type JoinToken, type JoinTokenMade, makeJoinToken, revokeJoinToken} from './fleet';
import {joinCommands, readLabels} from './words';

const LIVES = [['15m', '15 minutes'], ['1h', 'an hour'], ['1d', 'a day'], ['7d', 'a week']] as const;

const labelsOf = (token: JoinToken) =>
  Object.entries(token.labels ?? {}).map(([name, value]) => `${name}=${value}`).join(', ');

export function JoinTokens({tokens}: {tokens: JoinToken[]}) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (token: JoinToken) => revokeJoinToken(token.id),
    onSuccess: () => toast({title: 'Revoked the join token'}),
    onError: toastError('Could not revoke the join token'),
    onSettled: () => client.invalidateQueries({queryKey: ['join-tokens']}),
  });
  const askFirst = async (token: JoinToken) => {
    const text = 'No worker can join with it any more. Those that have joined stay.';
    const question = {title: 'Revoke this join token?', text, action: 'Revoke the join token', isDestructive: true};
    if (await confirm(question)) revoke.mutate(token);
  };
  const columns: Column<JoinToken>[] = [
    {name: 'Made', width: 'minmax(90px,1fr)', cell: (token) => <Time at={token.created_at} />},
    {name: 'By', width: 'minmax(0,1fr)', wideOnly: true, cell: (token) => token.created_by},
    {name: 'Used', width: '92px', align: 'right', cell: (token) => `${token.used} of ${token.uses}`},
    {
      name: 'Ends', width: 'minmax(90px,1fr)',
      cell: (token) => (token.expired ? <Badge icon="clock">expired</Badge> : <Time at={token.expires_at} />),
    },
    {name: 'Labels', width: 'minmax(0,2fr)', wideOnly: true, cell: (token) => <span className="font-mono text-xs">{labelsOf(token)}</span>},
    {name: 'Most slots', width: '96px', align: 'right', wideOnly: true, cell: (token) => token.slots_limit ?? 'any'},
    {
      name: 'Actions', width: '76px',
      cell: (token) => <IconButton label={`Revoke the token of ${token.created_at}`} icon="trash" onClick={() => void askFirst(token)} />,
    },
  ];
  return (
    <DataTable
      label="Join tokens" columns={columns} rows={tokens} rowKey={(token) => token.id}
      empty={
        <Empty title="There are no join tokens">
          A worker on another machine needs one, once: <code className="font-mono">jobctl join-token create</code>
        </Empty>
      }
    />
  );
}

export function JoinDialog({onClose}: {onClose: () => void}) {
  const client = useQueryClient();
  const [uses, setUses] = useState('1');
  const [life, setLife] = useState<string>('1h');
  const [labels, setLabels] = useState('');
  const [slots, setSlots] = useState('');
  const pairs = readLabels(labels);
  const isWhole = (text: string) => /^[1-9]\d{0,3}$/.test(text);
  const areSlotsFine = slots === '' || isWhole(slots);
  const make = useMutation({
    mutationFn: () =>
      makeJoinToken({
        uses: Number(uses), expires_in: life,
        ...(pairs && Object.keys(pairs).length > 0 ? {labels: pairs} : {}),
        ...(slots ? {slots_limit: Number(slots)} : {}),
      }),
    onSettled: () => client.invalidateQueries({queryKey: ['join-tokens']}),
  });
  if (make.data) return <Commands made={make.data} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog title="Add a worker" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        <p>
          Any machine that can open a connection to this node can be a worker; it needs no open port. It joins with a
          token.
        </p>
        <TextField
          label="How many workers may join with it" value={uses} inputMode="numeric" autoFocus
          onChange={(event) => setUses(event.target.value)}
          {...(isWhole(uses) ? {} : {error: 'A number from 1 to 9999'})}
        />
        <Select label="Good for" value={life} onChange={(event) => setLife(event.target.value)}>
          {LIVES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
        <TextField
          label="Labels" placeholder="site=home, gpu=yes" value={labels} onChange={(event) => setLabels(event.target.value)}
          hint="Of each of them, whatever it says itself. Jobs ask for them under placement."
          {...(pairs ? {} : {error: 'Write pairs such as site=home, gpu=yes'})}
        />
        <TextField
          label="Most slots of each" placeholder="as many as it says" value={slots} inputMode="numeric"
          onChange={(event) => setSlots(event.target.value)} {...(areSlotsFine ? {} : {error: 'A number from 1 on'})}
        />
        {make.error && <ErrorPanel error={make.error} what="Could not make the token" />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary" type="submit" busy={make.isPending} disabled={!isWhole(uses) || !pairs || !areSlotsFine}
          >
            Make a join token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Commands({made, onClose}: {made: JoinTokenMade; onClose: () => void}) {
  const commands = joinCommands(made.token, window.location.origin);
  return (
    <Dialog
      title="Two commands on the other machine" onClose={onClose} wide
      footer={<Button look="primary" onClick={onClose}>I have kept them</Button>}
    >
      <div className="flex flex-col gap-3 text-sm">
        <p>
          The token in them is shown this once, opens the way for {made.uses === 1 ? 'one worker' : `${made.uses} workers`},
          and ends <Time at={made.expires_at} show="relative" />.
        </p>
        <ol className="flex flex-col gap-2">
          {commands.map((command, at) => (
            <li key={at} className="flex items-center gap-2 rounded-md bg-sunken p-2">
              <code data-command className="min-w-0 grow font-mono text-xs wrap-anywhere">{command}</code>
              <CopyButton text={command} label={`Copy command ${at + 1}`} />
            </li>
          ))}
        </ol>
        <p className="text-dim">
          The other machine must reach this node under the address in the second command; behind a private authority it
          also takes <code className="font-mono">--ca FILE</code>. The worker is in the list as soon as it has joined.
        </p>
      </div>
    </Dialog>
  );
}
