import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createIgnoreFiles } from '../../../../../server/src/hosts/node/config/ignoreFiles.ts';

describe('ignore files', () => {
  let root: string;

  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'pinwatch-ignores-'));
    await mkdir(path.join(root, 'app/deep/er'), { recursive: true });
    await mkdir(path.join(root, 'other'));
    await mkdir(path.join(root, 'broken'));
    await mkdir(path.join(root, 'folder/osv-scanner.toml'), { recursive: true });
    const put = (name: string, text: string | Uint8Array) => writeFile(path.join(root, name), text);
    await put('osv-scanner.toml', '[[IgnoredVulns]]\nid = "TOP"\n');
    await put('pyproject.toml', '[tool.uv.audit]\nignore = ["UV"]\n');
    await put('app/osv-scanner.toml', '[[IgnoredVulns]]\nid = "APP"\n');
    await put('app/pyproject.toml', '[project]\nname = "app"\n');
    await put('broken/osv-scanner.toml', '[[IgnoredVulns]\n');
    await put('latin.toml', new Uint8Array([0x23, 0xe9, 0x0a]));
    await put('huge.toml', '#'.repeat(1024 * 1024 + 1));
  });

  after(() => rm(root, { recursive: true, force: true }));

  const files = () => createIgnoreFiles({ presentFolder: root });
  const nearest = async (file: string, roots = ['.']) =>
    (await files().nearest(file, roots)).map(({ path: shown, ignores }) => [shown, ...ignores.map(({ id }) => id)]);

  it('are the nearest upwards, of each kind', async () => {
    assert.deepEqual(await nearest('requirements.txt'), [
      ['osv-scanner.toml', 'TOP'],
      ['pyproject.toml', 'UV'],
    ]);
    assert.deepEqual(await nearest('app/deep/er/requirements.txt'), [
      ['app/osv-scanner.toml', 'APP'],
      ['pyproject.toml', 'UV'],
    ]);
    assert.deepEqual((await nearest('other/requirements.txt'))[0], ['osv-scanner.toml', 'TOP']);
  });

  it('are not looked for above the roots', async () => {
    assert.deepEqual(await nearest('other/requirements.txt', ['other']), []);
    assert.deepEqual(await nearest('app/deep/requirements.txt', ['app']), [['app/osv-scanner.toml', 'APP']]);
    assert.deepEqual(await nearest('/elsewhere/requirements.txt'), []);
    const everywhere = createIgnoreFiles({});
    const [top] = await everywhere.nearest(path.join(root, 'requirements.txt'), [root]);
    assert.equal(top?.path, path.join(root, 'osv-scanner.toml'));
    const outside = createIgnoreFiles({ presentFolder: path.join(root, 'other') });
    const [list] = await outside.nearest(path.join(root, 'app/requirements.txt'), [path.join(root, 'app')]);
    assert.equal(list?.path, path.join(root, 'app/osv-scanner.toml'));
  });

  it('are read once, so that the use of each ignore can be counted', async () => {
    const reader = files();
    const [one] = await reader.nearest('requirements.txt', ['.']);
    const [two] = await reader.nearest('other/requirements.txt', ['.']);
    assert.ok(one !== undefined && one === two);
  });

  it('that are broken or cannot be read hide those above, ignore nothing and say so', async () => {
    for (const folder of ['broken', 'folder']) {
      const [list] = await files().nearest(`${folder}/requirements.txt`, ['.']);
      assert.deepEqual([list?.path, list?.isBroken, list?.ignores], [`${folder}/osv-scanner.toml`, true, []]);
      assert.equal(list?.problems[0]?.code, 'ignore.unreadable');
    }
  });

  it('that are named and cannot be used say why', async () => {
    for (const [name, expected] of [
      ['none.toml', /there is no ignore file "none\.toml"/u],
      ['broken/osv-scanner.toml', /broken\/osv-scanner\.toml is not valid TOML \(line 1: /u],
      ['app/pyproject.toml', /"app\/pyproject\.toml" has no \[tool\.uv\.audit\]/u],
      ['latin.toml', /latin\.toml could not be read/u],
      ['huge.toml', /larger than 1 MB/u],
    ] as const) {
      const list = await files().named(name);
      assert.match('error' in list ? list.error : 'no error', expected);
    }
    const list = await files().named('app/osv-scanner.toml');
    assert.ok(!('error' in list));
    assert.equal(list.ignores[0]?.id, 'APP');
  });
});
