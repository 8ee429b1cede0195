// The command palette (Ctrl or Cmd with K): every page, every job, and what can be done here.
import {useInfiniteQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useDeferredValue, useEffect, useId, useRef, useState} from 'react';
import {jobsQuery, rowsOf} from '@/api/queries';
import {useSignOut} from '@/api/session';
import {Kbd} from '@/components/button';
import {Icon, type IconName} from '@/components/icons';
import {shared, useShared} from '@/components/store';
import {useShortcuts} from './keys';
import {rank} from './match';
import {NAVIGATION} from './navigation';
import {toggleTheme} from './theme';

const MOST_SHOWN = 12;

export interface Command {
  label: string;
  icon: IconName;
  hint?: string;
  run: () => void;
}

const isOpen = shared(false);
const ofPage = shared<Command[]>([]);

export const openPalette = () => isOpen.set(true);

/** Offers commands in the palette as long as the component is there. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const names = commands.map((command) => command.label).join('\n');
  useEffect(() => {
    const mine = latest.current.map((each, at) => ({...each, run: () => latest.current[at]?.run()}));
    ofPage.set((all) => [...all, ...mine]);
    return () => ofPage.set((all) => all.filter((each) => !mine.includes(each)));
  }, [names]);
}

export function Palette() {
  useShortcuts([{keys: 'mod+k', does: 'Open the palette', group: 'Anywhere', run: openPalette}]);
  return useShared(isOpen) && <OpenPalette />;
}

function useFound(text: string): Command[] {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const extra = useShared(ofPage);
  const wanted = useDeferredValue(text.trim());
  const jobs = useInfiniteQuery({...jobsQuery(wanted ? {text: wanted} : {}, MOST_SHOWN), enabled: wanted !== ''});
  const commands: Command[] = [
    ...extra,
    ...NAVIGATION.map((page) => ({
      label: page.label, icon: page.icon, hint: page.keys, run: () => void navigate({to: page.to}),
    })),
    {label: 'Switch between dark and light', icon: 'moon', run: toggleTheme},
    {label: 'Sign out', icon: 'skip', run: () => void signOut()},
    ...(wanted ? rowsOf(jobs.data) : []).map((job) => ({
      label: job.name ?? '', icon: 'jobs' as const, hint: 'job',
      run: () => void navigate({to: '/jobs/$job', params: {job: job.name ?? ''}}),
    })),
  ];
  return rank(commands, text, (command) => command.label).slice(0, MOST_SHOWN);
}

function OpenPalette() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const found = useFound(text);
  const at = Math.min(chosen, found.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => isOpen.set(false);
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  const pressed = (event: React.KeyboardEvent) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) setChosen((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog} aria-label="Command palette" onClose={close} onKeyDown={pressed}
      onMouseDown={(event) => event.target === dialog.current && close()}
      className="mt-[12dvh] w-[min(94vw,34rem)] overflow-hidden rounded-lg border border-line bg-panel p-0 text-ink shadow-2xl"
    >
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Icon name="search" className="text-dim" />
        <input
          role="combobox" aria-expanded="true" aria-controls={list} autoFocus value={text}
          aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
          aria-label="Go to a page or job, or do something" placeholder="Go to a page or job, or do something"
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          className="h-11 w-full bg-transparent outline-none"
        />
      </div>
      <ul id={list} role="listbox" aria-label="Found" className="max-h-[60dvh] overflow-auto p-1 text-sm">
        {found.map((command, index) => (
          <li
            key={`${command.hint}${command.label}`} id={`${list}-${index}`} role="option"
            aria-selected={index === at} onClick={() => run(command)}
            className="flex h-8 cursor-pointer items-center gap-2 rounded px-2 aria-selected:bg-accent-soft"
          >
            <Icon name={command.icon} className="text-dim" />
            <span className="min-w-0 grow truncate">{command.label}</span>
            {command.hint && <Kbd>{command.hint}</Kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="p-4 text-center text-sm text-dim">Nothing has this name.</p>}
    </dialog>
  );
}
