// The sheet of all shortcuts that work just now.
import {Kbd} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {shared, useShared} from '@/components/store';
import {shortcuts, useShortcuts, type Shortcut} from './keys';

const isOpen = shared(false);
const GROUPS: Shortcut['group'][] = ['Anywhere', 'Go to', 'In a table', 'This page'];

export const openHelp = () => isOpen.set(true);

export function Help() {
  useShortcuts([{keys: '?', does: 'Show this sheet', group: 'Anywhere', run: openHelp}]);
  return useShared(isOpen) && <Sheet />;
}

function Sheet() {
  const all = useShared(shortcuts);
  const latest = [...new Map(all.map((each) => [each.keys, each])).values()];
  const groups = GROUPS.map((name) => ({name, items: latest.filter((each) => each.group === name)}));
  return (
    <Dialog title="Keyboard" onClose={() => isOpen.set(false)} wide>
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
        {groups
          .filter((group) => group.items.length > 0)
          .map((group) => (
            <section key={group.name}>
              <h3 className="mb-1 text-sm font-semibold">{group.name}</h3>
              <ul className="flex flex-col gap-1 text-sm">
                {group.items.map((each) => (
                  <li key={each.keys} className="flex items-center justify-between gap-4">
                    <span>{each.does}</span>
                    <Keys keys={each.keys} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
    </Dialog>
  );
}

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');

function Keys({keys}: {keys: string}) {
  const pressed = keys.split(' ').map((key) => key.replace('mod+', isMac ? '⌘ ' : 'Ctrl '));
  return (
    <span className="flex gap-1">
      {pressed.map((key, at) => (
        <Kbd key={at}>{key}</Kbd>
      ))}
    </span>
  );
}
