import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, signIn} from '../support/browser.js';
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

const ask = (token, method, path) =>
  fetch(node.url + path, {method, headers: {Authorization: `Bearer ${token}`}});

test('a token is made, shown once, opens what its role may, and nothing once it is revoked', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/settings?tab=tokens`);
  await page.getByRole('button', {name: 'New token', exact: true}).click();
  await page.getByLabel('Name', {exact: true}).fill('dashboard');
  await page.getByRole('button', {name: 'Make the token', exact: true}).click();
  const secret = (await page.locator('[data-secret]').textContent()).trim();
  assert.match(secret, /^mst_/);
  await page.getByRole('button', {name: 'I have kept it', exact: true}).click();
  await page.locator('[data-secret]').waitFor({state: 'detached'});
  assert.ok(!(await page.content()).includes(secret), 'it is shown once');

  assert.equal((await ask(secret, 'GET', '/api/v1/jobs')).status, 200);
  assert.equal((await ask(secret, 'POST', '/api/v1/backups')).status, 403, 'a viewer may only read');

  const row = page.getByRole('row', {name: /dashboard/});
  await row.getByRole('button', {name: 'Revoke dashboard', exact: true}).click();
  await page.getByRole('button', {name: 'Revoke the token', exact: true}).click();
  await row.waitFor({state: 'detached'});
  assert.equal((await ask(secret, 'GET', '/api/v1/jobs')).status, 401);
  await context.close();
});
