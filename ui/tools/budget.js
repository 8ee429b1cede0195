// Fails when the UI has grown past its budget: node tools/budget.js DIST
// The entry is what a browser loads before it shows the first page.
import {readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {brotli, filesBelow} from './pack.js';

const KB = 1000;
const BUDGETS = {entry: 170 * KB, all: 900 * KB};

const dist = process.argv[2];
const sizes = new Map(
  filesBelow(dist).map((path) => [relative(dist, path), brotli(readFileSync(path)).length]),
);
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const linked = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
const sum = (names) => names.reduce((total, name) => total + sizes.get(name), 0);
const used = {entry: sum(['index.html', ...linked]), all: sum([...sizes.keys()])};

for (const [name, size] of [...sizes].sort((a, b) => b[1] - a[1])) {
  console.log(`${String(size).padStart(8)}  ${name}${linked.includes(name) ? '  (entry)' : ''}`);
}
let isOver = false;
for (const [what, budget] of Object.entries(BUDGETS)) {
  const verdict = used[what] > budget ? 'OVER' : 'within';
  isOver ||= used[what] > budget;
  console.log(`${what}: ${used[what]} bytes with brotli, ${verdict} its budget of ${budget}`);
}
if (isOver) {
  console.log('Load what a page alone needs with that page (React.lazy), or drop a library.');
  process.exit(1);
}
