import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {complaints} from '../support/axe.js';
import {Browser, isLive, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

let node;
let browser;
let worker;

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
  await node.apply('name: quick\ncommand: "true"\n---\nname: slow\ncommand: sleep 600\n');
  [worker] = (await node.request('GET', '/api/v1/workers')).items;
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

async function openWorkers(path = '/workers') {
  const page = await signIn(await browser.context(), node);
  await page.goto(node.url + path);
  await isShown(page);
  await isLive(page);
  return page;
}

const dialogOf = (page) => page.getByRole('dialog', {name: `Worker ${worker.name}`, exact: true});
const hasEnded = (run) => run.finished_at !== undefined;

test('a worker is shown with its slots and what it is doing', async () => {
  const run = await node.submit('slow');
  await node.waitForRun(run, (each) => each.state === 'running');
  const page = await openWorkers();
  const row = page.getByRole('table', {name: 'Workers', exact: true}).getByRole('row').filter({hasText: worker.name});
  await row.getByText('online', {exact: true}).waitFor();
  await row.getByText(`1 of ${worker.slots}`, {exact: true}).waitFor();
  await row.getByText(worker.name, {exact: true}).click();
  await dialogOf(page).getByText(worker.id, {exact: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await node.request('POST', `/api/v1/runs/${run}/cancel`, {mode: 'kill'});
  await node.waitForRun(run, hasEnded);
  await dialogOf(page).getByText(`0 of ${worker.slots}`, {exact: true}).waitFor();
  await page.context().close();
});

test('a cordoned worker is given nothing; uncordoned it goes on; drained it ends what it has', async (t) => {
  if (worker.cordoned === undefined) return t.skip('this node gives its workers no orders');
  const page = await openWorkers(`/workers?worker=${worker.id}`);
  const dialog = dialogOf(page);
  await dialog.getByRole('button', {name: 'Cordon', exact: true}).click();
  await dialog.getByText('cordoned', {exact: true}).waitFor();
  const waits = await node.submit('quick');
  assert.equal((await node.request('GET', `/api/v1/runs/${waits}`)).state, 'queued');
  await dialog.getByRole('button', {name: 'Uncordon', exact: true}).click();
  await dialog.getByText('online', {exact: true}).waitFor();
  await node.waitForRun(waits, hasEnded);

  const slow = await node.submit('slow');
  await node.waitForRun(slow, (run) => run.state === 'running');
  await dialog.getByRole('button', {name: 'Drain', exact: true}).click();
  const asking = page.getByRole('dialog', {name: `Drain ${worker.name}`, exact: true});
  await asking.getByLabel('Deadline', {exact: true}).fill('soon');
  await asking.getByText('Write a duration such as 10m or 1h.').waitFor();
  await asking.getByLabel('Deadline', {exact: true}).fill('1h');
  await asking.getByRole('button', {name: 'Drain the worker', exact: true}).click();
  await dialog.getByText(`Draining: 1 of ${worker.slots} slots still in use.`).waitFor();
  assert.deepEqual(await complaints(page), []);
  await node.request('POST', `/api/v1/runs/${slow}/cancel`, {mode: 'kill'});
  await dialog.getByText('Drained: it runs nothing any more.').waitFor();
  await page.context().close();
  return undefined;
});

test('a join token is shown once, in two commands, and revoked', async (t) => {
  const answer = await fetch(`${node.url}/api/v1/join-tokens`, {headers: {Authorization: `Bearer ${node.token}`}});
  if (answer.status === 404) return t.skip('no worker joins this node');
  const page = await openWorkers();
  await page.getByRole('button', {name: 'Add a worker', exact: true}).click();
  await page.getByLabel('Labels', {exact: true}).fill('site');
  await page.getByText('Write pairs such as site=home, gpu=yes').waitFor();
  await page.getByLabel('Labels', {exact: true}).fill('site=home');
  assert.deepEqual(await complaints(page), []);
  await page.getByRole('button', {name: 'Make a join token', exact: true}).click();
  const [keeps, joins] = await Promise.all([0, 1].map((at) => page.locator('[data-command]').nth(at).textContent()));
  const secret = /echo (\S+) >join-token/.exec(keeps)?.[1];
  assert.ok(secret?.length > 30, keeps);
  assert.equal(joins, `mainspring worker --join ${node.url} --token-file join-token`);
  await page.getByRole('button', {name: 'I have kept them', exact: true}).click();
  await page.locator('[data-command]').first().waitFor({state: 'detached'});
  assert.ok(!(await page.content()).includes(secret), 'it is shown once');

  await page.getByRole('button', {name: 'Join tokens', exact: true}).click();
  const row = page.getByRole('table', {name: 'Join tokens', exact: true}).getByRole('row').filter({hasText: 'site=home'});
  await row.getByText('0 of 1', {exact: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await row.getByRole('button', {name: /^Revoke the token/}).click();
  await page.getByRole('button', {name: 'Revoke the join token', exact: true}).click();
  await row.waitFor({state: 'detached'});
  assert.deepEqual((await node.request('GET', '/api/v1/join-tokens')).items, []);
  await page.context().close();
  return undefined;
});
