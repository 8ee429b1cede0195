// Every page there is, for the tests and pictures that go through all of them.

const LISTS = ['jobs', 'runs', 'operations', 'schedule', 'queues', 'workers', 'events', 'calendars', 'settings'];

export function pagesOf(runs) {
  const details = runs
    ? [
        {name: 'job', path: '/jobs/nightly-backup'},
        {name: 'run-failed', path: `/runs/${runs.failed}`},
        {name: 'why', path: '/jobs/nightly-backup/at/2030-01-01T02:30'},
        {name: 'runs-mistake', path: '/runs?q=stat:failed'},
        {name: 'operation', path: `/operations/${runs.operation}`},
        {name: 'run-running', path: `/runs/${runs.running}`},
      ]
    : [{name: 'no-such-job', path: '/jobs/nothing'}];
  return [
    {name: 'overview', path: '/'},
    ...LISTS.map((name) => ({name, path: `/${name}`})),
    ...details,
    {name: 'no-such-page', path: '/settings/nothing'},
  ];
}
