import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

let node;
let browser;

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
  await node.apply(`
name: nightly-backup
command: "true"
schedule: {cron: "0 2 * * *", timezone: Europe/Berlin}
---
name: at-noon
command: "true"
schedule: {cron: "0 12 * * *", timezone: Europe/Berlin}
`);
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

test('what fires at 02:00 is asked of a wall clock in a zone, and answered by the server', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/schedule`);
  await page.getByRole('button', {name: 'What fires at…', exact: true}).click();
  await page.getByText(/^1 fire at .* 02:00 in Europe\/Berlin/).waitFor();
  const table = page.getByRole('table', {name: 'What fires then'});
  await table.getByRole('link', {name: 'nightly-backup', exact: true}).waitFor();
  assert.equal(await table.getByRole('link', {name: 'at-noon'}).count(), 0);
  // The clocks of Berlin leave this hour out.
  await page.getByLabel('Date and time').fill('2027-03-28T02:30');
  await page.getByRole('button', {name: 'What fires?', exact: true}).click();
  await page.getByText('There is no 2027-03-28 02:30 in Europe/Berlin').waitFor();
  await context.close();
});

test('the load of a week is a table that the arrow keys walk, and an hour of it opens', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/schedule?view=load`);
  await page.getByText(/fires in seven days\./).waitFor();
  const cells = page.getByRole('table', {name: 'Fires by day and hour'}).getByRole('button');
  await cells.first().focus();
  await page.keyboard.press('ArrowDown'); // tomorrow; today begins with the hour under way
  const [, hour] = (await cells.and(page.locator(':focus')).getAttribute('data-cell')).split(' ').map(Number);
  for (let at = hour; at !== 2; at += Math.sign(2 - at)) {
    await page.keyboard.press(at > 2 ? 'ArrowLeft' : 'ArrowRight');
  }
  await cells.and(page.locator(':focus')).and(page.getByText('1', {exact: true})).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('table', {name: 'Agenda'}).getByRole('link', {name: 'nightly-backup', exact: true}).waitFor();
  await context.close();
});
