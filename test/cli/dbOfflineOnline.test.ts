import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeOsv } from '../../server/src/core/advisories/decodeOsv.ts';
import { run } from '../../server/src/cli/run.ts';
import { embeddedRecords, startOsvService } from '../osv-service/osvService.ts';
import { DatabaseFixture } from '../support/databaseFixture.ts';
import { EngineIo } from '../support/engineIo.ts';
import { sharedRows } from '../unit/core/versions/sharedRows.ts';

interface Report {
  readonly files: readonly { readonly requirements: readonly { readonly findings: readonly object[] }[] }[];
  readonly summary: Readonly<Record<string, number>>;
}

describe('a scan over the database', () => {
  let fixture: DatabaseFixture;
  beforeEach(() => (fixture = new DatabaseFixture()));
  afterEach(() => fixture.dispose());

  /** The same files by the service and by the database, both with the same records. */
  async function scanBothWays(records: readonly object[], files: ReadonlyMap<string, string>): Promise<Report> {
    await fixture.importRecords(...records);
    const service = await startOsvService({ records: [records] });
    const scan = async (...argv: string[]): Promise<readonly [number, Report, string]> => {
      const io = new EngineIo(fixture.databases);
      files.forEach((text, name) => io.disk.set(name, text));
      const code = await run(['scan', ...files.keys(), '--format', 'json', ...argv], io);
      return [code, JSON.parse(io.out) as Report, io.err];
    };
    try {
      const [onlineCode, online, warnings] = await scan('--osv-url', service.url);
      const requests = { ...service.traffic.requests };
      const [offlineCode, offline] = await scan('--offline', '--database', fixture.folder);
      assert.deepEqual({ ...service.traffic.requests }, requests, 'asks nobody else');
      assert.deepEqual(offline.files, online.files, warnings);
      assert.deepEqual(offline.summary, online.summary);
      assert.equal(offlineCode, onlineCode);
      return online;
    } finally {
      await service.close();
    }
  }

  it('finds what a scan over the service finds', async () => {
    const records = readdirSync(embeddedRecords)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(path.join(embeddedRecords, name), 'utf8')) as object);
    const names = new Set(
      records.flatMap((record) => decodeOsv(record).advisory?.affected.map(({ name }) => name) ?? []),
    );
    const pins = ['0', '0.1', '1.0', '1.0rc1', '2.2.1', '3.2.0', '4.2', '25.0'].map((version) =>
      Array.from(names, (name) => `${name}==${version}\n`).join(''),
    );
    const ranges = Array.from(names, (name, index) => `${name}${['>=1.0', '', '~=3.2', '<2'][index % 4]}\n`).join('');
    const files = new Map([...pins, ranges].map((text, index) => [`requirements${index}.txt`, text]));
    const { summary } = await scanBothWays(records, files);
    assert.ok((summary['vulnerable'] ?? 0) > 20 && summary['failed'] === 0, JSON.stringify(summary));
  });

  it('finds what a scan over the service finds, on real files with all real records', async function () {
    this.timeout(120_000);
    const records = sharedRows(this, 'osv-pypi/records.jsonl.gz') as readonly object[];
    const corpus = sharedRows(this, 'requirements-corpus/files.jsonl.gz') as readonly { readonly text?: string }[];
    const texts = corpus.flatMap(({ text }) => (text === undefined || text.length > 20_000 ? [] : [text]));
    const step = Math.floor(texts.length / 40);
    const some = texts.filter((_, index) => index % step === 0).slice(0, 40);
    const { summary } = await scanBothWays(
      records,
      new Map(some.map((text, index) => [`requirements${index}.txt`, text.replace(/^\s*(?:-r|-c|--).*$/gmu, '')])),
    );
    console.log(`      ${JSON.stringify(summary)}`);
    assert.ok((summary['vulnerable'] ?? 0) > 20 && (summary['findings'] ?? 0) > 50);
  });
});
