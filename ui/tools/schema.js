// Writes src/api/schema.gen.ts from api/openapi.json; with --check, only says whether it is so.
import {readFileSync, writeFileSync} from 'node:fs';
import openapiTS, {astToString} from 'openapi-typescript';

const source = new URL('../../api/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.gen.ts', import.meta.url);
const ast = await openapiTS(source, {defaultNonNullable: false});
const wanted = `// Made from api/openapi.json by \`npm run schema\` in ui/. Do not edit.\n${astToString(ast)}`;

if (process.argv[2] !== '--check') {
  writeFileSync(target, wanted);
} else if (readFileSync(target, 'utf8') !== wanted) {
  console.error('ui/src/api/schema.gen.ts is not that of api/openapi.json: run `npm run schema` in ui/');
  process.exit(1);
}
