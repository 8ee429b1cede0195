// Every page there is, for the tests and pictures that go through all of them.

const LISTS = ['jobs', 'runs', 'schedule', 'queues', 'workers', 'events', 'calendars', 'settings'];

export function pagesOf(runs) {
  const details = runs
    ? [
        {name: 'job', path: '/jobs/nightly-backup'},
        {name: 'run-failed', path: `/runs/${runs.failed}`},
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
