// One CommonJS file per entry: VS Code and Node load them without a module loader of their own.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { thirdPartyNotices } from './tools/thirdPartyNotices.mjs';

const release = process.argv.includes('--release');

const { metafile } = await build({
  entryPoints: {
    extension: 'client/src/extension.ts',
    server: 'server/src/main/serverMain.ts',
    cli: 'server/src/main/cliMain.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.18',
  external: ['vscode'],
  alias: { undici: path.resolve(import.meta.dirname, 'tools/undiciInBundle.cjs') },
  minify: release,
  sourcemap: release ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync('dist/ThirdPartyNotices.txt', thirdPartyNotices(Object.keys(metafile.inputs), import.meta.dirname));

for (const file of Object.keys(metafile.outputs).filter((name) => name.endsWith('.js'))) {
  // One character beyond Latin-1, and V8 keeps two bytes for each of the whole source.
  const [wide] = /.{0,30}[^\u0000-\u00ff].{0,30}/u.exec(readFileSync(file, 'utf8')) ?? [];
  if (wide !== undefined) {
    throw new Error(`${file} has a character beyond Latin-1, to be written as an escape: ${wide}`);
  }
}
