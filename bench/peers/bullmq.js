// BullMQ on Redis. What is finished stays, which is BullMQ's default.
import {Queue, Worker} from 'bullmq';
import {Redis} from 'ioredis';

const CONCURRENCY = Number(process.env.BULLMQ_CONCURRENCY ?? 64);

export async function open(address) {
  const connection = {path: address, maxRetriesPerRequest: null};
  const queue = new Queue('noop', {connection});
  await queue.waitUntilReady();
  return {
    add: (payload) => queue.add('noop', payload),
    addMany: (payloads) => queue.addBulk(payloads.map((data) => ({name: 'noop', data}))),
    finished: () => queue.getCompletedCount(),
    async work(run, slots) {
      const worker = new Worker('noop', run, {connection, concurrency: slots || CONCURRENCY});
      worker.on('error', (error) => console.error(error.message));
      await worker.waitUntilReady();
      return {stop: () => worker.close()};
    },
    async clear() {
      const control = new Redis(address);
      await control.flushall();
      control.disconnect();
    },
  };
}
