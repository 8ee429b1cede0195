// A log of a million lines in Chromium, against a node of its own: how long it takes to show the end,
// whether it scrolls smoothly, and how much the page holds. Prints figures; fails where the log cannot
// be used. Usage: node tests/log-million.js [LINES] [FOLDER FOR SCREENSHOTS]
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import {Node} from './support/node.js';

const lines = Number(process.argv[2] ?? 1_000_000);
const shots = process.argv[3];
const node = await Node.start();
const address = node.url;

async function call(method, path, body, type = 'application/json') {
  const headers = {Authorization: `Bearer ${node.token}`, ...(body ? {'Content-Type': type} : {}), Prefer: 'wait=30'};
  const reply = await fetch(address + path, {method, headers, body});
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

async function runJob(name, command) {
  await call('POST', '/api/v1/manifests/apply', JSON.stringify({name, command}), 'application/yaml');
  let run = await call('POST', `/api/v1/jobs/${name}/runs`);
  while (!['succeeded', 'failed'].includes(run.state)) run = await call('GET', `/api/v1/runs/${run.id}`);
  return run.id;
}

/** The gaps between frames, in ms, while the page does something. */
function frames(page, act) {
  return page.evaluate(async (source) => {
    const gaps = [];
    let last = performance.now();
    let isOver = false;
    const tick = (now) => {
      gaps.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    await new Function(`return (async () => {${source}})()`)();
    isOver = true;
    gaps.shift();
    gaps.sort((a, b) => a - b);
    return {frames: gaps.length, p50: gaps[gaps.length >> 1], p95: gaps[Math.floor(gaps.length * 0.95)], worst: gaps.at(-1)};
  }, act);
}

const failures = [];
const expect = (isTrue, what) => isTrue || failures.push(what);
const ms = (value) => `${value.toFixed(0)} ms`;
const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']});
try {
  const run = await runJob('talks', `seq 1 ${lines} | sed 's/^/the line of number /'`);
  const page = await browser.newPage({viewport: {width: 1280, height: 800}});
  const largest = {bytes: 0, url: ''};
  page.on('response', async (reply) => {
    if (!reply.url().includes('/log/')) return;
    const bytes = (await reply.body().catch(() => '')).length;
    if (bytes > largest.bytes) Object.assign(largest, {bytes, url: reply.url()});
  });
  page.on('console', (message) => message.type() === 'error' && failures.push(`console: ${message.text()}`));
  const {path} = await call('POST', '/api/v1/session/link');
  await page.goto(address + path);
  await page.waitForSelector('#main');

  const opened = [];
  for (let i = 0; i < 5; ++i) {
    const began = Date.now();
    await page.goto(`${address}/runs/${run}/log`, {waitUntil: 'commit'});
    await page.waitForFunction((n) => document.querySelector(`[data-line="${n}"] .log-text`)?.textContent.includes(`number ${n}`), lines);
    opened.push(Date.now() - began);
  }
  console.log(`open at the end: ${opened.map(ms).join(', ')} (page load and all)`);
  expect(Math.min(...opened) < 1_000, `it took ${Math.min(...opened)} ms to open at the end`);

  const wheel = await frames(page, `
    const log = document.querySelector('[role=log]');
    for (let i = 0; i < 200; ++i) {
      log.scrollTop -= 60;
      await new Promise(requestAnimationFrame);
    }`);
  console.log(`200 steps of 60 pixels: ${wheel.frames} frames, p50 ${ms(wheel.p50)}, p95 ${ms(wheel.p95)}, worst ${ms(wheel.worst)}`);
  const drag = await frames(page, `
    const log = document.querySelector('[role=log]');
    for (let i = 0; i <= 100; ++i) {
      log.scrollTop = (log.scrollHeight - log.clientHeight) * i / 100;
      await new Promise(requestAnimationFrame);
    }`);
  console.log(`the bar dragged over all of it: p50 ${ms(drag.p50)}, p95 ${ms(drag.p95)}, worst ${ms(drag.worst)}`);

  await page.focus('[role=log]');
  for (const [key, line] of [['Home', 1], ['End', lines]]) {
    const began = Date.now();
    await page.keyboard.press(key);
    await page.waitForFunction((n) => document.querySelector(`[data-line="${n}"] .log-text`)?.textContent.includes(`number ${n}`), line);
    console.log(`${key}: ${ms(Date.now() - began)}`);
  }
  const wanted = Math.floor(lines / 2) + 1;
  await page.keyboard.press('/');
  const began = Date.now();
  await page.keyboard.type(`number ${wanted}`);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300); // the typing rests, then the search is there
  await page.keyboard.press('Enter');
  await page.waitForSelector(`[data-line="${wanted}"][data-current] mark`);
  console.log(`a search for line ${wanted}: ${ms(Date.now() - began)}, typing and all`);
  const held = await page.evaluate(() => document.querySelectorAll('.log-row').length);
  expect(held < 200, `${held} rows are in the page`);
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  console.log(`rows in the page: ${held}; heap ${(heap / 1e6).toFixed(1)} MB; largest answer ${largest.bytes} bytes`);
  expect(largest.bytes <= 100_000, `an answer of ${largest.bytes} bytes: ${largest.url}`);
  if (shots) await takeShots(page);
} finally {
  await browser.close();
  await node.close();
}
for (const failure of failures) console.log(failure);
console.log(failures.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exitCode = failures.length === 0 ? 0 : 1;

async function takeShots(page) {
  const colours = await runJob('colours', String.raw`
    printf '\033[1mPlain and bold\033[0m, \033[3mitalic\033[0m, \033[4munderlined\033[0m, see https://example.org/docs (or not).\n'
    for i in 0 1 2 3 4 5 6 7; do printf '\033[3%dmcolour %d\033[0m \033[9%dmbright %d\033[0m \033[4%dmon it\033[0m  ' $i $i $i $i $i; done; echo
    printf '\033[38;5;208morange of 256\033[0m \033[38;2;255;255;0myellow of 16 million\033[0m \033[38;2;0;0;90mdark blue\033[0m\n'
    echo '::group::Install'; for i in 1 2 3; do echo "package $i"; done; echo '::endgroup::'
    printf '10%%\r50%%\r100%% downloaded\n'
    echo 'warning: on standard error' >&2; sleep 0.3
    head -c 6000 /dev/zero | tr '\0' x; echo
    for i in $(seq 1 40); do echo "step $i of 40 took $((i * 37 % 1000)) ms"; done`);
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => localStorage.setItem('mainspring.theme', name), theme);
    for (const [name, end] of [['log', '/log#L3-L5'], ['run', '']]) {
      await page.goto(`${address}/runs/${colours}${end}`);
      await page.waitForSelector('.log-row[data-stream]');
      await page.waitForTimeout(500);
      await page.screenshot({path: join(shots, `${name}-${theme}.png`)});
    }
    await page.goto(`${address}/runs/${colours}/log`);
    await page.fill('[data-page-search]', 'step 1');
    await page.getByRole('button', {name: 'Matching lines only'}).click();
    await page.waitForSelector('mark');
    await page.screenshot({path: join(shots, `filter-${theme}.png`)});
  }
  await page.setViewportSize({width: 390, height: 800});
  await page.goto(`${address}/runs/${colours}/log`);
  await page.waitForSelector('.log-row[data-stream]');
  await page.screenshot({path: join(shots, 'log-390.png')});
}
