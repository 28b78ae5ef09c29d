// One CommonJS file per entry: VS Code and Node load them without a module loader of their own.
import { writeFileSync } from 'node:fs';
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
  minify: release,
  sourcemap: release ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync('dist/ThirdPartyNotices.txt', thirdPartyNotices(Object.keys(metafile.inputs), import.meta.dirname));
