// Runs every journey, or those named: node tests/run.js [NAME...]
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {CHROMIUM} from './support/browser.js';

const here = new URL('journeys/', import.meta.url).pathname;
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .map((name) => here + name);
if (files.length === 0) throw new Error(`no journey is named ${wanted.join(' or ')}`);
// `./dev deps` installs it with all else that the tests use: without it they fail, and say why once.
if (!existsSync(CHROMIUM)) {
  console.error(`There is no Chromium at ${CHROMIUM}: run ./dev deps, or say where one is with CHROMIUM=PATH.`);
  process.exit(1);
}
// Two at a time, each with a node and a Chromium of its own: mostly they wait for something.
const flags = ['--test', '--test-concurrency=2', '--test-reporter=spec', '--test-timeout=900000'];
const done = spawnSync(process.execPath, [...flags, ...files], {stdio: 'inherit'});
process.exit(done.status ?? 1);
