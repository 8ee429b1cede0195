// A connection by itself: what it says, whether it works, and what can be done with it.
import {useMutation, useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useState} from 'react';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Facts, Loading} from '@/components/page';
import {Badge} from '@/components/state';
import type {Schemas} from '@/api/client';
import {secretOf, TYPES, type ConnectionSpec} from './fields';
import {ConnectionForm} from './form';
import {connectionQuery, tryConnection, useDelete} from './queries';

type Row = [string, React.ReactNode];

function rowsOf(spec: ConnectionSpec): Row[] {
  const {fields, hasPort, secret} = TYPES[spec.type];
  const rows: Row[] = [['Type', TYPES[spec.type].words]];
  for (const {key, label} of fields) if (spec[key]) rows.push([label, spec[key]]);
  if (hasPort && spec.port) rows.push(['Port', String(spec.port)]);
  if (secret) rows.push([secret, secretWords(spec)]);
  if (spec.tls?.verify) rows.push(['TLS', `verified: ${spec.tls.verify}`]);
  if (spec.proxy) rows.push(['Through', spec.proxy]);
  const further = Object.keys({...spec.headers, ...spec.options});
  if (further.length > 0) rows.push(['Further settings', further.join(', ')]);
  if (spec.description) rows.push(['For', spec.description]);
  return rows;
}

function secretWords(spec: ConnectionSpec): string {
  const secret = secretOf(spec);
  if (secret) return `the secret ${secret} of the worker`;
  return secret === undefined ? 'as its manifest says' : 'none';
}

export function ConnectionDialog({name, onClose}: {name: string; onClose: () => void}) {
  const query = useQuery(connectionQuery(name));
  const mayTry = useMay('operator');
  const mayChange = useMay('admin');
  const [isEditing, setEditing] = useState(false);
  const attempt = useMutation({mutationFn: () => tryConnection(name)});
  const remove = useDelete(onClose);
  if (isEditing && query.data) {
    return <ConnectionForm spec={query.data} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />;
  }
  return (
    <Dialog
      title={`Connection ${name}`} onClose={onClose} wide
      footer={
        <>
          {mayChange && <Button look="danger" icon="trash" onClick={() => void remove(name)}>Delete</Button>}
          {mayChange && <Button icon="pencil" disabled={!query.data} onClick={() => setEditing(true)}>Change</Button>}
          {mayTry && <Button look="primary" icon="play" busy={attempt.isPending} onClick={() => attempt.mutate()}>Try it</Button>}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {query.isPending && <Loading />}
        {query.error && <ErrorPanel error={query.error} what="Could not read the connection" />}
        {query.data && <Facts rows={rowsOf(query.data)} />}
        {attempt.error && <ErrorPanel error={attempt.error} what="Could not try the connection" />}
        {attempt.data && <Outcome report={attempt.data} />}
        <p className="text-xs text-dim">It is tried from the node that answers here; its jobs run where their worker is.</p>
        <p className="text-xs">
          <Link to="/events" search={{type: 'connection.'}} className="link">Who changed connections</Link>
        </p>
      </div>
    </Dialog>
  );
}

function Outcome({report}: {report: Schemas['ConnectionReport']}) {
  return (
    <div role="status" className="flex flex-col gap-1 text-sm">
      <div className="flex items-center gap-2">
        {report.ok ? <Badge tone="good" icon="check">works</Badge> : <Badge tone="bad" icon="cross">does not work</Badge>}
        <span className="text-dim">after {report.milliseconds?.toLocaleString('en')} ms</span>
      </div>
      <p className="break-words">{report.ok ? report.server : report.error}</p>
    </div>
  );
}
