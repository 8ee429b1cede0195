import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, isLive, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

let node;
let browser;

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
  await node.apply('name: import-orders\ncommand: "true"\nqueue: imports\n');
  await node.request('PUT', '/api/v1/queues/imports', {limit: 2});
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

test('a queue is paused with a reason, what comes waits, and resumed it runs', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/queues`);
  await isLive(page);
  await page.getByRole('button', {name: 'Pause imports', exact: true}).click();
  await page.getByLabel('Why', {exact: true}).fill('the shop is being moved');
  await page.getByRole('button', {name: 'Pause the queue', exact: true}).click();
  await page.getByRole('dialog', {name: 'Queue imports', exact: true}).getByText('the shop is being moved').waitFor();
  const run = await node.submit('import-orders');
  await page.getByRole('dialog', {name: 'Queue imports', exact: true}).locator(`a[href="/runs/${run}"]`).waitFor();
  assert.equal((await node.request('GET', `/api/v1/runs/${run}`)).state, 'queued');
  await page.getByRole('dialog', {name: 'Queue imports', exact: true}).getByRole('button', {name: 'Resume', exact: true}).click();
  await page.getByRole('button', {name: 'Close', exact: true}).click();
  await page.getByRole('row', {name: /imports/}).getByText('open', {exact: true}).waitFor();
  const ended = await node.waitForRun(run, (each) => each.finished_at !== undefined);
  assert.equal(ended.state, 'succeeded');
  await context.close();
});

test('limits are set with their units, and a mistake is said at its field', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/queues?queue=imports`);
  await page.getByRole('button', {name: 'Set limits', exact: true}).click();
  await page.getByLabel('Starts', {exact: true}).fill('10');
  await page.getByLabel('In each', {exact: true}).fill('often');
  await page.getByText('A duration such as 1m or 30s').waitFor();
  await page.getByLabel('In each', {exact: true}).fill('1m');
  await page.getByRole('button', {name: 'Set the limits', exact: true}).click();
  await page.getByRole('dialog', {name: 'Queue imports', exact: true}).getByText('10 per 1m').waitFor();
  const {spec} = await node.request('GET', '/api/v1/queues/imports');
  assert.equal(spec.limit, 2);
  assert.equal(spec.rate.count, 10);
  await context.close();
});
