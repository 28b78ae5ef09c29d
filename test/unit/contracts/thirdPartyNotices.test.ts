import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface NoticesModule {
  thirdPartyNotices(inputs: readonly string[], root: string): string;
}

const script = path.resolve(import.meta.dirname, '../../../tools/thirdPartyNotices.mjs');

describe('notices on bundled packages', () => {
  let root: string;
  let notices: NoticesModule;

  before(async () => (notices = (await import(pathToFileURL(script).href)) as NoticesModule));
  beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-notices-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function install(folder: string, manifest: object, licence?: string): void {
    mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, folder, 'package.json'), JSON.stringify(manifest));
    if (licence !== undefined) writeFileSync(path.join(root, folder, 'LICENSE.md'), licence);
  }

  it('hold the licence of each package once, nested and scoped ones too, and of no file of ours', () => {
    install('node_modules/b', { name: 'b', version: '2.0.0', license: 'ISC' }, 'Terms of b');
    install('node_modules/@x/a', { name: '@x/a', version: '1.0.0', license: 'MIT' }, 'Terms of a');
    install('node_modules/@x/a/node_modules/c', { name: 'c', version: '3.0.0', license: 'MIT', author: 'Jo' });
    const text = notices.thirdPartyNotices(
      [
        'client/src/extension.ts',
        'node_modules/b/lib/one.js',
        'node_modules/b/lib/two.js',
        'node_modules/@x/a/index.js',
        'node_modules/@x/a/node_modules/c/index.js',
      ],
      root,
    );
    assert.deepEqual(
      [...text.matchAll(/^(\S+ \d\S+): (.+)$/gmu)].map(([all]) => all),
      ['@x/a 1.0.0: MIT', 'b 2.0.0: ISC', 'c 3.0.0: MIT'],
    );
    for (const part of ['Terms of a', 'Terms of b', 'Author: Jo']) assert.ok(text.includes(part), part);
  });

  it('cannot be made for a package without a licence', () => {
    install('node_modules/d', { name: 'd', version: '1.0.0' });
    assert.throws(() => notices.thirdPartyNotices(['node_modules/d/i.js'], root), /d 1\.0\.0 carries no licence/u);
  });
});
