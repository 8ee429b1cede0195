import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, eventually, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

let node;
let browser;

// The day after tomorrow, so that a daily schedule meets it among its next fires.
const holiday = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
const ICS = [
  'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', 'UID:1',
  'DTSTAMP:20260101T000000Z', `DTSTART;VALUE=DATE:${holiday.replaceAll('-', '')}`, 'SUMMARY:Founders day',
  'END:VEVENT', 'END:VCALENDAR', '',
].join('\r\n');

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

test('a calendar is imported after a preview, and a schedule then skips its day', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/calendars`);
  await page.getByRole('button', {name: 'Import a file', exact: true}).click();
  await page.getByLabel('Name', {exact: true}).fill('holidays');
  const file = {name: 'holidays.ics', mimeType: 'text/calendar', buffer: Buffer.from(ICS)};
  await page.getByLabel('iCalendar file').setInputFiles(file);
  await page.getByRole('button', {name: 'Preview', exact: true}).click();
  await page.getByText('The file adds 1 and takes away 0').waitFor();
  await page.getByText('Founders day').first().waitFor();
  assert.deepEqual((await node.request('GET', '/api/v1/calendars')).items, [], 'a preview changes nothing');
  await page.getByRole('button', {name: 'Import', exact: true}).click();
  await page.getByRole('heading', {level: 1, name: 'holidays', exact: true}).waitFor();
  await page.getByLabel('Cron expression').fill('0 9 * * *');
  const fires = page.getByRole('list', {name: 'Next fires'});
  await fires.locator('del', {hasText: `${holiday} 09:00`}).waitFor();
  await eventually(() => fires.locator('del').count(), 1);
  await context.close();
});

test('a calendar in use is not deleted, and the page says who uses it', async () => {
  await node.apply('name: report\ncommand: "true"\nschedule: {cron: "0 9 * * *", calendar: holidays}\n');
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(`${node.url}/calendars/holidays`);
  await isShown(page);
  await page.getByRole('button', {name: 'Delete', exact: true}).click();
  await page.getByRole('button', {name: 'Delete the calendar', exact: true}).click();
  await page.getByRole('alert').getByText(/still used by .*report/).waitFor();
  await context.close();
});
