import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {Browser, isLive, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

let node;
let browser;
let context;
let page;

const NIGHTLY = (command, hour = 2) => `
name: nightly
command: ${command}
schedule: {cron: "30 ${hour} * * *", timezone: Europe/Berlin}
labels: {team: platform}
params: {region: {type: string, enum: [eu, us], default: eu}}
`;

before(async () => {
  node = await Node.start();
  browser = await Browser.start();
  await node.apply(NIGHTLY('echo one'));
  await node.apply(NIGHTLY('echo two'));
  await node.apply('name: every-hour\ncommand: echo hi\nschedule: {every: 1h}\n');
  context = await browser.context();
  page = await signIn(context, node);
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

const job = (name) => node.request('GET', `/api/v1/jobs/${name}`);
const editor = () => page.getByRole('textbox', {name: 'Definition in YAML'});

async function writeYaml(text) {
  await editor().click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** Until the editor shows it: the form writes into the same text. */
async function yamlHas(text) {
  await editor().filter({hasText: text}).waitFor();
}

test('a mistake in the YAML is shown at its line; corrected, the job is stored and fires without a reload', async () => {
  await page.goto(`${node.url}/jobs`);
  await page.getByRole('link', {name: 'New job', exact: true}).click();
  await writeYaml('name: ticker\ncomand: echo tick\nschedule: {every: 1s}\n');
  await page.getByLabel('Mistakes').getByText('Line 2, column 1:').waitFor();
  await page.getByRole('button', {name: 'Review and save', exact: true, disabled: true}).waitFor();
  await page.locator('[data-yaml-editor] .cm-lint-marker-error').first().waitFor();
  await writeYaml('name: ticker\ncommand: echo tick\nschedule: {every: 1s}\n');
  await page.getByText('The node has checked it').waitFor();
  await page.getByRole('button', {name: 'Review and save', exact: true}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Fires added').waitFor();
  await dialog.getByRole('button', {name: 'Store 1 definition', exact: true}).click();
  await page.getByRole('heading', {name: 'ticker', level: 1, exact: true}).waitFor();
  await isLive(page);
  await page.evaluate(() => (globalThis.isSamePage = true));
  await page.getByRole('table', {name: 'Runs of ticker'}).getByText('succeeded').first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
  await node.request('POST', '/api/v1/jobs/ticker/pause', {note: 'enough'});
});

test('the server has the last word on a schedule, at its line and column', async () => {
  await page.goto(`${node.url}/editor`);
  await writeYaml('name: x\ncommand: echo\nschedule: {cron: "61 * * * *"}\n');
  await page.getByLabel('Mistakes').getByText('Line 3, column 19:').waitFor();
  await page.getByText('61 is out of range').first().waitFor();
  await leave();
});

async function leave() {
  await page.getByRole('button', {name: 'Leave', exact: true}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Throw 1 change away', exact: true}).click();
  await page.getByRole('heading', {level: 1}).filter({hasNotText: /^(Edit|New job)/}).waitFor();
}

test('a schedule edited by its fields shows its fires and the next two clock changes; leaving is asked about', async () => {
  await page.goto(`${node.url}/jobs/nightly`);
  await page.getByRole('link', {name: 'Edit', exact: true}).click();
  const preview = page.getByRole('group', {name: 'Preview of the schedule'});
  await preview.getByText('at 02:30 every day').first().waitFor();
  const changes = preview.getByRole('list', {name: 'Next clock changes'});
  await changes.getByText('02:30 does not exist in Europe/Berlin').waitFor();
  await changes.getByText('02:30 comes twice in Europe/Berlin').waitFor();
  await page.getByLabel('Hour', {exact: true}).fill('4');
  await preview.getByText('at 04:30 every day').first().waitFor();
  await yamlHas('30 4 * * *');
  await page.getByRole('button', {name: 'Leave', exact: true}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Keep as it is', exact: true}).click();
  await page.getByRole('button', {name: 'Review and save', exact: true}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Fires removed').waitFor();
  await dialog.getByRole('button', {name: 'Store it', exact: true}).click();
  await page.getByRole('heading', {name: 'nightly', level: 1, exact: true}).waitFor();
  assert.equal((await job('nightly')).spec.schedule.cron, '30 4 * * *');
});

test('two who edit the same job: the second one sees both versions, and chooses', async () => {
  await page.goto(`${node.url}/editor?job=every-hour`);
  await page.getByLabel('Timeout', {exact: true}).fill('5m');
  await yamlHas('5m');
  await isLive(page);
  await node.apply('name: every-hour\ncommand: echo theirs\nschedule: {every: 1h}\n');
  await page.getByText('since you began with v1').waitFor();
  await page.getByLabel('Theirs and mine').getByText('echo theirs').waitFor();
  await page.getByRole('button', {name: 'Keep mine, on top of v2', exact: true}).click();
  await page.getByRole('button', {name: 'Review and save', exact: true}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Store it', exact: true}).click();
  await page.getByRole('heading', {name: 'every-hour', level: 1, exact: true}).waitFor();
  const stored = await job('every-hour');
  assert.equal(stored.version, 3);
  assert.equal(stored.spec.timeout.run, '5m');
});

test('a paused job says who, why and for how long, and resumes', async () => {
  await page.goto(`${node.url}/jobs/nightly`);
  await page.getByRole('button', {name: 'Pause', exact: true}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Note', {exact: true}).fill('until the disk is replaced');
  await dialog.getByLabel('Resume by itself after', {exact: true}).fill('2h');
  await dialog.getByRole('button', {name: 'Pause', exact: true}).click();
  await page.getByRole('note').getByText('until the disk is replaced').waitFor();
  await page.getByRole('note').getByText('It resumes by itself in').waitFor();
  assert.equal((await job('nightly')).paused, true);
  await page.getByRole('button', {name: 'Resume', exact: true}).click();
  await page.getByRole('button', {name: 'Pause', exact: true}).waitFor();
  assert.equal((await job('nightly')).paused, false);
});

test('a backfill counts first, then starts and tells how far it is', async () => {
  await page.goto(`${node.url}/jobs/nightly`);
  await page.getByRole('button', {name: 'More', exact: true}).click();
  await page.getByRole('menuitem', {name: 'Backfill…', exact: true}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^From/).fill('2026-01-01T00:00');
  await dialog.getByLabel(/^Until/).fill('2026-01-04T00:00');
  await dialog.getByText('3 runs would start').waitFor();
  await dialog.getByRole('button', {name: 'Start 3 runs', exact: true}).click();
  await dialog.getByText('the backfill is completed').waitFor();
  await dialog.getByRole('link', {name: 'See its runs', exact: true}).click();
  await page.getByRole('heading', {name: 'Runs', exact: true}).waitFor();
});

test('an old version is compared, and stored again', async () => {
  const {version} = await job('nightly');
  await page.goto(`${node.url}/jobs/nightly?tab=versions&version=1`);
  await page.getByLabel('Compare with').selectOption('newest');
  await page.getByLabel(/^Changes from v1/).getByText('echo one').waitFor();
  await page.getByRole('button', {name: 'Revert to v1', exact: true}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Revert to v1', exact: true}).click();
  await page.getByText(`v${version + 1} · now`, {exact: true}).waitFor();
  const now = await job('nightly');
  assert.equal(now.spec.command, 'echo one');
  assert.equal(now.version, version + 1);
});

test('a job that takes params asks for them before it runs', async () => {
  await page.goto(`${node.url}/jobs/nightly`);
  await page.getByRole('button', {name: 'Run now', exact: true}).click();
  await page.getByRole('dialog').getByLabel('region').selectOption('us');
  await page.getByRole('dialog').getByRole('button', {name: 'Run now', exact: true}).click();
  await page.getByRole('dialog').waitFor({state: 'detached'}); // as it is once the node has taken it
  const {items} = await node.request('GET', '/api/v1/runs?job=nightly&trigger=manual');
  assert.equal(items.length, 1);
});

test('the filters of the jobs are in the address, and the calendar shows what became of each occurrence', async () => {
  await page.goto(`${node.url}/jobs?text=night&label=team%3Dplatform`);
  await page.getByRole('link', {name: 'nightly', exact: true}).waitFor();
  assert.equal(await page.getByRole('link', {name: 'ticker', exact: true}).count(), 0);
  await page.getByRole('button', {name: 'Clear', exact: true}).click();
  await page.getByRole('link', {name: 'ticker', exact: true}).waitFor();
  await page.goto(`${node.url}/jobs/ticker?tab=occurrences`);
  await page.getByRole('button', {name: /succeeded/}).last().click();
  await page.getByRole('combobox', {name: 'Ending'}).selectOption('ran');
  await page.getByRole('table', {name: /^Occurrences of/}).getByText(/^ran/).first().waitFor();
});

test('a job is deleted only once its name was typed', async () => {
  await page.goto(`${node.url}/jobs/ticker`);
  await page.getByRole('button', {name: 'More', exact: true}).click();
  await page.getByRole('menuitem', {name: 'Delete…', exact: true}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', {name: 'Delete 1 job', exact: true, disabled: true}).waitFor();
  await dialog.getByLabel('Type ticker to go on').fill('ticker');
  await dialog.getByRole('button', {name: 'Delete 1 job', exact: true}).click();
  await page.getByRole('heading', {name: 'Jobs', level: 1, exact: true}).waitFor();
  await assert.rejects(job('ticker'), /404/);
});
