// One CommonJS file per entry: VS Code and Node load them without a module loader of their own. The command line alone is
// in parts, since it starts anew each time: `cli.js` answers or loads the program, and that loads what it turns out to need.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { leftOut } from './tools/leftOut.mjs';
import { shrink } from './tools/shrink.mjs';
import { thirdPartyNotices } from './tools/thirdPartyNotices.mjs';

const release = process.argv.includes('--release');
/** The command line alone: what an install from npm or from a git checkout needs. */
const cliOnly = process.argv.includes('--cli');
const root = import.meta.dirname;
const undici = path.join(root, 'tools/undiciInBundle.cjs');
const cvss = path.join(root, 'tools/cvssInBundle.cjs');

/** Of the manifest the bundles read the version alone. */
const versionOfManifest = {
  name: 'version-of-manifest',
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, ({ path: file }) => {
      if (file !== path.join(root, 'package.json')) {
        return undefined;
      }
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** The imports that the patterns match become `require` of a file beside the bundle, when they are reached. */
function beside(files) {
  return {
    name: 'beside',
    setup({ onResolve }) {
      for (const [filter, file] of files) {
        onResolve({ filter }, ({ kind }) => (kind === 'entry-point' ? undefined : { path: file, external: true }));
      }
    },
  };
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.18',
  minify: release,
  sourcemap: release ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
};

const editor = () => [
  build({
    ...common,
    entryPoints: { extension: 'client/src/extension.ts', server: 'server/src/main/serverMain.ts' },
    outdir: 'dist',
    external: ['vscode'],
    alias: { undici, 'ae-cvss-calculator': cvss },
    plugins: [versionOfManifest, leftOut],
  }),
];

const commandLine = () => [
  build({
    ...common,
    entryPoints: { cli: 'server/src/main/cliEntry.ts' },
    outdir: 'dist',
    // Without the loader of ECMAScript modules, which takes as long to start as the program.
    supported: { 'dynamic-import': false },
    plugins: [
      versionOfManifest,
      beside([
        [/\/cliMain\.ts$/, './cli/main.js'],
        [/\/arguments\/shortHelp\.ts$/, './cli/help.js'],
      ]),
    ],
  }),
  build({
    ...common,
    entryPoints: { help: 'server/src/cli/arguments/shortHelp.ts' },
    outdir: 'dist/cli',
    alias: { 'ae-cvss-calculator': cvss },
    plugins: [beside([[/^\.\/cvssCalculator\.cjs$/, './cvss.js']])],
  }),
  build({
    ...common,
    entryPoints: { main: 'server/src/main/cliMain.ts' },
    outdir: 'dist/cli',
    supported: { 'dynamic-import': false },
    alias: { 'ae-cvss-calculator': cvss },
    plugins: [
      versionOfManifest,
      beside([
        [/^undici$/, './undici.js'],
        [/^ioredis$/, './redis.js'],
        [/^\.\/cvssCalculator\.cjs$/, './cvss.js'],
      ]),
    ],
  }),
  build({
    ...common,
    entryPoints: { undici, redis: 'ioredis', cvss: 'tools/cvssCalculator.cjs' },
    outdir: 'dist/cli',
    sourcemap: false,
    plugins: [leftOut],
  }),
];

rmSync('dist/cli', { recursive: true, force: true });
const [ofEditor, ofCommandLine] = await Promise.all(
  [cliOnly ? [] : editor(), commandLine()].map((builds) => Promise.all(builds)),
);

if (release && !cliOnly) {
  await Promise.all(['dist/server.js', 'dist/extension.js'].map(shrink));
}
if (!release) {
  // What Node compiles of the program may be kept here: `compileCache.ts`.
  mkdirSync('dist/cli/compiled');
}

const namesIn = (builds, what) => builds.flatMap(({ metafile }) => Object.keys(metafile[what]));
const builds = [...ofEditor, ...ofCommandLine];
writeFileSync('dist/cli/ThirdPartyNotices.txt', thirdPartyNotices(namesIn(ofCommandLine, 'inputs'), root));
if (!cliOnly) {
  writeFileSync('dist/ThirdPartyNotices.txt', thirdPartyNotices(namesIn(builds, 'inputs'), root));
}
chmodSync('dist/cli.js', 0o755);

const outputs = namesIn(builds, 'outputs');
for (const file of outputs.filter((name) => name.endsWith('.js'))) {
  // One character beyond Latin-1, and V8 keeps two bytes for each of the whole source.
  const [wide] = /.{0,30}[^\u0000-\u00ff].{0,30}/u.exec(readFileSync(file, 'utf8')) ?? [];
  if (wide !== undefined) {
    throw new Error(`${file} has a character beyond Latin-1, to be written as an escape: ${wide}`);
  }
}
