// npm runs it as `prepare`: after `npm ci` in a checkout, and where a checkout is installed as a package (pre-commit,
// `npm install git+…`). It builds the command line alone, which needs neither VS Code nor a newer Node.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installBuildTools } from './installBuildTools.mjs';
import { runNode } from './runNode.mjs';

const root = path.resolve(import.meta.dirname, '..');
const hasTools = () => existsSync(path.join(root, 'node_modules', 'esbuild'));

// npm clones what `npm install --global git+…` names, and installs what the clone needs globally, too, where nothing finds
// it (npm/cli issue 8440).
if (!hasTools() && process.env.npm_config_global === 'true') {
  installBuildTools(root);
}
if (hasTools()) {
  runNode([path.join(root, 'esbuild.mjs'), '--release', '--cli'], { cwd: root });
} else {
  // As with `npm ci --omit=dev`, whose caller wants no tools. `npm pack` fails all the same: `prepack` builds too.
  console.error('pinwatch: esbuild is not installed, so the command line was not built. "npm ci" installs it.');
}
