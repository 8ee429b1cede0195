// A picture of every page, in both themes, empty and full, wide and narrow:
// node tests/screenshots.js DIRECTORY
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {Browser, isLive, isShown, PHONE, signIn, WIDE} from './support/browser.js';
import {Node} from './support/node.js';
import {pagesOf} from './support/pages.js';
import {seed} from './support/seed.js';

const directory = process.argv[2];
if (!directory) throw new Error('say where: node tests/screenshots.js DIRECTORY');
mkdirSync(directory, {recursive: true});

async function picture(browser, node, runs) {
  const content = runs ? 'full' : 'empty';
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
      for (const {name, path} of pagesOf(runs)) {
        await signed.goto(node.url + path);
        await isShown(signed);
        await isLive(signed);
        await save(signed, name);
      }
      await context.close();
    }
  }
}

const browser = await Browser.start();
for (const isFull of [false, true]) {
  const node = await Node.start();
  try {
    await picture(browser, node, isFull ? await seed(node) : undefined);
  } finally {
    await node.close();
  }
}
await browser.close();
browser.check();
