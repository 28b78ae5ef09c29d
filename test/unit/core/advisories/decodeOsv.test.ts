import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Advisory } from '../../../../server/src/core/advisories/advisory.ts';
import { decodeOsv } from '../../../../server/src/core/advisories/decodeOsv.ts';
import { sharedRows } from '../versions/sharedRows.ts';

describe('decodeOsv', () => {
  it('reads what a record says about PyPI', () => {
    const advisory = mustDecode({
      schema_version: '1.9.0',
      id: 'GHSA-j7hp-h8jx-5ppr',
      aliases: ['CVE-2023-4863', 'PYSEC-2023-175'],
      related: ['CVE-0000-0000'],
      modified: '2026-01-02T03:04:05.123456789Z',
      published: '2023-09-12T15:30:20Z',
      summary: 'Heap overflow',
      details: '# Impact\n\nBad.',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H' }],
      database_specific: { severity: 'HIGH', cwe_ids: ['CWE-787', 'CWE-0', 7] },
      references: [
        { type: 'WEB', url: 'https://example.org/a' },
        { type: 'WEB', url: 'javascript:alert(1)' },
      ],
      affected: [
        { package: { ecosystem: 'npm', name: 'electron' }, versions: ['1.0.0'] },
        {
          package: { ecosystem: 'PyPI', name: 'Pillow_SIMD', purl: 'pkg:pypi/pillow-simd' },
          ranges: [
            { type: 'GIT', repo: 'x', events: [{ introduced: '0' }, { fixed: 'abcdef' }] },
            { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '10.0.1' }] },
            { type: 'SEMVER', events: [{ introduced: '11' }, { last_affected: '12' }, { limit: '13' }] },
          ],
          versions: ['9.0', '1.0-junk'],
        },
        { package: { ecosystem: 'PyPI:extra', name: 'b' }, severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/x' }] },
        { package: { ecosystem: 'PyPIx', name: 'c' } },
      ],
    });
    assert.deepEqual(advisory, {
      id: 'GHSA-j7hp-h8jx-5ppr',
      aliases: ['CVE-2023-4863', 'PYSEC-2023-175'],
      modified: '2026-01-02T03:04:05.123456789Z',
      published: '2023-09-12T15:30:20Z',
      summary: 'Heap overflow',
      severities: [
        { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H' },
        { type: 'CVSS_V4', vector: 'CVSS:4.0/x' },
      ],
      cwes: ['CWE-787'],
      label: 'high',
      affected: [
        {
          name: 'pillow-simd',
          versions: ['9.0', '1.0-junk'],
          ranges: [
            [
              { kind: 'introduced', version: '0' },
              { kind: 'fixed', version: '10.0.1' },
            ],
            [
              { kind: 'introduced', version: '11' },
              { kind: 'lastAffected', version: '12' },
              { kind: 'limit', version: '13' },
            ],
          ],
        },
        { name: 'b', versions: [], ranges: [] },
      ],
      references: [{ type: 'WEB', url: 'https://example.org/a' }],
    });
  });

  it('takes the first telling line of the details where there is no summary', () => {
    assert.equal(mustDecode({ id: 'A-1', details: '\n---\n## Impact of `x`\nmore' }).summary, 'Impact of `x`');
    assert.equal(mustDecode({ id: 'A-1', summary: ' \n', details: 'One\nTwo' }).summary, 'One');
    assert.equal(mustDecode({ id: 'A-1' }).summary, '');
  });

  it('strips what could disguise text', () => {
    const advisory = mustDecode({
      id: 'A-1',
      summary: 'a\u202eb\u0000c\u001b[31md\u200be\nf\u2066g\ufeff',
    });
    assert.equal(advisory.summary, 'abc[31mde fg');
    const details = '\u0007\r\nx\u{e0041}\ud800\tw \u{1f600}\u2028z';
    assert.equal(mustDecode({ id: 'A-1', details }).summary, 'x w \u{1f600}');
  });

  it('bounds every text', () => {
    const advisory = mustDecode({
      id: 'A-1',
      summary: '\u{1f600}'.repeat(10_000),
      references: Array.from({ length: 1_000 }, (_, index) => ({ type: 'WEB', url: `https://e.org/${index}` })),
    });
    assert.equal(advisory.summary.length, 299);
    assert.match(advisory.summary, /^(\u{1f600})+…$/u);
    const details = `${'-\n'.repeat(1_000_000)}too far`;
    assert.equal(mustDecode({ id: 'A-1', details }).summary, '');
    assert.equal(mustDecode({ id: 'A-1', details: 'y'.repeat(1_000_000) }).summary.length, 300);
    assert.equal(advisory.references.length, 50);
  });

  it('refuses a record without a usable id, and says so', () => {
    for (const json of [
      null,
      'x',
      1,
      [],
      {},
      { id: 7 },
      { id: '' },
      { id: 'a b' },
      { id: 'x'.repeat(101) },
      { id: '../x' },
    ]) {
      const decoded = decodeOsv(json);
      assert.equal(decoded.advisory, undefined, JSON.stringify(json));
      assert.match(decoded.problem ?? '', /id/);
    }
  });

  it('keeps what is readable among wrong shapes', () => {
    const advisory = mustDecode({
      id: 'A-1',
      aliases: ['CVE-1', 3, null, 'has space', { id: 'x' }],
      modified: 5,
      withdrawn: null,
      summary: ['x'],
      details: 12,
      severity: 'CVSS_V3',
      database_specific: [],
      references: [null, { url: 7 }, { url: 'https://e.org/ x' }],
      affected: [
        null,
        'x',
        { package: null },
        { package: { ecosystem: 'PyPI' } },
        { package: { ecosystem: 'PyPI', name: 'a' }, versions: { 0: '1' }, ranges: 'x', severity: {} },
        {
          package: { ecosystem: 'PyPI', name: 'A' },
          versions: ['1', null, 2, {}],
          ranges: [
            null,
            { events: [{ introduced: '0' }] },
            { type: 'ECOSYSTEM', events: [null, 'x', {}, { introduced: 0 }, { fixed: '2', introduced: '1' }] },
          ],
        },
      ],
    });
    assert.deepEqual(advisory.aliases, ['CVE-1']);
    assert.deepEqual([advisory.modified, advisory.summary], ['', '']);
    assert.equal(advisory.withdrawn, undefined);
    assert.deepEqual(advisory.references, []);
    assert.deepEqual(advisory.affected, [
      { name: 'a', versions: [], ranges: [] },
      {
        name: 'a',
        versions: ['1', '2'],
        ranges: [
          [
            { kind: 'introduced', version: '0' },
            { kind: 'introduced', version: '1' },
            { kind: 'fixed', version: '2' },
          ],
        ],
      },
    ]);
  });

  it('takes nothing for withdrawn but a time', () => {
    const of = (withdrawn: unknown) => decodeOsv({ id: 'A-1', withdrawn }).advisory?.withdrawn;
    for (const nonsense of ['never', 'yes', '2024', '2024-13-45T99:00:00Z', true, 1, {}, []]) {
      assert.equal(of(nonsense), undefined, JSON.stringify(nonsense));
    }
    assert.equal(of('2024-01-01T00:00:00Z'), '2024-01-01T00:00:00Z');
  });

  it('takes own properties only', () => {
    const json: unknown = JSON.parse(
      '{"__proto__": {"id": "EVIL-1", "withdrawn": "2020-01-01T00:00:00Z"}, "id": "A-1"}',
    );
    const advisory = mustDecode(json);
    assert.equal(advisory.id, 'A-1');
    assert.equal(advisory.withdrawn, undefined);
    assert.equal(decodeOsv(Object.create({ id: 'A-1' })).advisory, undefined);
  });

  it('never throws, whatever the JSON', () => {
    const keys = [
      ...['id', 'aliases', 'affected', 'package', 'ecosystem', 'name', 'versions', 'ranges', 'type', 'events'],
      ...['introduced', 'severity', 'score', 'references', 'url', 'summary', 'details', 'database_specific'],
    ];
    const leaf = fc.oneof(
      fc.string(),
      fc.constantFrom('PyPI', 'ECOSYSTEM', 'A-1', '1.0'),
      fc.integer(),
      fc.constant(null),
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        leaf,
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys), tie('json'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const decoded = decodeOsv(value);
        assert.notEqual(decoded.advisory === undefined, decoded.problem === undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('reads every shared record and loses no PyPI entry', function () {
    let records = 0;
    for (const json of sharedRows(this, 'osv-pypi/records.jsonl.gz')) {
      const raw = json as { id: string; affected?: { package?: { ecosystem: string } }[]; withdrawn?: string };
      const advisory = mustDecode(json);
      assert.equal(advisory.id, raw.id);
      assert.equal(advisory.withdrawn, raw.withdrawn);
      assert.equal(advisory.affected.length, raw.affected?.filter((a) => a.package?.ecosystem === 'PyPI').length ?? 0);
      records += 1;
    }
    assert.equal(records, 7_498);
  });
});

function mustDecode(json: unknown): Advisory {
  const { advisory, problem } = decodeOsv(json);
  assert.ok(advisory, problem);
  return advisory;
}
