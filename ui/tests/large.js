// The pages of the web UI on a node with many jobs and runs: how large the answers are, how long the
// page's script works while it loads, is scrolled and used, and whether its memory grows while runs end
// all the time. Prints figures; fails where a bound is passed. Usage: node tests/large.js [RUNS] [JOBS] [SECONDS OF LIVE UPDATES]
import {Browser, isShown, signIn} from './support/browser.js';
import {Node} from './support/node.js';

const RUNS = Number(process.argv[2] ?? 100_000);
const JOBS = Number(process.argv[3] ?? 5_000);
const SECONDS = Number(process.argv[4] ?? 600);
const ANSWER_BYTES = 100_000;
const BUSY_MS = 200;
const AT_ONCE = 64;
const JOBS_PER_MANIFEST = 500;

const nameOf = (job) => `job-${String(job).padStart(5, '0')}`;
const LAST = nameOf(JOBS - 1);

const failures = [];
const expect = (isTrue, what) => isTrue || failures.push(what);

async function fill(node) {
  for (let first = 0; first < JOBS; first += JOBS_PER_MANIFEST) {
    const names = Array.from({length: Math.min(JOBS_PER_MANIFEST, JOBS - first)}, (_, i) => first + i);
    await node.apply(names.map((i) =>
      `name: ${nameOf(i)}\ncommand: "true"\nqueue: held\nschedule: "${i % 60} ${i % 24} * * *"\n`).join('---\n'));
  }
  await node.apply('name: busy\ncommand: "true"\nschedule: {every: 1s, overlap: allow}\n');
  await node.request('PUT', '/api/v1/queues/held', {});
  await node.request('POST', '/api/v1/queues/held/pause', {});
  let next = 0;
  const submit = async () => {
    while (next < RUNS) await node.submit(nameOf(next++ % JOBS));
  };
  await Promise.all(Array.from({length: AT_ONCE}, submit));
}

const PATHS = [
  '/', '/jobs', '/runs', '/jobs/job-00007', '/jobs/job-00007?tab=occurrences', '/operations', '/schedule',
  '/schedule?view=load', '/schedule?view=at', '/schedule?view=ledger', '/queues', '/queues?queue=held', '/workers',
  '/nodes', '/events', '/calendars', '/connections', '/editor', '/settings?tab=node',
];

// What people do on a page, and what says that it is done.
const INTERACTIONS = {
  'typing a job into the palette': {
    path: '/',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(LAST.slice(0, -1));
      await page.getByRole('option', {name: new RegExp(LAST)}).waitFor();
    },
  },
  'filtering the jobs': {
    path: '/jobs',
    act: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type(LAST.slice(4));
      await page.getByRole('link', {name: LAST, exact: true}).waitFor();
    },
  },
  'a query for runs': {
    path: '/runs',
    act: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type(`job:${LAST.slice(0, -1)}*`);
      await page.keyboard.press('Enter');
      await page.getByRole('link', {name: LAST, exact: true}).first().waitFor();
    },
  },
  'opening a run and its way back': {
    path: '/runs?q=state:succeeded',
    act: async (page) => {
      await page.getByRole('link', {name: 'busy', exact: true}).first().click();
      await page.getByRole('heading', {name: 'Timeline', exact: true}).waitFor();
      await page.goBack();
      await page.getByRole('heading', {name: 'Runs', exact: true}).waitFor();
    },
  },
  'selecting every run that is loaded': {
    path: '/runs',
    act: async (page) => {
      await page.getByRole('checkbox', {name: 'All that are loaded', exact: true}).click();
      await page.getByText(/ runs selected$/).waitFor();
    },
  },
  'the other theme': {path: '/jobs', act: (page) => page.keyboard.press('t')},
};

