import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {after, afterEach, before, test} from 'node:test';
import {complaints} from '../support/axe.js';
import {Browser, isLive, isShown, signIn} from '../support/browser.js';
import {Node} from '../support/node.js';

// It goes on where the test lets it: what is not there yet is not shown.
const MANIFEST = `
name: talks
command: |
  seq 1 400 | sed 's/^/step /'
  echo 'a warning of step 401' >&2
  until [ -e "$GATE" ]; do sleep 0.1; done
  seq 402 420 | sed 's/^/step /'
environment: {GATE: GATE_FILE}
---
name: tries
command: |
  echo "::group::preparing $MAINSPRING_ATTEMPT"
  echo "fetched"
  echo "::endgroup::"
  echo "try $MAINSPRING_ATTEMPT"
  exit 75
retry: {max_attempts: 2, backoff: {type: fixed, initial: 10ms}}
`;

let node;
let browser;

before(async () => {
  node = await Node.start();
  await node.apply(MANIFEST.replace('GATE_FILE', `${node.directory}/gate`));
  browser = await Browser.start();
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

test('a live log is followed, left by scrolling up, searched on the server and downloaded', async () => {
  const run = await node.submit('talks');
  const page = await signIn(await browser.context(), node);
  await page.goto(`${node.url}/runs/${run}/log`);
  await isShown(page);
  await isLive(page);
  const log = page.getByRole('log');
  await log.getByText('a warning of step 401').waitFor();

  await log.focus();
  await page.keyboard.press('Home');
  await log.getByText('step 1', {exact: true}).waitFor();
  writeFileSync(`${node.directory}/gate`, '');
  await page.getByRole('button', {name: /new line/}).click();
  await log.getByText('step 420', {exact: true}).waitFor();

  await page.keyboard.press('/');
  await page.getByRole('searchbox', {name: 'Search the log'}).fill('step 2[0-4]5');
  await page.getByRole('button', {name: 'Regular expression'}).click();
  await page.getByText(/^(5 lines match|\d of 5)/).waitFor();
  await page.getByRole('button', {name: 'Matching lines only'}).click();
  await log.getByText('step 205', {exact: true}).waitFor();
  assert.equal(await log.getByText('step 206', {exact: true}).count(), 0);

  const coming = page.waitForEvent('download');
  await page.getByText('Download', {exact: true}).click();
  await page.locator('details a[download]').first().click();
  const file = await (await coming).path();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [420, 'step 1', 'step 420']);
  await page.context().close();
});

test('the attempts of a run are read as one log, and its groups fold at once', async () => {
  const run = await node.submit('tries');
  await node.waitForRun(run, (each) => each.finished_at !== undefined);
  const page = await signIn(await browser.context(), node);
  await page.goto(`${node.url}/runs/${run}/log`);
  await isShown(page);
  const log = page.getByRole('log');
  await log.getByText('try 2', {exact: true}).waitFor();
  await page.getByRole('button', {name: 'All attempts', exact: true}).click();
  await page.waitForURL((url) => url.searchParams.get('attempt') === 'all');
  for (const line of ['Attempt 1', 'try 1', 'Attempt 2', 'try 2']) await log.getByText(line, {exact: true}).waitFor();
  await log.getByText('fetched', {exact: true}).first().waitFor();
  await page.getByRole('button', {name: 'Fold groups', exact: true}).click();
  await log.getByText('fetched', {exact: true}).first().waitFor({state: 'detached'});
  await log.getByText('try 1', {exact: true}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await page.context().close();
});
