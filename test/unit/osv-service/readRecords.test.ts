import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readRecords } from '../../osv-service/readRecords.ts';
import { record } from './client.ts';

describe('reading records for the OSV service', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'osv-records-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    return target;
  }

  const line = (id: string, more: object = {}): string =>
    `${JSON.stringify(record(id, 'a', [{ introduced: '0' }], more))}\n`;

  async function ids(...sources: Parameters<typeof readRecords>[0]): Promise<readonly string[]> {
    return (await readRecords(sources)).map(({ id }) => id);
  }

  it('reads a folder of one file a record, and leaves other files alone', async () => {
    await file('set/T-2.json', line('T-2'));
    await file('set/T-1.json', line('T-1'));
    await file('set/README.md', 'no record');
    assert.deepEqual(await ids(path.join(folder, 'set')), ['T-1', 'T-2']);
  });

  it('reads JSON lines, packed or not, with empty lines between', async () => {
    const plain = await file('plain.jsonl', `${line('T-1')}\n${line('T-2').trimEnd()}`);
    const packed = await file('packed.jsonl.gz', gzipSync(line('T-3') + line('T-4')));
    assert.deepEqual(await ids(plain, packed), ['T-1', 'T-2', 'T-3', 'T-4']);
  });

  it('takes records from memory, and the last one of an id', async () => {
    const plain = await file('plain.jsonl', line('T-1', { modified: '2020-01-01T00:00:00Z' }));
    const [only, ...others] = await readRecords([
      plain,
      [record('T-1', 'a', [], { modified: '2021-01-01T00:00:00Z' })],
    ]);
    assert.equal(only?.modified, '2021-01-01T00:00:00Z');
    assert.deepEqual(others, []);
  });

  it('says where a bad record is', async () => {
    const broken = await file('broken.jsonl', `${line('T-1')}{"id":\n`);
    await assert.rejects(ids(broken), { message: `${broken}, line 2: not JSON` });
    const nameless = await file('nameless.jsonl', '{}\n');
    await assert.rejects(ids(nameless), { message: `${nameless}, line 1: no "id"` });
    await assert.rejects(ids([1]), { message: 'record 1: not a JSON object' });
    const wrong = await file('wrong/T-1.json', line('T-2'));
    await assert.rejects(ids(path.dirname(wrong)), { message: `${wrong}: the file is not named after its record` });
  });

  it('fails for a file that is not there, or is packed badly', async () => {
    await assert.rejects(ids(path.join(folder, 'none.jsonl')), { code: 'ENOENT' });
    const torn = await file('torn.jsonl.gz', gzipSync(line('T-1')).subarray(0, 40));
    await assert.rejects(ids(torn), { code: 'Z_BUF_ERROR' });
  });
});
