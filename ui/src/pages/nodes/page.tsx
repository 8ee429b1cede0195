// Nodes: the processes that share the store, what each does, and how it is.
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {nodesQuery, type Node} from '@/api/queries';
import {useMay} from '@/api/session';
import {Heard} from '@/components/heard';
import {Empty, Page} from '@/components/page';
import {Badge, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';
import {settingsQuery} from '@/pages/settings/queries';
import {NodeDialog} from './dialog';
import {Grow} from './grow';
import {clockWords, isInTime, isPlanning, shareWords, whyNoShare} from './words';

const TONES: Record<Node['state'], Tone> = {online: 'good', draining: 'warn', offline: 'dim', lost: 'bad'};
const ICONS = {online: 'check', draining: 'hourglass', offline: 'stop', lost: 'alert'} as const;
export const MEANS: Record<Node['state'], string> = {
  online: 'It does its work.',
  draining: 'It is about to stop; the others have taken over.',
  offline: 'It was stopped.',
  lost: 'It was not heard of in time; the others have taken over.',
};

export function StateOf({node}: {node: Node}) {
  return (
    <span title={MEANS[node.state]}>
      <Badge tone={TONES[node.state]} icon={ICONS[node.state]}>
        {node.state}
      </Badge>
    </span>
  );
}

export function Clock({node}: {node: Node}) {
  const isOff = !isInTime(node);
  return (
    <span
      title={isOff ? 'It plans nothing and ends no lease until the clock is right.' : 'Beside the clock of the store.'}
      className={`tabular ${isOff ? 'font-medium text-bad' : ''}`}
    >
      {clockWords(node.clock_offset_ms)}
    </span>
  );
}

const isThere = (node: Node) => node.state === 'online' || node.state === 'draining';

function columnsFor(nodes: Node[]): Column<Node>[] {
  const versions = new Set(nodes.filter(isThere).map((node) => node.version));
  return [
    {name: 'Node', width: 'minmax(72px,2fr)', cell: (node) => <Link to="/nodes" search={{node: node.id}} className="link font-medium" title={node.name}>{node.name}</Link>},
    {name: 'State', width: '100px', cell: (node) => <StateOf node={node} />},
    {name: 'Roles', width: 'minmax(0,2fr)', wideOnly: true, cell: (node) => node.roles.join(', ')},
    {
      name: 'Plans', width: 'minmax(70px,1fr)',
      cell: (node) => (
        <span title={whyNoShare(node) ?? 'About this part of the schedules'} className={isPlanning(node) ? '' : 'text-dim'}>
          {shareWords(node, nodes)}
        </span>
      ),
    },
    {name: 'Clock', width: 'minmax(92px,1fr)', wideOnly: true, cell: (node) => <Clock node={node} />},
    {name: 'Heard of', width: 'minmax(90px,1fr)', cell: (node) => <Heard at={node.heartbeat_at} isGone={!isThere(node)} />},
    {name: 'Started', width: '112px', wideOnly: true, cell: (node) => <Time at={node.started_at} />},
    {
      name: 'Version', width: 'minmax(92px,1fr)', wideOnly: true,
      cell: (node) => (
        <span title={`Protocol ${node.protocol ?? 1}${versions.size > 1 ? '; not all nodes have the same version' : ''}`}>
          {node.version}
          {versions.size > 1 && <span className="text-warn"> (mixed)</span>}
        </span>
      ),
    },
  ];
}

/** "3 online; 2 of them share the schedules." */
function aboutWords(nodes: Node[]): string {
  if (nodes.length === 0) return 'The processes of the program that share one store.';
  const planning = nodes.filter(isPlanning).length;
  const online = nodes.filter((node) => node.state === 'online').length;
  const plans =
    planning === 0 ? 'none of them plans: nothing that time fires becomes due' : planning === 1 ? `${online === 1 ? 'it' : 'one'} plans all schedules` : `${planning} share the schedules`;
  return `${online} online; ${plans}.`;
}

export default function NodesPage() {
  useLive('workers');
  const search = useSearch({from: '/nodes'});
  const navigate = useNavigate({from: '/nodes'});
  const query = useQuery({...nodesQuery, refetchInterval: 10_000}); // that a node lives is no event
  const settings = useQuery({...settingsQuery, enabled: useMay('admin')});
  const nodes = query.data?.items ?? [];
  const chosen = nodes.find((node) => node.id === search.node);
  const show = (node?: string) => void navigate({search: {node}});
  const isAlone = query.isSuccess && nodes.filter(isThere).length <= 1;
  const settingOf = (name: string) => String(settings.data?.items?.find((setting) => setting.name === name)?.value ?? '');
  return (
    <Page title="Nodes" fill={!isAlone} about={aboutWords(nodes)}>
      <DataTable
        label="Nodes" columns={columnsFor(nodes)} rows={nodes} rowKey={(node) => node.id} onOpen={(node) => show(node.id)}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={<Empty title="No node is known">The node that answers is not in its own list yet: wait a moment.</Empty>}
      />
      {isAlone && <Grow isShared={settingOf('store').startsWith('postgres')} dataDir={settingOf('data_dir')} />}
      {chosen && <NodeDialog node={chosen} nodes={nodes} onClose={() => show()} />}
    </Page>
  );
}
