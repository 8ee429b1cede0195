import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, eventually, isLive, signIn} from '../support/browser.js';
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

test('a token signs in, and the page that was asked for is there', async () => {
  const page = await (await browser.context()).newPage();
  await page.goto(`${node.url}/runs?state=failed`);
  await page.getByLabel('Token').fill('mst_wrong');
  await page.getByRole('button', {name: 'Sign in', exact: true}).click();
  await page.getByText('This node does not know the token').waitFor();
  await page.getByLabel('Token').fill(node.token);
  await page.getByRole('button', {name: 'Sign in', exact: true}).click();
  await page.getByRole('heading', {name: 'Runs', exact: true}).waitFor();
  await eventually(() => page.getByRole('combobox', {name: 'Which runs', exact: true}).inputValue(), 'state:failed');
  await isLive(page);
  const stored = await page.evaluate(() => JSON.stringify({...localStorage, ...sessionStorage}));
  assert.ok(!stored.includes(node.token), 'the token is kept nowhere');
});

test('a one-time link signs in once, and says so the second time', async () => {
  const link = await node.signInLink();
  const page = await (await browser.context()).newPage();
  await page.goto(link);
  await page.getByRole('heading', {name: 'Overview', exact: true}).waitFor();
  assert.equal(new URL(page.url()).search, '', 'the code is not left in the address');
  const other = await (await browser.context()).newPage();
  const answer = await other.goto(link);
  assert.equal(answer.status(), 401);
  await other.getByText('was used or has expired').waitFor();
});

test('who signs out is asked for a token again, also in another tab', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  const second = await context.newPage();
  await second.goto(`${node.url}/jobs`);
  await second.getByRole('heading', {name: 'Jobs', exact: true}).waitFor();
  await page.getByRole('button', {name: /^Signed in as/}).click();
  await page.getByRole('menuitem', {name: /^Sign out/}).click();
  await page.getByLabel('Token').waitFor();
  // It has taken over the connection, and is told there that the session has ended.
  await second.getByLabel('Token').waitFor();
});

test('a node that starts again is found again, and the page goes on where it was', async () => {
  const page = await signIn(await browser.context(), node);
  await page.getByRole('link', {name: 'Jobs', exact: true}).click();
  await page.getByRole('heading', {name: 'Jobs', exact: true}).waitFor();
  await isLive(page);
  await page.evaluate(() => (globalThis.isSamePage = true));
  await node.kill();
  await page.locator('[data-live=reconnecting]').waitFor();
  await node.start();
  await isLive(page);
  await node.apply('name: after-the-restart\ncommand: "true"\n');
  await page.getByRole('link', {name: 'after-the-restart', exact: true}).waitFor();
  assert.equal(await page.evaluate(() => globalThis.isSamePage), true, 'it was not loaded again');
});
