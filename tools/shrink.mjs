import { readFileSync, writeFileSync } from 'node:fs';

/** Makes a bundle that esbuild has minified smaller still, by 3 % of the server and 8 % of the extension as they are packed. */
export async function shrink(file) {
  // Needed for a release of the extension alone: an install of the command line from a checkout has no terser.
  const { minify } = await import('terser');
  const options = { ecma: 2022, toplevel: true, compress: { passes: 1 }, format: { ascii_only: true } };
  const { code } = await minify(readFileSync(file, 'utf8'), options);
  writeFileSync(file, code);
}
