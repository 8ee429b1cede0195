// One node: all that is known of it, its worker's orders, and how it is forgotten.
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useState} from 'react';
import {api, ask} from '@/api/client';
import {workersQuery, type Node, type Worker} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {confirm, Dialog} from '@/components/dialog';
import {Heard} from '@/components/heard';
import {Facts} from '@/components/page';
import {Time} from '@/components/time';
import {toast, toastError} from '@/components/toasts';
import {DrainDialog, TakeOrders} from '@/pages/workers/orders';
import {DrainProgress, StateOf as WorkerState} from '@/pages/workers/state';
import {Clock, MEANS, StateOf} from './page';
import {shareWords, whyNoShare, workerIdOf} from './words';

const ROLES: Record<Node['roles'][number], string> = {
  api: 'serves the API and this UI',
  scheduler: 'plans schedules',
  worker: 'executes runs',
};

function useForget(node: Node, onGone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/nodes/{node}', {params: {path: {node: node.id}}})),
    onSuccess: () => {
      toast({title: `Removed ${node.name}`});
      onGone();
    },
    onError: toastError(`Could not remove ${node.name}`),
    onSettled: () => client.invalidateQueries({queryKey: ['nodes']}),
  });
}

function Remove({node, onGone}: {node: Node; onGone: () => void}) {
  const forget = useForget(node, onGone);
  const askFirst = async () => {
    const text = 'It is taken out of the list. It comes back by itself when it starts again.';
    const question = {title: `Remove ${node.name}?`, text, action: 'Remove the node', isDestructive: true};
    if (await confirm(question)) forget.mutate();
  };
  return (
    <Button look="danger" icon="trash" busy={forget.isPending} onClick={() => void askFirst()}>
      Remove
    </Button>
  );
}

function ItsWorker({worker}: {worker: Worker | undefined}) {
  if (!worker) return 'none';
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link to="/workers" search={{worker: worker.id}} className="link">
        {worker.name}
      </Link>
      <WorkerState worker={worker} />
      <span className="tabular text-dim">
        {worker.busy} of {worker.slots} slots in use
      </span>
    </span>
  );
}

interface NodeDialogProps {
  node: Node;
  /** All there are: its part of the schedules is one among theirs. */
  nodes: Node[];
  onClose: () => void;
}

export function NodeDialog({node, nodes, onClose}: NodeDialogProps) {
  const workers = useQuery(workersQuery);
  const worker = workers.data?.items?.find((each) => each.id === workerIdOf(node));
  const isGone = node.state === 'offline' || node.state === 'lost';
  const mayRemove = useMay('admin') && isGone;
  const [isDraining, setDraining] = useState(false);
  if (isDraining && worker) return <DrainDialog worker={worker} onClose={() => setDraining(false)} />;
  const hasOrders = worker && worker.state !== 'offline' && !isGone;
  const noShare = whyNoShare(node);
  return (
    <Dialog
      title={`Node ${node.name}`} onClose={onClose}
      footer={
        (mayRemove || hasOrders) && (
          <>
            {mayRemove && <Remove node={node} onGone={onClose} />}
            {hasOrders && <TakeOrders worker={worker} onDrain={() => setDraining(true)} />}
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {worker && <DrainProgress worker={worker} />}
        <Facts
          rows={[
            ['State', <span key="state"><StateOf node={node} /> <span className="text-dim">{MEANS[node.state]}</span></span>],
            ['Roles', <RoleList key="roles" roles={node.roles} />],
            ['Plans', <span key="share">{shareWords(node, nodes)} <span className="text-dim">{noShare ?? 'of the schedules, about'}</span></span>],
            ['Its worker', <ItsWorker key="worker" worker={worker} />],
            ['Clock', <Clock key="clock" node={node} />],
            ['Heard of', <Heard key="heard" at={node.heartbeat_at} isGone={isGone} />],
            ['Started', <Time key="started" at={node.started_at} show="full" />],
            ['Address', node.address || 'none'],
            ['Version', `${node.version || '–'}, protocol ${node.protocol ?? 1}`],
            ['Id', <code key="id" className="font-mono text-xs break-all">{node.id}</code>],
          ]}
        />
      </div>
    </Dialog>
  );
}

function RoleList({roles}: {roles: Node['roles']}) {
  return (
    <ul>
      {roles.map((role) => (
        <li key={role}>
          {role} <span className="text-dim">{ROLES[role]}</span>
        </li>
      ))}
    </ul>
  );
}
