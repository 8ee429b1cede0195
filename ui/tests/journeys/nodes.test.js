import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {complaints} from '../support/axe.js';
import {Browser, isLive, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';
import {Postgres} from '../support/postgres.js';

let browser;

before(async () => {
  browser = await Browser.start();
});
after(() => browser?.close());
afterEach(() => browser.check());

async function openNodes(node) {
  const page = await signIn(await browser.context(), node);
  await page.goto(`${node.url}/nodes`);
  await isShown(page);
  await isLive(page);
  return page;
}

const rowOf = (page, name) =>
  page.getByRole('table', {name: 'Nodes', exact: true}).getByRole('row').filter({has: page.getByText(name, {exact: true})});

test('a node that is alone plans everything, and says how to have another', async (t) => {
  const node = await Node.start('--name', 'alone');
  t.after(() => node.close());
  const page = await openNodes(node);
  await rowOf(page, 'alone').getByText('online', {exact: true}).waitFor();
  await rowOf(page, 'alone').getByText('all', {exact: true}).waitFor();
  await page.getByRole('heading', {name: 'To go on when a node fails', exact: true}).waitFor();
  await page.getByText(`mainspring migrate-store --from sqlite:${node.directory}/data/mainspring.db`).waitFor();
  await page.getByRole('link', {name: 'alone', exact: true}).click();
  const dialog = page.getByRole('dialog', {name: 'Node alone', exact: true});
  await dialog.getByText(node.url, {exact: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await dialog.getByRole('button', {name: 'Cordon', exact: true}).click();
  await dialog.getByText('cordoned', {exact: true}).waitFor();
  await dialog.getByRole('button', {name: 'Uncordon', exact: true}).click();
  await dialog.getByRole('button', {name: 'Cordon', exact: true}).waitFor();
  await page.context().close();
});

test('two nodes share the schedules; when one is killed the other has them all, and it can be removed', async (t) => {
  const postgres = await Postgres.start();
  const nodes = [];
  t.after(async () => {
    for (const node of nodes) await node.close();
    await postgres.close();
  });
  for (const name of ['one', 'two']) nodes.push(await Node.start('--name', name, '--store', postgres.url));
  const [one, two] = nodes;
  const page = await openNodes(one);
  for (const name of ['one', 'two']) {
    await rowOf(page, name).getByText('online', {exact: true}).waitFor();
    await rowOf(page, name).getByText('half', {exact: true}).waitFor();
  }
  await page.getByRole('heading', {name: 'To go on when a node fails', exact: true}).waitFor({state: 'detached'});
  assert.deepEqual(await complaints(page), []);
  await two.kill();
  await rowOf(page, 'two').getByText('lost', {exact: true}).waitFor();
  await rowOf(page, 'one').getByText('all', {exact: true}).waitFor();
  await rowOf(page, 'two').getByRole('link', {name: 'two', exact: true}).click();
  const dialog = page.getByRole('dialog', {name: 'Node two', exact: true});
  await dialog.getByText('The others have taken over its jobs.', {exact: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await dialog.getByRole('button', {name: 'Remove', exact: true}).click();
  await page.getByRole('button', {name: 'Remove the node', exact: true}).click();
  await rowOf(page, 'two').waitFor({state: 'detached'});
  assert.equal((await one.request('GET', '/api/v1/nodes')).items.length, 1);
  await page.context().close();
});
