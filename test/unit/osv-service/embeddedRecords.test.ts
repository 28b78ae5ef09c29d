import assert from 'node:assert/strict';
import { embeddedRecords, startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { readRecords } from '../../osv-service/readRecords.ts';
import type { StoredRecord } from '../../osv-service/storedRecord.ts';
import { ask, idsOf, query } from './client.ts';

describe('the embedded records of the OSV service', () => {
  let records: readonly StoredRecord[];
  let service: OsvService;

  before(async () => {
    records = await readRecords([embeddedRecords]);
    service = await startOsvService();
  });

  after(() => service.close());

  it('are served where nothing else is named', () => {
    assert.equal(service.records.size, records.length);
    assert.ok(records.length >= 40);
  });

  it('have everything a record needs', () => {
    for (const { id, json } of records) {
      for (const field of ['details', 'modified', 'published', 'schema_version', 'references', 'affected']) {
        assert.ok(field in json, `${id} has no ${field}`);
      }
      assert.equal('severity' in json && JSON.stringify(json['severity']) === '[]', false, `${id} has an empty field`);
      const links = JSON.stringify(json['references']).match(/"url":"[^"]*"/g) ?? [];
      assert.ok(links.length > 0 && links.every((link) => link.startsWith('"url":"https://')), id);
      assert.match(id, /^(?:PYSEC-\d{4}-\d+|GHSA(?:-[a-z0-9]{4}){3}|MAL-\d{4}-\d+)$/);
    }
  });

  it('name each other as aliases from both sides', () => {
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const { id, aliases, isWithdrawn } of records) {
      assert.ok(!aliases.includes(id), id);
      if (isWithdrawn) continue;
      for (const alias of aliases) assert.ok(byId.get(alias)?.aliases.includes(id) ?? true, `${id} and ${alias}`);
    }
  });

  it('have each kind of record there is to show', () => {
    const has = (what: string, test: (record: StoredRecord) => boolean): void =>
      assert.ok(
        records.some((record) => !record.isWithdrawn && test(record)),
        `none ${what}`,
      );
    const events = ({ affected }: StoredRecord): string =>
      affected.flatMap(({ ranges }) => ranges.flat().map(({ type }) => type)).join(' ');
    const vectors = ({ json }: StoredRecord): string => JSON.stringify(json['severity'] ?? []);
    has('malicious', ({ id }) => id.startsWith('MAL-'));
    has('with CVSS v4 only', (record) => vectors(record).includes('CVSS_V4') && !vectors(record).includes('CVSS_V3'));
    has('with both', (record) => vectors(record).includes('CVSS_V4') && vectors(record).includes('CVSS_V3'));
    has('without any', (record) => vectors(record) === '[]');
    has('without a fix', (record) => events(record) === 'introduced');
    has('with last_affected', (record) => events(record).includes('last_affected'));
    has('of several branches', (record) => events(record).startsWith('introduced fixed introduced fixed'));
    has('of several ecosystems', ({ affected }) => new Set(affected.map(({ ecosystem }) => ecosystem)).size > 2);
    has('of versions only', ({ affected }) =>
      affected.every(({ ranges, versions }) => !ranges.length && versions.length),
    );
    assert.ok(
      records.some(({ isWithdrawn }) => isWithdrawn),
      'none withdrawn',
    );
  });

  it('have a twin pair with the severity on one side only', () => {
    const [ghsa, pysec] = ['GHSA-p64x-8rxx-wf6q', 'PYSEC-2022-213'].map((id) =>
      records.find((record) => record.id === id),
    );
    assert.ok(ghsa && pysec);
    assert.deepEqual(
      ghsa.aliases.filter((alias) => alias.startsWith('CVE-')),
      pysec.aliases.filter((alias) => alias.startsWith('CVE-')),
    );
    assert.ok('severity' in ghsa.json && !('severity' in pysec.json));
  });

  it('tell what is known of some well-known pins', async () => {
    for (const [name, version, expected] of [
      [
        'django',
        '3.2.12',
        [
          'GHSA-2gwj-7jmv-h26r',
          'GHSA-p64x-8rxx-wf6q',
          'PYSEC-2022-190',
          'PYSEC-2022-213',
          'PYSEC-2023-100',
          'PYSEC-2024-47',
        ],
      ],
      ['django', '5.2.8', []],
      [
        'requests',
        '2.19.1',
        [
          'GHSA-j8r2-6x86-q33q',
          'GHSA-x84v-xcm2-53pg',
          'PYSEC-2018-28',
          'PYSEC-2023-74',
          'PYSEC-2026-1872',
          'PYSEC-2026-1873',
        ],
      ],
      ['requests', '2.32.4', []],
      ['Pillow', '10.0.0', ['GHSA-j7hp-h8jx-5ppr', 'PYSEC-2026-1794', 'PYSEC-2026-457']],
      ['aiocpa', '0.1.13', ['MAL-2024-11518', 'PYSEC-2024-152']],
      ['aiocpa', '0.1.12', []],
      ['ecdsa', '0.19.1', ['PYSEC-2026-1325']],
      ['torch', '2.6.0', []],
      ['litellm', '1.82.8', ['PYSEC-2026-2']],
      ['litellm', '1.82.9', []],
    ] as const) {
      assert.deepEqual(idsOf(await ask(service, '/v1/query', query(name, version))), expected, `${name} ${version}`);
    }
  });
});
