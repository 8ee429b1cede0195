// graphile-worker on PostgreSQL. It deletes what is finished: it keeps no history.
import {Logger, makeWorkerUtils, run} from 'graphile-worker';
import pg from 'pg';

const CONNECTIONS = Number(process.env.GRAPHILE_CONNECTIONS ?? 20);
const CONCURRENCY = Number(process.env.GRAPHILE_CONCURRENCY ?? 24);
const LOCAL_QUEUE = Number(process.env.GRAPHILE_LOCAL_QUEUE ?? 500);
const COMPLETE_DELAY = Number(process.env.GRAPHILE_COMPLETE_DELAY ?? 0);

const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});

// Runs that do nothing are fetched and finished many at a time; those that take a while are not, so
// that every process gets some.
function presetFor(slots) {
  const batches = {localQueue: {size: LOCAL_QUEUE}, completeJobBatchDelay: COMPLETE_DELAY};
  const worker = {concurrentJobs: slots || CONCURRENCY, pollInterval: 500, logger};
  return {worker: {...worker, ...(slots === 0 && batches)}};
}

export async function open(address) {
  const pgPool = new pg.Pool({connectionString: address, max: CONNECTIONS});
  const say = (error) => console.error(error.message);
  pgPool.on('error', say);
  pgPool.on('connect', (connection) => connection.on('error', say));
  const utils = await makeWorkerUtils({pgPool, preset: presetFor(0)});
  await utils.migrate();
  const {rows: sequence} = await pgPool.query(
    "select pg_get_serial_sequence('graphile_worker._private_jobs', 'id') as name",
  );
  const spec = (payload) => ({identifier: 'noop', payload});
  return {
    add: (payload) => utils.addJob('noop', payload),
    addMany: (payloads) => utils.addJobs(payloads.map(spec)),
    // Ids are given in order: those that were given, without the jobs that are still there.
    async finished() {
      const {rows} = await pgPool.query(`
        select last_value * is_called::int
               - (select count(*) from graphile_worker._private_jobs) as n
        from ${sequence[0].name}`);
      return Number(rows[0].n);
    },
    async work(task, slots) {
      const preset = presetFor(slots);
      const runner = await run({pgPool, taskList: {noop: task}, noHandleSignals: true, preset});
      return {stop: () => runner.stop()};
    },
    clear: () => pgPool.query('truncate graphile_worker._private_jobs'),
  };
}
