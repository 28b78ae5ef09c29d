import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { DatabaseFixture } from '../../../../support/databaseFixture.ts';
import { zipOf } from '../../../../support/zip.ts';
import { type ZipEntry, zipEntries } from '../../../../../server/src/hosts/node/database/zipEntries.ts';
import { DatabaseError } from '../../../../../server/src/engine/offline/advisoryDatabase.ts';

const texts = { 'a.json': '{"id":"A"}', 'ünì.json': 'x'.repeat(100_000), 'empty.json': '', 'folder/b.json': 'b' };

describe('zip entries', () => {
  const fixture = new DatabaseFixture();
  after(() => fixture.dispose());

  async function read(bytes: Buffer, maxEntryBytes = 1_000_000): Promise<readonly ZipEntry[]> {
    const file = await open(fixture.write('test.zip', bytes));
    try {
      const entries: ZipEntry[] = [];
      for await (const entry of zipEntries(file, maxEntryBytes)) {
        entries.push(entry);
      }
      return entries;
    } finally {
      await file.close();
    }
  }

  const shown = (entries: readonly ZipEntry[]): unknown =>
    Object.fromEntries(
      entries.map((entry) => [entry.name, 'problem' in entry ? entry.problem : entry.bytes.toString()]),
    );

  for (const [label, options] of [
    ['deflated', {}],
    ['stored', { stored: true }],
    ['zip64', { wide: true }],
    ['with a comment', { comment: 'PK\u0001 made by a test' }],
  ] as const) {
    it(`reads an archive that is ${label}`, async () => {
      assert.deepEqual(shown(await read(zipOf(texts, options))), texts);
    });
  }

  it('reads an archive larger than its window', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`${index}.json`, `${index}`.repeat(4_000)]),
    );
    assert.deepEqual(shown(await read(zipOf(many, { stored: true }))), many);
  });

  it('names an entry that is damaged or too large, and reads the others', async () => {
    const bytes = zipOf(texts, { stored: true });
    bytes.writeUInt8(0x21, bytes.indexOf('{"id":"A"}'));
    const entries = shown(await read(bytes, 50_000));
    assert.deepEqual(entries, { ...texts, 'a.json': 'is damaged', 'ünì.json': 'is larger than 0 MB' });
  });

  it('does not unpack more than an entry says it holds', async () => {
    const bytes = zipOf({ 'bomb.json': 'x'.repeat(5_000_000) });
    const header = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeUInt32LE(10, header + 24);
    assert.deepEqual(shown(await read(bytes)), { 'bomb.json': 'is damaged' });
  });

  it('refuses an archive that counts fewer entries than it has', async () => {
    const bytes = zipOf(texts);
    bytes.writeUInt16LE(Object.keys(texts).length - 1, bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6])) + 10);
    await assert.rejects(read(bytes), DatabaseError);
  });

  it('refuses what is cut short, anywhere', async () => {
    const bytes = zipOf(texts);
    for (const length of [0, 4, 100, bytes.length - 30, bytes.length - 1]) {
      await assert.rejects(read(bytes.subarray(0, length)), DatabaseError, `${length} bytes`);
    }
  });

  it('never reads outside of the file, whatever single byte is wrong', async () => {
    const bytes = zipOf({ 'a.json': '{"id":"A"}', 'b.json': 'b' });
    for (let at = 0; at < bytes.length; at++) {
      const broken = Buffer.from(bytes);
      broken.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
      try {
        for (const entry of await read(broken, 1_000)) {
          assert.ok('problem' in entry || entry.bytes.length <= 1_000);
        }
      } catch (error) {
        assert.ok(error instanceof DatabaseError, `byte ${at}: ${String(error)}`);
      }
    }
  });
});
