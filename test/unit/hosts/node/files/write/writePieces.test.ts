import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { writePieces } from '../../../../../../server/src/hosts/node/files/write/writePieces.ts';

describe('a text in pieces', () => {
  let folder = '';

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'pinwatch-pieces-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function written(pieces: Iterable<string>): Promise<string> {
    const file = path.join(folder, 'file');
    const handle = await open(file, 'w');
    try {
      await writePieces(handle, pieces);
    } finally {
      await handle.close();
    }
    return readFile(file, 'utf8');
  }

  it('is written as it is, however its pieces fall on the buffer', async () => {
    const pieces = ['', 'a', 'ß€😀'.repeat(70_000), '\n', 'x'.repeat(256 * 1024 - 1), '😀', 'y'.repeat(600_000)];
    assert.equal(await written(pieces), pieces.join(''));
  });

  it('may be empty', async () => {
    assert.equal(await written([]), '');
  });

  it('has a replacement character for half of a pair, as every other writer of text puts one', async () => {
    assert.equal(await written(['a\ud83d', 'b']), Buffer.from('a\ud83db').toString());
  });
});
