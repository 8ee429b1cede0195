import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, eventually, isLive, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

const TABS = 10;

let node;
let browser;

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
  await node.apply('name: hello\ncommand: echo hello\n');
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

async function openStreams() {
  const response = await fetch(`${node.url}/metrics`, {headers: {Authorization: `Bearer ${node.token}`}});
  return /^mainspring_sse_clients(?:{[^}]*})? (\d+)/m.exec(await response.text())?.[1];
}

test('ten tabs share one connection, see a run at once, and go on when the leader closes', async () => {
  const context = await browser.context();
  const first = await signIn(context, node);
  const tabs = [first];
  while (tabs.length < TABS) tabs.push(await context.newPage());
  for (const tab of tabs) {
    await tab.goto(`${node.url}/runs`);
    await tab.getByRole('heading', {name: 'Runs', exact: true}).waitFor();
  }
  for (const tab of tabs) await isLive(tab);
  const run = await node.submit('hello');
  for (const tab of tabs) await tab.locator(`a[href="/runs/${run}"]`).waitFor();
  await eventually(openStreams, '1'); // those of pages that were left are closed by and by
  await first.close(); // it was there first, so it has the connection
  for (const tab of tabs.slice(1)) await isLive(tab);
  const second = await node.submit('hello');
  for (const tab of tabs.slice(1)) await tab.locator(`a[href="/runs/${second}"]`).waitFor();
  await context.close();
});

test('paused, a page stays as it is; then it reads what it missed, without a reload', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/runs`);
  await isShown(page);
  await isLive(page);
  await page.evaluate(() => (globalThis.isSamePage = true));
  await page.locator('[data-live]').click();
  await page.locator('[data-live=paused]').waitFor();
  const run = await node.submit('hello');
  await node.waitForRun(run, (each) => each.finished_at !== undefined);
  assert.equal(await page.locator(`a[href="/runs/${run}"]`).count(), 0);
  await page.locator('[data-live]').click();
  await page.locator(`a[href="/runs/${run}"]`).waitFor();
  assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
  await context.close();
});
