import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {complaints} from '../support/axe.js';
import {Browser, hasTitle, isLive, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

const TABS = 10;
const MANY = 200;
const DEADLINE = {timeout: 240_000}; // for what takes many runs

const MANIFEST = `
name: slow
command: echo begun; sleep 600
---
name: quick
command: echo done
---
name: report
command: echo "$MAINSPRING_PARAMS"
params:
  region: {type: string, enum: [eu, us], default: eu, description: Whose sales.}
---
name: overlapping
command: sleep 600
schedule: {every: 1s, overlap: skip}
---
name: batch
command: "true"
queue: held
`;

let node;
let browser;

before(async () => {
  node = await Node.start();
  await node.apply(MANIFEST);
  await node.request('PUT', '/api/v1/queues/held', {limit: 1});
  await node.request('POST', '/api/v1/queues/held/pause', {});
  browser = await Browser.start();
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

/** A signed-in page at `path`. */
async function open(path) {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.goto(node.url + path);
  await isShown(page);
  await isLive(page);
  return page;
}

const state = (page) => page.getByRole('region', {name: 'State'});

async function skippedOccurrence() {
  const deadline = Date.now() + DEADLINE.timeout;
  for (;;) {
    const path = '/api/v1/jobs/overlapping/occurrences?ending=skipped_overlap';
    const [found] = (await node.request('GET', path)).items;
    if (found) return found;
    if (Date.now() > deadline) throw new Error('no occurrence was skipped');
  }
}

test('one finds out why an occurrence was skipped', async () => {
  const {at} = await skippedOccurrence();
  const page = await open(`/jobs/overlapping/at/${at}`);
  await page.getByText(/skipped, because .*not finished/).first().waitFor();
  await page.getByText('skipped overlap').waitFor();
  assert.deepEqual(await complaints(page), []);
  await page.context().close();
});

test('one cancels a run with a reason, and retries it', async () => {
  const id = await node.submit('slow');
  const page = await open(`/runs/${id}`);
  await state(page).getByText('running', {exact: true}).waitFor();
  await page.getByRole('log').getByText('begun').waitFor();
  await page.keyboard.press('c');
  await page.getByLabel('Reason', {exact: true}).fill('the wrong day');
  await page.getByRole('button', {name: 'Cancel the run', exact: true}).click();
  await state(page).getByText('cancelled', {exact: true}).waitFor();
  await page.getByText(/: the wrong day/).first().waitFor();
  await hasTitle(page, /^cancelled: slow/);
  await page.getByRole('button', {name: 'Retry', exact: true}).click();
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  await state(page).getByText('running', {exact: true}).waitFor();
  await page.getByRole('link', {name: id}).first().waitFor(); // what it repeats
  assert.deepEqual(await complaints(page), []);
  await page.context().close();
});

test('one runs a run again with other values, and is told which do not fit', async () => {
  const id = await node.submit('report');
  await node.waitForRun(id, (run) => run.finished_at !== undefined);
  const page = await open(`/runs/${id}`);
  await page.getByRole('button', {name: 'Re-run with edits', exact: true}).click();
  const box = page.getByLabel('Values, as JSON');
  await box.fill('{"region": "mars"}');
  await page.getByText('must be one of "eu", "us"').waitFor();
  await page.getByRole('button', {name: 'Run it', exact: true, disabled: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await box.fill('{"region": "us"}');
  await page.getByRole('button', {name: 'Run it', exact: true}).click();
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  await page.getByLabel('the inputs', {exact: true}).getByText('"region": "us"').waitFor();
  await page.context().close();
});

test('a mistake in a query is marked where it is, and mended by a button', async () => {
  const page = await open('/runs');
  await page.keyboard.press('/');
  await page.keyboard.type('job:slow sta');
  await page.getByRole('option', {name: /^state:/}).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('canc');
  await page.keyboard.press('Tab');
  await page.waitForURL((url) => url.searchParams.get('q') === 'job:slow state:cancelled');
  const box = page.getByRole('combobox', {name: 'Which runs', exact: true});
  await box.fill('job:slow stat:cancelled');
  await box.press('Enter');
  await page.locator('mark').and(page.getByText('stat', {exact: true})).waitFor();
  await page.getByRole('button', {name: 'Change to “state”', exact: true}).click();
  await page.waitForURL((url) => url.searchParams.get('q') === 'job:slow state:cancelled');
  await page.getByRole('link', {name: 'slow', exact: true}).first().waitFor();
  await page.context().close();
});

test(`one cancels ${MANY} runs at once, and sees how far it is`, async () => {
  await Promise.all(Array.from({length: MANY}, () => node.submit('batch')));
  const page = await open('/runs?q=job:batch+state:queued');
  await page.getByRole('link', {name: 'batch', exact: true}).first().waitFor();
  await page.getByRole('button', {name: 'All that match', exact: true}).click();
  await page.getByRole('menuitem', {name: 'Cancel all that match…', exact: true}).click();
  await page.getByRole('heading', {name: `Cancel ${MANY} runs?`, exact: true}).waitFor();
  await page.getByLabel(`Type ${MANY} to go on`).fill(String(MANY));
  await page.getByRole('button', {name: `Cancel ${MANY} runs`, exact: true}).click();
  const strip = page.getByRole('status', {name: 'Operation'});
  await strip.getByText('completed').waitFor(DEADLINE);
  await strip.getByText(`${MANY} of ${MANY}`).waitFor();
  await page.getByText('No run is like this').waitFor(DEADLINE);
  await strip.getByRole('link', {name: 'Cancel runs', exact: true}).click();
  await page.getByRole('heading', {name: 'Cancel runs', exact: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await page.context().close();
});

test('rows stay still under who reads them; new runs wait behind a button', async () => {
  const page = await open('/runs?q=job:batch');
  await page.getByRole('link', {name: 'batch', exact: true}).first().waitFor();
  const table = page.getByRole('table', {name: 'Runs'});
  await table.evaluate((each) => each.scrollTo({top: 1_000}));
  await page.locator('[aria-rowindex="40"]').waitFor();
  const rowAt = () => page.locator('[aria-rowindex="40"] a').getAttribute('href');
  const before = await rowAt();
  const made = await node.submit('batch');
  await page.getByRole('button', {name: '1 new run', exact: true}).waitFor();
  assert.equal(await rowAt(), before);
  await page.getByRole('button', {name: '1 new run', exact: true}).click();
  await page.locator(`[aria-rowindex="2"] a[href="/runs/${made}"]`).waitFor();
  await page.context().close();
});

test('rows are selected by keys and with Shift, and cancelled together', async () => {
  const made = await Promise.all([node.submit('batch'), node.submit('batch'), node.submit('batch')]);
  const page = await open('/runs?q=job:batch+state:queued');
  await page.locator(`a[href="/runs/${made[0]}"]`).waitFor();
  for (const key of ['j', 'x', 'j', 'j', 'X']) await page.keyboard.press(key);
  await page.getByText('3 runs selected').waitFor();
  await page.getByRole('button', {name: 'Cancel', exact: true}).click();
  await page.getByRole('button', {name: 'Cancel 3 runs', exact: true}).click();
  for (const id of made) await node.waitForRun(id, (run) => run.state === 'cancelled');
  for (const id of made) await page.locator(`a[href="/runs/${id}"]`).waitFor({state: 'detached'});
  await page.context().close();
});

test('ten tabs show ten runs, and each sees its own end', async () => {
  const context = await browser.context();
  const tabs = [await signIn(context, node)];
  while (tabs.length < TABS) tabs.push(await context.newPage());
  const runs = [];
  for (const tab of tabs) {
    const id = await node.submit('batch');
    runs.push(id);
    await tab.goto(`${node.url}/runs/${id}`);
    await state(tab).getByText('queued', {exact: true}).waitFor();
    await isLive(tab);
  }
  await node.request('POST', '/api/v1/queues/held/resume', {});
  for (const tab of tabs) await state(tab).getByText('succeeded', {exact: true}).waitFor(DEADLINE);
  for (const tab of tabs) await hasTitle(tab, /^succeeded: batch/);
  await node.request('POST', '/api/v1/queues/held/pause', {});
  await context.close();
});

test('the node is killed under an open page; the page says so, and goes on where it was', async () => {
  const page = await open('/runs?q=job:quick');
  await page.evaluate(() => (globalThis.isSamePage = true));
  await node.kill();
  await page.locator('[data-live=reconnecting]').waitFor();
  await node.start();
  await isLive(page);
  assert.equal(new URL(page.url()).search, '?q=job:quick');
  const id = await node.submit('quick');
  await page.locator(`a[href="/runs/${id}"]`).waitFor();
  await page.getByRole('row').filter({has: page.locator(`a[href="/runs/${id}"]`)}).getByText('succeeded').waitFor(DEADLINE);
  assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
  await page.context().close();
});
