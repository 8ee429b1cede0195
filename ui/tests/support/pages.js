// Every page there is, for the tests and pictures that go through all of them.

const LISTS = [
  'jobs', 'runs', 'operations', 'schedule', 'queues', 'workers', 'nodes', 'events', 'calendars', 'connections', 'shadow',
  'docs', 'settings',
];
const VIEWS = [
  {name: 'schedule-load', path: '/schedule?view=load'},
  {name: 'schedule-at', path: '/schedule?view=at'},
  {name: 'schedule-ledger', path: '/schedule?view=ledger'},
  {name: 'docs-operation', path: '/docs?q=queues&operation=put_queue'},
  ...['node', 'tokens', 'backups', 'about'].map((tab) => ({
    name: `settings-${tab}`, path: `/settings?tab=${tab}`,
  })),
];

// What looks otherwise where several nodes share a store.
export const FLEET_PAGES = ['nodes', 'workers'].map((name) => ({name, path: `/${name}`}));

export function pagesOf(runs) {
  const details = runs
    ? [
        {name: 'job', path: '/jobs/nightly-backup'},
        ...['occurrences', 'versions', 'definition'].map((tab) => ({
          name: `job-${tab}`, path: `/jobs/nightly-backup?tab=${tab}`,
        })),
        {name: 'editor', path: '/editor?job=nightly-backup'},
        {name: 'calendar', path: '/calendars/public-holidays?year=2030'},
        {name: 'connection', path: '/connections?connection=warehouse'},
        {name: 'queue', path: '/queues?queue=imports'},
        {name: 'run-failed', path: `/runs/${runs.failed}`},
        {name: 'why', path: '/jobs/nightly-backup/at/2030-01-01T02:30'},
        {name: 'runs-mistake', path: '/runs?q=stat:failed'},
        {name: 'operation', path: `/operations/${runs.operation}`},
        {name: 'run-running', path: `/runs/${runs.running}`},
      ]
    : [{name: 'no-such-job', path: '/jobs/nothing'}];
  return [
    {name: 'overview', path: '/'},
    {name: 'editor-new', path: '/editor'},
    ...LISTS.map((name) => ({name, path: `/${name}`})),
    ...VIEWS,
    ...details,
    {name: 'no-such-page', path: '/settings/nothing'},
  ];
}
