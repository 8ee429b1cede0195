// What is around every page: navigation, the bar above, and all that may open over it.
import {Link, Outlet, useNavigate, useRouterState} from '@tanstack/react-router';
import {useEffect, useRef, useState} from 'react';
import {useSession, useSignOut} from '@/api/session';
import {Button, IconButton, Kbd} from '@/components/button';
import {ConfirmDialog} from '@/components/dialog';
import {Icon} from '@/components/icons';
import {Menu} from '@/components/menu';
import {useShared} from '@/components/store';
import {timeChoice, zoneChoice} from '@/components/time';
import {Toasts} from '@/components/toasts';
import {useLive} from '@/live/live';
import {Help, openHelp} from './help';
import {useKeyboard, useShortcuts} from './keys';
import {LiveChip} from './live-chip';
import {NAVIGATION} from './navigation';
import {openPalette, Palette} from './palette';
import {themeChoice, toggleTheme} from './theme';

export function Layout() {
  useKeyboard();
  useLive('jobs'); // few events, and the connection stands on every page
  const navigate = useNavigate();
  const [isNavOpen, setNavOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({select: (state) => state.location.pathname});
  useEffect(() => setNavOpen(false), [path]);
  useShortcuts([
    ...NAVIGATION.map((page) => ({
      keys: page.keys, does: page.label, group: 'Go to' as const, run: () => void navigate({to: page.to}),
    })),
    {keys: '/', does: 'Search on this page', group: 'Anywhere', run: focusSearch},
    {keys: 't', does: 'Switch between dark and light', group: 'Anywhere', run: toggleTheme},
  ]);
  return (
    <div className="grid h-full grid-rows-[auto_1fr] md:grid-cols-[196px_1fr]">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
        className="absolute -top-20 left-2 z-50 rounded bg-panel p-2 focus:top-2"
      >
        Skip to the page
      </a>
      <TopBar isNavOpen={isNavOpen} onNav={() => setNavOpen(!isNavOpen)} />
      <Navigation isOpen={isNavOpen} />
      <main
        id="main" ref={main} tabIndex={-1}
        className={`min-h-0 min-w-0 overflow-auto outline-none ${isNavOpen ? 'hidden md:block' : ''}`}
      >
        <Outlet />
      </main>
      <Palette />
      <Help />
      <ConfirmDialog />
      <Toasts />
    </div>
  );
}

function focusSearch() {
  const box = document.querySelector<HTMLInputElement>('[data-page-search]');
  if (box) box.focus();
  else openPalette();
}

function TopBar({isNavOpen, onNav}: {isNavOpen: boolean; onNav: () => void}) {
  return (
    <header className="col-span-full flex h-12 items-center gap-2 border-b border-line bg-panel px-3">
      <IconButton
        label="Navigation" icon={isNavOpen ? 'cross' : 'menu'} aria-expanded={isNavOpen}
        aria-controls="navigation" className="md:hidden" onClick={onNav}
      />
      <Link to="/" className="flex items-center gap-2 font-semibold">
        <img src="/assets/icon.svg" alt="" width="22" height="22" />
        <span className="max-sm:sr-only">Mainspring</span>
      </Link>
      <div className="grow" />
      <Button onClick={openPalette} icon="search" className="max-sm:w-8 max-sm:px-0">
        <span className="max-sm:sr-only">Go to…</span>
        <span className="max-sm:hidden" aria-hidden="true">
          <Kbd>Ctrl K</Kbd>
        </span>
      </Button>
      <LiveChip />
      <ThemeButton />
      <AccountMenu />
    </header>
  );
}

function ThemeButton() {
  const theme = useShared(themeChoice);
  const icon = {system: 'monitor', light: 'sun', dark: 'moon'} as const;
  return (
    <Menu
      trigger={<IconButton label={`Theme: ${theme}`} icon={icon[theme]} />}
      items={[
        {label: 'As the system', icon: 'monitor', onSelect: () => themeChoice.set('system')},
        {label: 'Light', icon: 'sun', onSelect: () => themeChoice.set('light')},
        {label: 'Dark', icon: 'moon', onSelect: () => themeChoice.set('dark')},
      ]}
    />
  );
}

function AccountMenu() {
  const {data: session} = useSession();
  const signOut = useSignOut();
  const zone = useShared(zoneChoice);
  const times = useShared(timeChoice);
  return (
    <Menu
      trigger={<IconButton label={`Signed in as ${session?.name ?? 'nobody'}`} icon="dots" />}
      items={[
        {
          label: zone === 'utc' ? 'Show my time zone' : 'Show UTC', icon: 'clock',
          onSelect: () => zoneChoice.set(zone === 'utc' ? 'local' : 'utc'),
        },
        {
          label: times === 'relative' ? 'Show exact times' : 'Show relative times', icon: 'calendar',
          onSelect: () => timeChoice.set(times === 'relative' ? 'absolute' : 'relative'),
        },
        {label: 'Keyboard shortcuts', icon: 'menu', onSelect: openHelp},
        'line',
        {label: `Sign out ${session?.name ?? ''}`, icon: 'skip', onSelect: () => void signOut()},
      ]}
    />
  );
}

function Navigation({isOpen}: {isOpen: boolean}) {
  return (
    <nav
      id="navigation" aria-label="Pages"
      className={`min-h-0 flex-col gap-0.5 overflow-auto border-r border-line bg-panel p-2 md:flex ${isOpen ? 'flex' : 'hidden'}`}
    >
      {NAVIGATION.map((page) => (
        <Link
          key={page.to} to={page.to} activeOptions={{exact: page.to === '/', includeSearch: false}}
          activeProps={{className: 'bg-accent-soft !text-accent font-medium', 'aria-current': 'page'}}
          className="flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-sm text-dim hover:bg-sunken hover:text-ink"
        >
          <Icon name={page.icon} />
          {page.label}
        </Link>
      ))}
    </nav>
  );
}
