// Compresses the files that Vite made, and writes them as the two inputs of src/web/pack.cc:
// node tools/pack.js DIST PACK
import {createHash} from 'node:crypto';
import {readFileSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {extname, join, relative} from 'node:path';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';

const MEDIA_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
// Vite puts eight characters of a digest before the ending of what it bundles.
const NEVER_CHANGES = /^\/assets\/.*-[\w-]{8}\.\w+$/;

export function filesBelow(directory) {
  return readdirSync(directory, {recursive: true})
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

export function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

function rowOf(path, bytes, parts, at) {
  const mediaType = MEDIA_TYPES[extname(path)];
  if (!mediaType) throw new Error(`${path}: tools/pack.js knows no media type for it`);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const numbers = [at, parts[0].length, parts[1].length, bytes.length].join(', ');
  return `    {"${path}", "${mediaType}", "${digest}", ${NEVER_CHANGES.test(path)}, ${numbers}},`;
}

function pack(dist, out) {
  const rows = [];
  const blobs = [];
  let at = 0;
  for (const file of filesBelow(dist)) {
    const bytes = readFileSync(file);
    const parts = [brotli(bytes), gzipSync(bytes, {level: 9})];
    rows.push(rowOf('/' + relative(dist, file), bytes, parts, at));
    blobs.push(...parts);
    at += parts[0].length + parts[1].length;
  }
  const all = Buffer.concat(blobs);
  const pages = JSON.parse(readFileSync(new URL('../src/app/pages.json', import.meta.url)));
  writeFileSync(join(out, 'ui_bytes.bin'), all);
  writeFileSync(
    join(out, 'ui_rows.inc'),
    [
      `// Made by ui/tools/pack.js. The bytes: ${createHash('sha256').update(all).digest('hex')}`,
      'constexpr Row kRows[] = {',
      ...rows,
      '    {},',
      '};',
      `constexpr std::string_view kPageNames[] = {${pages.map((p) => `"${p}", `).join('')}""};`,
      '',
    ].join('\n'),
  );
}

if (import.meta.filename === process.argv[1]) pack(process.argv[2], process.argv[3]);
