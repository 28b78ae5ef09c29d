// One CommonJS file per entry: VS Code and Node load them without a module loader of their own. The command line alone is
// in parts, since it starts anew each time: `cli.js` answers, or loads of `cli/` what the command turns out to need.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { thirdPartyNotices } from './tools/thirdPartyNotices.mjs';

const release = process.argv.includes('--release');
const root = import.meta.dirname;
const target = 'node20.18';

/** Of the manifest the bundles read the version alone. */
const versionOfManifest = {
  name: 'version-of-manifest',
  setup({ onLoad }) {
    // A regular expression of Go, which has no `u`.
    onLoad({ filter: /package\.json$/ }, ({ path: file }) => {
      if (file !== path.join(root, 'package.json')) {
        return undefined;
      }
      const { version } = JSON.parse(readFileSync(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target,
  alias: {
    undici: path.join(root, 'tools/undiciInBundle.cjs'),
    'ae-cvss-calculator': path.join(root, 'tools/cvssInBundle.cjs'),
  },
  plugins: [versionOfManifest],
  minify: release,
  metafile: true,
  logLevel: 'warning',
};

const editor = await build({
  ...common,
  entryPoints: { extension: 'client/src/extension.ts', server: 'server/src/main/serverMain.ts' },
  format: 'cjs',
  external: ['vscode'],
  sourcemap: release ? false : 'linked',
});
const cli = await build({
  ...common,
  entryPoints: { cli: 'server/src/main/cliEntry.ts' },
  // esbuild splits only ECMAScript modules. Their loader takes as long to start as the program, so that each becomes CommonJS.
  format: 'esm',
  splitting: true,
  chunkNames: 'cli/[name]-[hash]',
  sourcemap: release ? false : 'inline',
  write: false,
});

rmSync('dist/cli', { recursive: true, force: true });
mkdirSync('dist/cli', { recursive: true });
await Promise.all(cli.outputFiles.map(writeAsCommonJs));

/** @param {{ readonly path: string, readonly text: string }} file */
async function writeAsCommonJs({ path: file, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    minify: release,
    supported: { 'dynamic-import': false },
    sourcefile: path.basename(file),
  });
  writeFileSync(file, code);
}

const builds = [editor, cli];
const inputs = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync('dist/ThirdPartyNotices.txt', thirdPartyNotices(inputs, root));

const outputs = builds.flatMap(({ metafile }) => Object.keys(metafile.outputs));
for (const file of outputs.filter((name) => name.endsWith('.js'))) {
  // One character beyond Latin-1, and V8 keeps two bytes for each of the whole source.
  const [wide] = /.{0,30}[^\u0000-\u00ff].{0,30}/u.exec(readFileSync(file, 'utf8')) ?? [];
  if (wide !== undefined) {
    throw new Error(`${file} has a character beyond Latin-1, to be written as an escape: ${wide}`);
  }
}
