// Debian's Chromium, driven by Playwright. Every page is watched: an error that nobody caught, or a
// thing that the page's policy refused, fails the test that opened the page.
//
// Journeys run on machines ten times slower than yours, two beside one another. So they wait for what
// they expect, with a deadline, before they look; names are exact, since Playwright takes a part of a
// name otherwise; and the server is asked about a change only once the page has said that it is made.
import {existsSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {chromium} from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const WAIT_MS = 120_000; // for anything to appear; a busy machine is slow
const LOOK_AGAIN_MS = 50;
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const WIDE = {width: 1280, height: 800};
export const PHONE = {width: 390, height: 844};

export class Browser {
  faults = [];

  static async start() {
    if (!existsSync(CHROMIUM)) throw new Error(`there is no Chromium at ${CHROMIUM}; ./dev deps installs it`);
    const browser = new Browser();
    browser.chromium = await chromium.launch({executablePath: CHROMIUM, args: FLAGS, timeout: WAIT_MS});
    return browser;
  }

  /** A person's browser: cookies and storage of its own. */
  async context(options = {}) {
    const context = await this.chromium.newContext({
      viewport: WIDE, timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options,
    });
    context.setDefaultTimeout(WAIT_MS);
    context.on('page', (page) => this.#watch(page));
    return context;
  }

  #watch(page) {
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      const isRefused = text.includes('Content Security Policy');
      const isOurs = message.type() === 'error' && !text.startsWith('Failed to load resource');
      if (isRefused || isOurs) this.faults.push(`${page.url()}: ${text}`);
    });
  }

  /** Throws what went wrong in the pages since the last time. */
  check() {
    const found = this.faults.splice(0);
    if (found.length > 0) throw new Error(`the browser complained:\n${found.join('\n')}`);
  }

  close() {
    return this.chromium.close();
  }
}

/** Signs the context in by a one-time link, and leaves its page at the overview. */
export async function signIn(context, node) {
  const page = await context.newPage();
  await page.goto(await node.signInLink());
  await page.getByRole('heading', {name: 'Overview', exact: true}).waitFor();
  return page;
}

/** Until the page has what it asked for: its heading, and nothing that is still loading. */
export async function isShown(page) {
  await page.getByRole('heading', {level: 1}).waitFor();
  await page.waitForFunction(
    () => ![...document.querySelectorAll('main [role=status]')].some((each) => /…$/.test(each.textContent)),
  );
}

export async function isLive(page) {
  await page.locator('[data-live=live]').waitFor();
}

/** Until the tab's title is like this: it follows what is shown by a moment. */
export async function hasTitle(page, pattern) {
  await page.waitForFunction(({source}) => new RegExp(source).test(document.title), {source: pattern.source});
}

/** Until `probe` gives `wanted`; for what neither the page nor the node can tell by itself. */
export async function eventually(probe, wanted) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const found = await probe();
    if (found === wanted) return;
    if (Date.now() > deadline) throw new Error(`it is ${found} and not ${wanted} after ${WAIT_MS} ms`);
    await pause(LOOK_AGAIN_MS);
  }
}
