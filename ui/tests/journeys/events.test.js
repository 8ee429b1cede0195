import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, isLive, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

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

test('events come by themselves, filtered; held they wait, and then they are there', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/events?type=run.succeeded`);
  await isShown(page);
  await isLive(page);
  const rowsOf = (run) => page.getByRole('row').filter({hasText: run});
  const first = await node.submit('hello');
  await rowsOf(first).waitFor();
  assert.equal(await page.getByRole('row').filter({hasText: 'run.queued'}).count(), 0);

  await page.getByRole('button', {name: 'Hold', exact: true}).click();
  const second = await node.submit('hello');
  await page.getByRole('button', {name: 'Go on (1 new)', exact: true}).waitFor();
  assert.equal(await rowsOf(second).count(), 0);
  await page.getByRole('button', {name: /^Go on/}).click();
  await rowsOf(second).waitFor();

  await rowsOf(second).getByText('run.succeeded').click();
  const event = JSON.parse(await page.getByLabel('The event as JSON').textContent());
  assert.equal(event.specversion, '1.0');
  assert.equal(event.subject, second);
  await page.getByRole('dialog').locator(`a[href="/runs/${second}"]`).waitFor();
  await context.close();
});