/** The largest answer of the API since the last call. */
function watchAnswers(page) {
  let largest = {bytes: 0, url: ''};
  page.on('response', async (reply) => {
    if (!reply.url().includes('/api/v1/') || reply.url().endsWith('openapi.json')) return;
    const bytes = (await reply.body().catch(() => '')).length;
    if (bytes > largest.bytes) largest = {bytes, url: reply.url()};
  });
  return {
    takeLargest() {
      const found = largest;
      largest = {bytes: 0, url: ''};
      return found;
    },
  };
}

/** Opens a page anew; the counters of takeWork() begin there. */
async function open(page, session, url) {
  session.taken = undefined;
  await page.goto(url);
  await isShown(page);
}

/**
 * The time that the page's main thread worked since the last call, in ms, and how much of it was script: of the
 * processor, so that a machine with other work to do says the same.
 */
async function takeWork(session) {
  const {metrics} = await session.send('Performance.getMetrics');
  const now = Object.fromEntries(metrics.map(({name, value}) => [name, value * 1_000]));
  const before = session.taken ?? {};
  session.taken = now;
  const since = (name) => Math.round(now[name] - (before[name] ?? 0));
  return {script: since('ScriptDuration'), all: since('TaskDuration')};
}

const heapOf = async (session) => {
  await session.send('HeapProfiler.collectGarbage');
  const {usedSize} = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
};

const node = await Node.start();
const browser = await Browser.start();
try {
  const began = Date.now();
  await fill(node);
  console.log(`${JOBS} jobs and ${RUNS} runs in ${((Date.now() - began) / 1_000).toFixed(0)} s`);
  const context = await browser.context();
  const page = await signIn(context, node);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', {timeDomain: 'threadTicks'});
  const answers = watchAnswers(page);
  for (const path of PATHS) {
    const asked = Date.now();
    await open(page, session, node.url + path);
    const shown = Date.now() - asked;
    const loading = await takeWork(session);
    for (let i = 0; i < 20; ++i) {
      await page.keyboard.press('j');
      await page.mouse.wheel(0, 400);
    }
    await page.waitForTimeout(500); // what the wheel set off is over by then
    const scrolling = await takeWork(session);
    const {bytes, url} = answers.takeLargest();
    console.log(
      `${path}: shown after ${shown} ms; script ${loading.script} ms to load (of ${loading.all} ms of work), ` +
      `${scrolling.script} ms for 20 keys and 20 turns of the wheel; largest answer ${bytes} bytes, ${url.replace(node.url, '')}`,
    );
    expect(scrolling.script <= BUSY_MS, `${path}: ${scrolling.script} ms of script for 40 steps`);
    expect(bytes <= ANSWER_BYTES, `${path}: an answer of ${bytes} bytes: ${url}`);
  }
  for (const [name, {path, act}] of Object.entries(INTERACTIONS)) {
    await open(page, session, node.url + path);
    await takeWork(session);
    await act(page);
    await page.waitForTimeout(500);
    const {script, all} = await takeWork(session);
    const {bytes} = answers.takeLargest();
    console.log(`${name}: script ${script} ms (of ${all} ms of work); largest answer ${bytes} bytes`);
    expect(script <= BUSY_MS, `${name}: ${script} ms of script`);
    expect(bytes <= ANSWER_BYTES, `${name}: an answer of ${bytes} bytes`);
  }

  await page.goto(`${node.url}/runs`);
  await isShown(page);
  const heaps = [];
  for (let passed = 0; passed <= SECONDS; passed += SECONDS / 10) {
    heaps.push(await heapOf(session));
    await page.waitForTimeout(SECONDS * 100);
  }
  console.log(`heap over ${SECONDS} s of a run each second: ${heaps.map((each) => each.toFixed(1)).join(', ')} MB`);
  // The first readings fill caches; from the third on it has to stay.
  expect(heaps.at(-1) <= heaps[2] * 1.25 + 2, `the heap grew from ${heaps[2].toFixed(1)} to ${heaps.at(-1).toFixed(1)} MB`);
} finally {
  await browser.close();
  await node.close();
}
for (const failure of failures) console.log(failure);
console.log(failures.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exitCode = failures.length === 0 ? 0 : 1;
