// One CommonJS file per entry: VS Code and Node load them without a module loader of their own.
import { build } from 'esbuild';

const release = process.argv.includes('--release');

await build({
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
  logLevel: 'warning',
});
