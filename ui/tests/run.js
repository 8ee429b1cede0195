// Runs every journey, or those named: node tests/run.js [NAME...]
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';

const here = new URL('journeys/', import.meta.url).pathname;
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .map((name) => here + name);
if (files.length === 0) throw new Error(`no journey is named ${wanted.join(' or ')}`);
// Two at a time, each with a node and a Chromium of its own: mostly they wait for something.
const flags = ['--test', '--test-concurrency=2', '--test-reporter=spec'];
const done = spawnSync(process.execPath, [...flags, ...files], {stdio: 'inherit'});
process.exit(done.status ?? 1);
