// A node with something of everything: what the full screenshots show, and axe reads.

const MANIFEST = `
name: nightly-backup
description: Copies the database to the other machine.
command: |
  echo "connecting to backup.example"
  echo "pg_dump: error: connection refused" >&2
  exit 3
schedule: {cron: "30 2 * * *", timezone: Europe/Berlin}
labels: {team: platform}
---
name: heartbeat
description: Says that all is well.
command: echo alive
schedule: {every: 10s}
---
name: report-sales
description: Sums up the sales of the day and mails them.
command: echo "sum 1234"
schedule: {cron: "0 6 * * MON-FRI", timezone: America/New_York, calendar: public-holidays}
labels: {team: sales}
---
name: reindex
description: Builds the search index anew; takes a while.
command: sleep 600
timeout: 1h
---
name: import-orders
description: Fetches what the shops have sold.
command: "true"
schedule: {cron: "*/15 * * * *"}
queue: imports
---
name: cleanup-temporary-files-of-the-image-service
description: A name that is long.
command: "true"
schedule: {cron: "@daily"}
---
name: slow-check
command: sleep 30
timeout: 1s
`;

/** Puts jobs, runs in most states, a calendar, connections and a paused queue there. Ids by what they show. */
export async function seed(node) {
  await node.request('PUT', '/api/v1/calendars/public-holidays', {
    description: 'Days on which nobody works.', mode: 'exclude', timezone: 'Europe/Berlin',
    spans: [{from: '2030-12-25', note: 'Christmas'}, {from: '2030-12-26'}],
  });
  await node.request('PUT', '/api/v1/connections/warehouse', {
    type: 'postgres', description: 'What the shops have sold.', host: 'db.example.org', database: 'sales', user: 'reports',
    password: {secret: 'warehouse'}, tls: {verify: 'full'},
  });
  await node.request('PUT', '/api/v1/connections/shop', {
    type: 'http', url: 'https://shop.example.org/api/v2', auth: {bearer: {secret: 'shop-token'}},
  });
  await node.request('PUT', '/api/v1/queues/imports', {limit: 2});
  await node.apply(MANIFEST);
  await node.request('POST', '/api/v1/jobs/cleanup-temporary-files-of-the-image-service/pause', {
    note: 'until the disk is replaced',
  });
  await node.request('POST', '/api/v1/queues/imports/pause', {note: 'the shop is being moved'});
  const submit = async (job, count) => {
    const ids = [];
    for (let i = 0; i < count; i += 1) ids.push(await node.submit(job));
    return ids;
  };
  const [failed] = await submit('nightly-backup', 3);
  const [succeeded] = await submit('report-sales', 12);
  const [timedOut] = await submit('slow-check', 1);
  const [queued] = await submit('import-orders', 5);
  const [running] = await submit('reindex', 1);
  const hasEnded = (run) => run.finished_at !== undefined;
  for (const id of [failed, succeeded, timedOut]) await node.waitForRun(id, hasEnded);
  await node.waitForRun(running, (run) => run.state === 'running');
  const again = {kind: 'rerun_runs', query: 'job:nightly-backup state:failed', reason: 'The machine is back.'};
  const operation = (await node.request('POST', '/api/v1/operations', again)).id;
  return {operation, failed, succeeded, timedOut, queued, running};
}
