// Who I am to this node, how this browser shows things, and which program answers.
import {useQuery} from '@tanstack/react-query';
import {readinessQuery, versionQuery} from '@/api/queries';
import {useSession} from '@/api/session';
import {THEMES, themeChoice, type Theme} from '@/app/theme';
import {Select} from '@/components/field';
import {Facts, Page, Panel} from '@/components/page';
import {useShared} from '@/components/store';
import {timeChoice, zoneChoice} from '@/components/time';
import {LOCAL_ZONE} from '@/components/time-words';

export default function SettingsPage() {
  const {data: session} = useSession();
  const version = useQuery(versionQuery);
  const readiness = useQuery(readinessQuery);
  return (
    <Page title="Settings">
      <div className="grid gap-3 md:grid-cols-2">
        <Panel title="This browser">
          <Preferences />
        </Panel>
        <Panel title="You">
          <Facts
            rows={[
              ['Signed in as', session?.name ?? '–'],
              ['Role', session?.role ?? '–'],
              ['Tenant', session?.tenant ?? '–'],
            ]}
          />
        </Panel>
        <Panel title="Node">
          <Facts
            rows={[
              ['Program', `${version.data?.name ?? ''} ${version.data?.version ?? ''}`],
              ['API', version.data?.api ?? '–'],
              ['Ready', readiness.error ? 'no' : (readiness.data?.checks?.join(' ') ?? '–')],
            ]}
          />
        </Panel>
      </div>
    </Page>
  );
}

function Preferences() {
  const theme = useShared(themeChoice);
  const zone = useShared(zoneChoice);
  const times = useShared(timeChoice);
  return (
    <div className="flex flex-col items-start gap-2">
      <Select label="Theme" value={theme} onChange={(event) => themeChoice.set(event.target.value as Theme)}>
        {THEMES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </Select>
      <Select
        label="Time zone" value={zone}
        onChange={(event) => zoneChoice.set(event.target.value === 'utc' ? 'utc' : 'local')}
      >
        <option value="local">{LOCAL_ZONE}</option>
        <option value="utc">UTC</option>
      </Select>
      <Select
        label="Times in lists" value={times}
        onChange={(event) => timeChoice.set(event.target.value === 'absolute' ? 'absolute' : 'relative')}
      >
        <option value="relative">relative</option>
        <option value="absolute">exact</option>
      </Select>
    </div>
  );
}
