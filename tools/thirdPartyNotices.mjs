import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The licences of every package that a bundle holds code of, as their terms ask for. Throws where a package carries none:
 * what may not be passed on must not be bundled.
 * @param {readonly string[]} inputs the files that went into the bundles, relative to `root`
 * @param {string} root
 */
export function thirdPartyNotices(inputs, root) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const packages = [...folders].map((folder) => describe(path.resolve(root, folder)));
  packages.sort((a, b) => (a.title < b.title ? -1 : 1));
  return [
    'Pinwatch contains code of the packages below, without what it does not use of them, under the licences that follow their names.',
    ...packages.map(({ title, licence, text }) => `${line}\n${title}: ${licence}\n${line}\n\n${text}`),
    '',
  ].join('\n\n');
}

const line = '-'.repeat(80);

/** `a/node_modules/@scope/name/dist/x.js` → `a/node_modules/@scope/name`; undefined for our own files. */
function packageFolder(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file.replaceAll('\\', '/'))?.[0];
}

function describe(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const title = `${manifest.name} ${manifest.version}`;
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.|-|$)/iu.test(name));
  const licence = typeof manifest.license === 'string' ? manifest.license : 'see below';
  if (file === undefined && typeof manifest.license !== 'string') throw new Error(`${title} carries no licence.`);
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
  const text =
    file === undefined
      ? `Its package names this licence and carries no text of it.${author === undefined ? '' : ` Author: ${author}.`}`
      : readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return { title, licence, text };
}
