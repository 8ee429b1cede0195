// Settings: of this browser and of the node, who may come in, backups, and what this is.
import {useNavigate, useSearch} from '@tanstack/react-router';
import {oneOf} from '@/app/search';
import {Page} from '@/components/page';
import {ViewSwitch} from '@/components/view-switch';
import {About} from './about';
import {Backups} from './backups';
import {ThisBrowser} from './browser';
import {NodeSettings} from './node';
import {Tokens} from './tokens';

const TABS = [
  ['browser', 'You'], ['node', 'Node'], ['tokens', 'Tokens'], ['backups', 'Backups'], ['about', 'About'],
] as const;

export default function SettingsPage() {
  const search = useSearch({from: '/settings'});
  const navigate = useNavigate({from: '/settings'});
  const tab = oneOf(TABS.map(([name]) => name), search.tab) ?? 'browser';
  return (
    <Page title="Settings" fill={tab === 'tokens' || tab === 'backups'}>
      <ViewSwitch
        label="Settings of what" views={TABS} current={tab}
        onChange={(next) => void navigate({search: {tab: next}})}
      />
      {tab === 'browser' && <ThisBrowser />}
      {tab === 'node' && <NodeSettings />}
      {tab === 'tokens' && <Tokens />}
      {tab === 'backups' && <Backups />}
      {tab === 'about' && <About />}
    </Page>
  );
}
