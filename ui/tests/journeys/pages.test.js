import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {ALL_BUT_COLOURS, COLOURS, complaints, EVERYTHING} from '../support/axe.js';
import {Browser, isShown, PHONE, signIn, WIDE} from '../support/browser.js';
import {Node} from '../support/node.js';
import {pagesOf} from '../support/pages.js';
import {seed} from '../support/seed.js';

let node;
let browser;
let runs;

before(async () => {
  node = await Node.start();
  runs = await seed(node);
  browser = await Browser.start();
});
after(async () => {
  await browser?.close();
  await node?.close();
});
afterEach(() => browser.check());

async function expectNoComplaints(context, pages, asked) {
  const page = await context.newPage();
  const found = [];
  for (const {name, path} of pages) {
    await page.goto(node.url + path);
    await isShown(page);
    for (const complaint of await complaints(page, asked)) found.push(`${name}: ${complaint}`);
    const overhang = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overhang > 0) found.push(`${name}: ${overhang} pixels wider than the screen`);
  }
  assert.deepEqual(found, []);
}

// Colours differ with the theme, and the layout with the width: nothing is asked twice.
const LOOKS = {
  'light, wide': {colorScheme: 'light', viewport: WIDE, asked: EVERYTHING},
  'dark, wide': {colorScheme: 'dark', viewport: WIDE, asked: COLOURS},
  'dark, on a phone': {colorScheme: 'dark', viewport: PHONE, asked: ALL_BUT_COLOURS},
};

for (const [look, {asked, ...options}] of Object.entries(LOOKS)) {
  test(`axe finds nothing serious on any page, ${look}`, async () => {
    const context = await browser.context(options);
    const signingIn = await context.newPage();
    await signingIn.goto(node.url);
    await signingIn.getByLabel('Token').waitFor();
    assert.deepEqual(await complaints(signingIn), []);
    await signIn(context, node);
    await expectNoComplaints(context, pagesOf(runs), asked);
    await context.close();
  });
}

test('the theme is the chosen one from the first paint on', async () => {
  const context = await browser.context({colorScheme: 'light'});
  const page = await signIn(context, node);
  const canvas = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await canvas();
  await page.getByRole('button', {name: 'Theme: system', exact: true}).click();
  await page.getByRole('menuitem', {name: 'Dark', exact: true}).click();
  await page.locator('html[data-theme=dark]').waitFor();
  const dark = await canvas();
  assert.notEqual(dark, light);
  // Without the app's script the colour is that of the very first paint.
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.goto(node.url);
  assert.equal(await canvas(), dark);
  await context.close();
  browser.faults.length = 0; // the script that was kept away
});

test('the keyboard reaches everything: palette, pages, rows, help', async () => {
  const context = await browser.context();
  const page = await signIn(context, node);
  await page.keyboard.press('g');
  await page.keyboard.press('j');
  await page.getByRole('heading', {name: 'Jobs', exact: true}).waitFor();
  await page.getByRole('link', {name: 'nightly-backup', exact: true}).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.locator('[role=row][aria-current=true][aria-rowindex="2"]').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('night');
  await page.waitForURL('**/jobs?text=night');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', {name: 'Go to'}).fill('reind');
  await page.getByRole('option', {name: /reindex/}).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'reindex', exact: true}).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', {name: 'Keyboard'}).waitFor();
  assert.deepEqual(await complaints(page), []);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
  await context.close();
});
