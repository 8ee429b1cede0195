// Every setting of the node: its value, its default, and who said so.
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {SearchBox} from '@/components/field';
import {ErrorPanel} from '@/components/error-panel';
import {Empty, Loading} from '@/components/page';
import {Badge} from '@/components/state';
import {settingsQuery, type Setting} from './queries';
import {isFound, valueWords} from './words';

export function NodeSettings() {
  const query = useQuery(settingsQuery);
  const [text, setText] = useState('');
  const [isChangedOnly, setChangedOnly] = useState(false);
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const shown = (query.data.items ?? [])
    .filter((setting) => isFound(setting, text))
    .filter((setting) => !isChangedOnly || setting.source !== 'default');
  return (
    <>
      <div className="flex flex-wrap items-center gap-4 text-sm">
        <SearchBox label="Find a setting" value={text} onText={setText} />
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={isChangedOnly} onChange={(event) => setChangedOnly(event.target.checked)} />
          Only what somebody set
        </label>
      </div>
      {shown.length === 0 ? (
        <Empty title="No setting is like this">Settings come from a file, variables and flags of the node.</Empty>
      ) : (
        <ul aria-label="Settings" className="divide-y divide-line rounded-lg border border-line bg-panel text-sm">
          {shown.map((setting) => (
            <SettingRow key={setting.name} setting={setting} />
          ))}
        </ul>
      )}
      <p className="text-xs text-dim">
        They are read when the node starts: a YAML file (<code className="font-mono">--config</code>), then
        variables <code className="font-mono">MAINSPRING_NAME</code>, then flags. <code className="font-mono">mainspring config</code> shows the same.
      </p>
    </>
  );
}

function SettingRow({setting}: {setting: Setting}) {
  const [value, usual] = [valueWords(setting.value), valueWords(setting.default)];
  return (
    <li className="grid gap-x-4 gap-y-1 px-3 py-2 md:grid-cols-[220px_minmax(0,1fr)_minmax(0,1.4fr)]">
      <code className="font-mono font-medium break-all">{setting.name}</code>
      <div className="min-w-0">
        <code className="font-mono break-all">{value}</code>{' '}
        <Badge tone={setting.source === 'default' ? 'dim' : 'accent'}>{setting.source}</Badge>
        {value !== usual && <div className="text-xs break-all text-dim">default {usual}</div>}
      </div>
      <p className="text-dim">{setting.doc}</p>
    </li>
  );
}
