import { statSync } from 'node:fs';
import path from 'node:path';

/** What an installation loads down. `node esbuild.mjs --release` and `unzip -v dist/pinwatch.vsix` show where a new one comes from. */
const mostBytes = 700_000;

const { size } = statSync(path.resolve(import.meta.dirname, '../dist/pinwatch.vsix'));
console.log(`dist/pinwatch.vsix has ${Math.round(size / 1000)} kB, of ${mostBytes / 1000} kB that it may have.`);
process.exitCode = size > mostBytes ? 1 : 0;
