// pg-boss on PostgreSQL. What is finished stays in its table, for a week.
import {PgBoss} from 'pg-boss';
import pg from 'pg';

const CONNECTIONS = Number(process.env.PGBOSS_CONNECTIONS ?? 20);
const BATCH = Number(process.env.PGBOSS_BATCH ?? 100);
const CONCURRENCY = Number(process.env.PGBOSS_CONCURRENCY ?? 4);

export async function open(address) {
  const boss = new PgBoss({
    connectionString: address,
    max: CONNECTIONS,
    supervise: false,
    schedule: false,
  });
  boss.on('error', (error) => console.error(error.message));
  await boss.start();
  await boss.createQueue('noop');
  const pool = new pg.Pool({connectionString: address, max: 1});
  return {
    add: (payload) => boss.send('noop', payload),
    addMany: (payloads) => boss.insert('noop', payloads.map((data) => ({data}))),
    async finished() {
      const {rows} = await pool.query(
        "select count(*) as n from pgboss.job where name = 'noop' and state = 'completed'",
      );
      return Number(rows[0].n);
    },
    // A worker gets a batch at a time and finishes it as a whole; it asks again at once while batches
    // are full. With slots, a batch has as many jobs, which run side by side.
    async work(run, slots) {
      const options = {
        batchSize: slots || BATCH,
        localConcurrency: slots ? 1 : CONCURRENCY,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: 0.5,
      };
      await boss.work('noop', options, (jobs) => Promise.all(jobs.map(run)));
      return {stop: () => boss.offWork('noop', {wait: true})};
    },
    clear: () => boss.deleteAllJobs('noop'),
  };
}
