import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keptText } from '../../../../../../server/src/hosts/node/files/write/keptText.ts';

describe('a text that is kept', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-kept-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('is there again, in a file for its owner alone, and leaves nothing beside it', async () => {
    const file = path.join(root, 'new', 'statistics.json');
    await keptText(file).write('one');
    await keptText(file).write('two');
    assert.equal(await keptText(file).read(), 'two');
    assert.deepEqual(readdirSync(path.dirname(file)), ['statistics.json']);
    if (process.platform !== 'win32') {
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
  });

  it('is none where there is no file, or one that is too large', async () => {
    const file = path.join(root, 'statistics.json');
    assert.equal(await keptText(file).read(), undefined);
    writeFileSync(file, 'x'.repeat(4 * 1024 * 1024 + 1));
    assert.equal(await keptText(file).read(), undefined);
  });

  it('says why it cannot be written, and leaves nothing behind', async () => {
    const file = path.join(root, 'statistics.json');
    mkdirSync(path.join(file, 'inside'), { recursive: true });
    await assert.rejects(keptText(file).write('one'));
    assert.deepEqual(readdirSync(root), ['statistics.json']);
  });
});
