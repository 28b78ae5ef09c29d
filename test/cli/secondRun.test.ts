import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeOsv } from '../../server/src/core/advisories/decodeOsv.ts';
import { embeddedRecords, startOsvService } from '../osv-service/osvService.ts';
import { runProgram } from '../support/runProgram.ts';
import { sharedRows } from '../unit/core/versions/sharedRows.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');

interface Report {
  readonly scanId?: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly statistics: {
    readonly requests: Readonly<Record<string, number>>;
    readonly cache: { readonly hits: number; readonly misses: number };
  };
}

/** What the next run reports from what the first one kept. */
describe('a second run', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-second-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Reports of the first run and of two more that ask nobody, without what tells one run from another. */
  async function scanAgain(records: readonly object[], texts: readonly string[]): Promise<readonly [Report, number]> {
    const project = path.join(root, 'project');
    texts.forEach((text, index) => {
      mkdirSync(path.join(project, String(index)), { recursive: true });
      writeFileSync(path.join(project, String(index), 'requirements.txt'), text);
    });
    const service = await startOsvService({ records: [records] });
    const scan = async (): Promise<readonly [string, Report]> => {
      const where = ['--osv-url', service.url, '--index-url', 'none', '--cache-dir', path.join(root, 'cache')];
      const args = [main, 'scan', project, '--format', 'json', ...where];
      const node = ['--disable-warning=ExperimentalWarning', ...args];
      const { out, err } = await runProgram(process.execPath, node, { cwd: root, env: process.env });
      assert.ok(out !== '', err);
      const report = JSON.parse(out) as Report;
      const { scanId, statistics } = report;
      assert.ok(scanId !== undefined && statistics !== undefined);
      const own = out.replace(scanId, '').replace(/\n {2}"statistics": \{[^]*\n {2}\}\n/u, '\n');
      assert.ok(own.length < out.length - 100, 'statistics are left out');
      return [own, report];
    };
    try {
      const [first, { summary }] = await scan();
      const requests = { ...service.traffic.requests };
      const [second, { statistics }] = await scan();
      assert.deepEqual({ ...service.traffic.requests }, requests, 'asks nobody');
      assert.equal(statistics.cache.misses, 0);
      assert.equal(second === first, true, 'says the same, byte by byte');
      // The same from the small values alone, as an earlier Pinwatch left them.
      const kept = keptValues();
      forgetPages();
      const [third, report] = await scan();
      assert.equal(third === first, true, 'says the same without pages');
      assert.deepEqual({ ...service.traffic.requests }, requests, 'asks nobody then either');
      assert.equal(keptValues(), kept, 'keeps them again');
      return [{ ...report, summary }, kept];
    } finally {
      await service.close();
    }
  }

  function inCache<T>(work: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(path.join(root, 'cache', 'cache.sqlite'));
    try {
      return work(database);
    } finally {
      database.close();
    }
  }
  const keptValues = (): number =>
    inCache((database) => database.prepare(`SELECT 1 FROM entries WHERE ${isPage}`).all().length);
  const forgetPages = (): void => inCache((database) => database.exec(`DELETE FROM entries WHERE ${isPage}`));

  it('says the same about the records of this repository', async function () {
    this.timeout(60_000);
    const records = readdirSync(embeddedRecords)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(path.join(embeddedRecords, name), 'utf8')) as object);
    const names = [
      ...new Set(records.flatMap((record) => decodeOsv(record).advisory?.affected.map(({ name }) => name) ?? [])),
    ];
    const versions = ['0', '0.1', '1.0', '1.0rc1', '2.2.1', '3.2.0', '4.2', '25.0'];
    const texts = versions.map((version) => names.map((name) => `${name}==${version}\nfine-${name}==1\n`).join(''));
    const ranges = ['>=1.0', '', '~=3.2', '<2'].map((range) => names.map((name) => `${name}${range}\n`).join(''));
    const [{ summary }, kept] = await scanAgain(records, [
      ...texts,
      ...ranges,
      '-c ../0/requirements.txt\ndjango\nflask>=9\n',
    ]);
    assert.ok((summary['vulnerable'] ?? 0) > 20 && summary['failed'] === 0, JSON.stringify(summary));
    assert.ok(kept > 0 && kept <= 32);
  });

  it('says the same about 300 real files with all real records', async function () {
    this.timeout(300_000);
    const rows = [
      ...sharedRows(this, 'osv-pypi/records.jsonl.gz'),
      ...sharedRows(this, 'osv-pypi/derived-ghsa.jsonl.gz'),
    ] as readonly object[];
    const corpus = sharedRows(this, 'requirements-corpus/files.jsonl.gz') as readonly {
      readonly id: string;
      readonly text?: string;
    }[];
    const texts = [...corpus]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, 300)
      .flatMap(({ text }) => text ?? []);
    const [{ summary, statistics }, kept] = await scanAgain(rows, texts);
    assert.ok((summary['findings'] ?? 0) > 10_000);
    console.log(`      ${statistics.cache.hits} answers from ${kept} values`);
    assert.equal(kept, 32);
  });
});

const isPage = `json LIKE '{"writtenAt":%'`;
