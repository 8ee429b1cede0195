// A picture of every page, in both themes, empty and full, wide and narrow:
// node tests/screenshots.js DIRECTORY
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {Browser, eventually, isLive, isShown, PHONE, signIn, WIDE} from './support/browser.js';
import {Node} from './support/node.js';
import {FLEET_PAGES, pagesOf} from './support/pages.js';
import {Postgres} from './support/postgres.js';
import {seed} from './support/seed.js';

const directory = process.argv[2];
if (!directory) throw new Error('say where: node tests/screenshots.js DIRECTORY');
mkdirSync(directory, {recursive: true});

async function picture(browser, node, pages, content) {
  for (const colorScheme of ['light', 'dark']) {
    for (const viewport of [WIDE, PHONE]) {
      const context = await browser.context({colorScheme, viewport});
      const save = (page, name) =>
        page.screenshot({path: join(directory, `${name}-${content}-${colorScheme}-${viewport.width}.png`)});
      const page = await context.newPage();
      await page.goto(node.url);
      await page.getByLabel('Token').waitFor();
      await save(page, 'sign-in');
      await page.close();
      const signed = await signIn(context, node);
      for (const {name, path} of pages) {
        await signed.goto(node.url + path);
        await isShown(signed);
        await isLive(signed);
        await save(signed, name);
      }
      await context.close();
    }
  }
}

/** Nodes that share a store: two that are there, one that was killed. */
async function pictureFleet(browser) {
  const postgres = await Postgres.start();
  const nodes = [];
  try {
    for (const name of ['frankfurt', 'paris', 'london']) {
      nodes.push(await Node.start('--name', name, '--store', postgres.url));
    }
    await nodes[2].kill();
    const states = async () => (await nodes[0].request('GET', '/api/v1/nodes')).items.map((node) => node.state);
    await eventually(async () => (await states()).includes('lost'), true);
    await picture(browser, nodes[0], FLEET_PAGES, 'fleet');
  } finally {
    for (const node of nodes) await node.close();
    await postgres.close();
  }
}

const browser = await Browser.start();
for (const isFull of [false, true]) {
  const node = await Node.start();
  try {
    const runs = isFull ? await seed(node) : undefined;
    await picture(browser, node, pagesOf(runs), isFull ? 'full' : 'empty');
  } finally {
    await node.close();
  }
}
await pictureFleet(browser);
await browser.close();
browser.check();
