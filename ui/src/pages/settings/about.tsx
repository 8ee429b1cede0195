// Which program answers, whether it is ready, and where to read on.
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {readinessQuery, versionQuery} from '@/api/queries';
import {Facts, Panel} from '@/components/page';
import {Badge} from '@/components/state';

export function About() {
  const version = useQuery(versionQuery);
  const readiness = useQuery(readinessQuery);
  return (
    <div className="grid gap-3 md:grid-cols-2">
      <Panel title="This node">
        <Facts
          rows={[
            ['Program', `${version.data?.name ?? ''} ${version.data?.version ?? ''}`],
            ['API', version.data?.api ?? '–'],
            [
              'Ready',
              readiness.error ? <Badge key="no" tone="bad" icon="cross">no</Badge> : (readiness.data?.checks ?? ['–']).map((check) => <p key={check}>{check}</p>),
            ],
          ]}
        />
      </Panel>
      <Panel title="To read">
        <ul className="flex flex-col items-start gap-2 text-sm">
          <li>
            <Link to="/docs" className="link underline">API reference</Link>{' '}
            <span className="text-dim">of this node, with examples</span>
          </li>
          <li>
            <a href="/api/v1/openapi.json" className="link underline" target="_blank" rel="noreferrer">OpenAPI document</a>{' '}
            <span className="text-dim">for clients of your own</span>
          </li>
          <li>
            <a href="/metrics" className="link underline" target="_blank" rel="noreferrer">Metrics</a>{' '}
            <span className="text-dim">in the form of Prometheus</span>
          </li>
          <li>
            <Link to="/shadow" className="link underline">Shadow report</Link>{' '}
            <span className="text-dim">of jobs that only watch another scheduler</span>
          </li>
          <li className="text-dim">
            On a terminal: <code className="font-mono">jobctl --help</code>, <code className="font-mono">mainspring doctor</code>
          </li>
        </ul>
      </Panel>
    </div>
  );
}
