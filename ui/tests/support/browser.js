// Debian's Chromium, driven by Playwright. Every page is watched: an error that nobody caught, or a
// thing that the page's policy refused, fails the test that opened the page.
import {chromium} from 'playwright-core';

const WAIT_MS = 60_000; // for anything to appear; a busy machine is slow
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const WIDE = {width: 1280, height: 800};
export const PHONE = {width: 390, height: 844};

export class Browser {
  faults = [];

  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: FLAGS,
    });
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
