import { readFileSync } from 'node:fs';

/**
 * esbuild plugin: what Pinwatch never reaches of packages becomes what stands for it here. Fails where a part is not found
 * beside the file `of` its package that needs it, so that an upgrade neither moves one nor brings it back unseen.
 */
export const leftOut = {
  name: 'left-out',
  setup({ initialOptions, onResolve, onLoad, onEnd }) {
    initialOptions.metafile = true;
    const found = new Set();
    for (const part of parts) {
      if (part.import === undefined) {
        onLoad({ filter: endOf(part.file) }, ({ path }) => {
          found.add(part);
          return { contents: part.instead ?? part.shortened(readFileSync(path, 'utf8')) };
        });
      } else {
        const namespace = `without-${part.import.source}`;
        onResolve({ filter: part.import }, ({ path }) => {
          found.add(part);
          return { path, namespace };
        });
        onLoad({ filter: part.import, namespace }, () => ({ contents: part.instead }));
      }
    }
    onEnd(({ metafile }) => {
      const inputs = Object.keys(metafile?.inputs ?? {});
      const missed = parts.filter((part) => !found.has(part) && inputs.some((input) => endOf(part.of).test(input)));
      return { errors: missed.map((part) => ({ text: `${part.of} no longer needs ${part.file ?? part.import}` })) };
    });
  },
};

const client = 'vscode-languageclient/lib/node/main.js';
const http1 = 'undici/lib/dispatcher/client-h1.js';
const redis = 'ioredis/built/Redis.js';
const scores = 'ae-cvss-calculator/dist/ae-cvss-calculator.js';

/** A part is a file, or what is imported by a name. */
const parts = [
  {
    // It reads the heads of HTTP/1 a little quicker than the plain one, which runs everywhere. Each is 24 kB that packing leaves.
    file: 'undici/lib/llhttp/llhttp_simd-wasm.js',
    of: http1,
    instead: "module.exports = require('./llhttp-wasm.js');",
  },
  {
    // For bodies that are forms: we send text.
    file: 'undici/lib/web/fetch/body.js',
    of: http1,
    instead: "exports.extractBody = () => { throw new TypeError('no forms are sent'); };",
  },
  {
    // Which server of a cluster has what is known to our `redisNodes.ts`.
    file: 'ioredis/built/cluster/index.js',
    of: redis,
    instead: 'exports.default = undefined;',
  },
  {
    // Our addresses name servers, never sentinels.
    file: 'ioredis/built/connectors/SentinelConnector/index.js',
    of: redis,
    instead: 'exports.default = undefined;',
  },
  {
    // One provider's certificates, for those who name it, which we never do.
    file: 'ioredis/built/constants/TLSProfiles.js',
    of: redis,
    instead: 'exports.default = {};',
  },
  {
    // With DEBUG in the environment it would print all that is sent, passwords too.
    import: /^debug$/,
    of: redis,
    instead: 'exports.default = () => ({ enabled: false });',
  },
  {
    // Whether VS Code is new enough: `engines` in package.json asks for a newer one than the library does.
    import: /^semver\/functions\/(?:parse|satisfies)$/,
    of: client,
    instead: 'module.exports = () => true;',
  },
  {
    // For pulled diagnostics, notebooks and operations on files, of which the server registers none.
    import: /^minimatch$/,
    of: client,
    instead: "exports.Minimatch = class { constructor() { throw new Error('patterns are not matched here'); } };",
  },
  {
    // Paragraphs for people who choose a vector in a form.
    file: scores,
    of: scores,
    shortened: (code) => code.replaceAll(/,description:"(?:[^"\\]|\\.)*"/gu, ''),
  },
];

/** @param {string} file */
function endOf(file) {
  const names = file.split('/').map((name) => name.replaceAll('.', '\\.'));
  return new RegExp(`node_modules[\\\\/]${names.join('[\\\\/]')}$`);
}
