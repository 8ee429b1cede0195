import assert from 'node:assert/strict';
import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, afterEach, before, test} from 'node:test';
import {Browser, isLive, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

let node;
let browser;

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

const stored = (name) => node.request('GET', `/api/v1/connections/${name}`);

test('a connection is made, tried, found broken when what it leads to is gone, and deleted', async () => {
  const file = join(node.directory, 'app.db');
  writeFileSync(file, '');
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/connections`);
  await isLive(page);
  await page.getByRole('button', {name: 'New connection', exact: true}).click();
  await page.getByLabel('Name', {exact: true}).fill('app');
  await page.getByRole('combobox', {name: 'Type'}).selectOption('sqlite');
  await page.getByLabel('File', {exact: true}).fill(file);
  await page.getByRole('button', {name: 'Make it', exact: true}).click();
  const dialog = page.getByRole('dialog', {name: 'Connection app', exact: true});
  await dialog.getByText(file, {exact: true}).waitFor();
  assert.deepEqual(await stored('app'), {kind: 'connection', name: 'app', type: 'sqlite', path: file});
  await dialog.getByRole('button', {name: 'Try it', exact: true}).click();
  await dialog.getByText('works', {exact: true}).waitFor();
  rmSync(file);
  await dialog.getByRole('button', {name: 'Try it', exact: true}).click();
  await dialog.getByText('does not work', {exact: true}).waitFor();
  await dialog.getByRole('button', {name: 'Delete', exact: true}).click();
  await page.getByRole('button', {name: 'Delete the connection', exact: true}).click();
  await page.getByText('There are no connections', {exact: true}).waitFor();
  await context.close();
});

test('a change keeps what the form does not show, and one that a job names stays', async () => {
  await node.request('PUT', '/api/v1/connections/shop', {
    type: 'http', url: 'https://shop.example.org', auth: {bearer: {secret: 'old'}}, headers: {'X-Team': 'sales'},
  });
  await node.apply('name: fetch\nhttp: {connection: shop, url: /orders}\n');
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/connections?connection=shop`);
  await page.getByRole('button', {name: 'Change', exact: true}).click();
  await page.getByLabel('Bearer token: name of its secret', {exact: true}).fill('new');
  await page.getByRole('button', {name: 'Store it', exact: true}).click();
  const dialog = page.getByRole('dialog', {name: 'Connection shop', exact: true});
  await dialog.getByText('the secret new of the worker', {exact: true}).waitFor();
  assert.deepEqual(await stored('shop'), {
    kind: 'connection', name: 'shop', type: 'http', url: 'https://shop.example.org', auth: {bearer: {secret: 'new'}},
    headers: {'X-Team': 'sales'},
  });
  await dialog.getByRole('button', {name: 'Delete', exact: true}).click();
  await page.getByRole('button', {name: 'Delete the connection', exact: true}).click();
  await page.getByText('Could not delete the connection', {exact: true}).waitFor();
  assert.equal((await stored('shop')).name, 'shop');
  await context.close();
});
