// The pages of the navigation, in their order. `keys` goes there from anywhere.
import type {IconName} from '@/components/icons';

export const NAVIGATION = [
  {to: '/', label: 'Overview', icon: 'home', keys: 'g o'},
  {to: '/jobs', label: 'Jobs', icon: 'jobs', keys: 'g j'},
  {to: '/runs', label: 'Runs', icon: 'runs', keys: 'g r'},
  {to: '/operations', label: 'Operations', icon: 'operations', keys: 'g b'},
  {to: '/schedule', label: 'Schedule', icon: 'clock', keys: 'g s'},
  {to: '/queues', label: 'Queues', icon: 'queue', keys: 'g q'},
  {to: '/workers', label: 'Workers', icon: 'workers', keys: 'g w'},
  {to: '/nodes', label: 'Nodes', icon: 'nodes', keys: 'g n'},
  {to: '/events', label: 'Events', icon: 'events', keys: 'g e'},
  {to: '/calendars', label: 'Calendars', icon: 'calendar', keys: 'g c'},
  {to: '/connections', label: 'Connections', icon: 'link', keys: 'g d'},
  {to: '/docs', label: 'API', icon: 'book', keys: 'g a'},
  {to: '/settings', label: 'Settings', icon: 'gear', keys: 'g ,'},
] as const satisfies readonly {to: string; label: string; icon: IconName; keys: string}[];
