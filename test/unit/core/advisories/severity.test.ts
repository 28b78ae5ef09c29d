import assert from 'node:assert/strict';
import type { Severity, SeverityVector } from '../../../../server/src/core/advisories/advisory.ts';
import { decodeOsv } from '../../../../server/src/core/advisories/decodeOsv.ts';
import { cvssScore, isMalicious, rate, VectorScores } from '../../../../server/src/core/advisories/severity.ts';
import { compareSeverities } from '../../../../server/src/core/advisories/severityOrder.ts';
import { sharedRows } from '../versions/sharedRows.ts';

describe('cvssScore', () => {
  // Published with these scores by FIRST (the examples of each standard) and by NVD.
  for (const [type, vector, score] of [
    ['CVSS_V2', 'AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
    ['CVSS_V2', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['CVSS_V2', 'AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2],
    ['CVSS_V2', 'AV:N/AC:L/Au:N/C:P/I:N/A:N', 5],
    ['CVSS_V3', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9],
    ['CVSS_V3', 'CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L', 4.2],
    ['CVSS_V3', 'CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 6.8],
    ['CVSS_V3', 'CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H', 9.3],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['CVSS_V4', 'CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
    ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.7],
    ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7],
    ['CVSS_V4', 'CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:H', 6.4],
    ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
  ] as const) {
    it(`gives ${score.toFixed(1)} for ${vector}`, () => {
      assert.equal(cvssScore({ type, vector }), score);
    });
  }

  it('takes the base score of CVSS 3 and the whole vector of CVSS 4', () => {
    const base3 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
    assert.equal(cvssScore({ type: 'CVSS_V3', vector: `${base3}/E:U/RL:O/RC:U/CR:L` }), 9.8);
    const base4 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
    assert.equal(cvssScore({ type: 'CVSS_V4', vector: base4 }), 9.3);
    assert.equal(cvssScore({ type: 'CVSS_V4', vector: `${base4}/E:P/CR:X/MAV:X/S:X/U:Amber` }), 8.9);
  });

  it('does not score what is incomplete, unknown or no vector', () => {
    for (const [type, vector] of [
      ['CVSS_V3', ''],
      ['CVSS_V3', '9.8'],
      ['CVSS_V3', 'CVSS:3.1/'],
      ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H'],
      ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:Q/I:H/A:H'],
      ['CVSS_V3', 'CVSS:3.1/AV:N/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
      ['CVSS_V3', 'CVSS:3.1/AV:/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
      ['CVSS_V3', 'CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
      ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H'],
      ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:S/VI:H/VA:H/SC:N/SI:N/SA:N'],
      ['CVSS_V2', 'AV:N/AC:L'],
      ['CVSS_V2', `AV:N/${'x:y/'.repeat(100_000)}`],
      ['Ubuntu', 'high'],
      ['CVSS_V9', 'AV:N/AC:L/Au:N/C:C/I:C/A:C'],
    ] as const) {
      assert.equal(cvssScore({ type, vector }), undefined, `${type} ${vector.slice(0, 80)}`);
    }
  });

  it('scores every vector of the shared records, in the band of the derived labels', function () {
    let vectors = 0;
    for (const json of sharedRows(this, 'osv-pypi/records.jsonl.gz')) {
      for (const severity of decodeOsv(json).advisory?.severities ?? []) {
        assert.notEqual(cvssScore(severity), undefined, severity.vector);
        vectors += 1;
      }
    }
    assert.ok(vectors > 4_000, String(vectors));
    let labels = 0;
    for (const json of sharedRows(this, 'osv-pypi/derived-ghsa.jsonl.gz')) {
      const advisory = decodeOsv(json).advisory;
      if (advisory?.label !== undefined && advisory.severities.length > 0) {
        assert.equal(rate(advisory.severities, []).severity, advisory.label, advisory.id);
        labels += 1;
      }
    }
    assert.ok(labels > 3_000, String(labels));
  });
});

describe('rate', () => {
  const low: SeverityVector = { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N' };
  const critical: SeverityVector = { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H' };
  const none: SeverityVector = { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N' };

  it('takes the highest score', () => {
    assert.deepEqual(rate([low, critical, none], ['low']), {
      severity: 'critical',
      score: 9.9,
      vector: critical.vector,
    });
    assert.deepEqual(rate([none], ['high']), { severity: 'none', score: 0, vector: none.vector });
  });

  it('falls back to the highest label, then to unknown', () => {
    const broken: SeverityVector = { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N' };
    assert.deepEqual(rate([broken], ['low', 'high', 'medium']), { severity: 'high', score: null, vector: null });
    assert.deepEqual(rate([broken], []), { severity: 'unknown', score: null, vector: null });
  });

  it('draws the bands where CVSS draws them', () => {
    const at = (score: string): string => {
      // Known scores at both sides of each border.
      const vectors: Readonly<Record<string, string>> = {
        '3.9': 'CVSS:3.1/AV:P/AC:L/PR:L/UI:R/S:U/C:L/I:L/A:L',
        '4.0': 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L',
        '6.9': 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N',
        '7.0': 'CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H',
        '8.9': 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P',
        '9.0': 'CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:H',
      };
      const vector = vectors[score] ?? '';
      const rating = rate([{ type: vector.startsWith('CVSS:4') ? 'CVSS_V4' : 'CVSS_V3', vector }], []);
      assert.equal(rating.score?.toFixed(1), score);
      return rating.severity;
    };
    assert.deepEqual(['3.9', '4.0', '6.9', '7.0', '8.9', '9.0'].map(at), [
      ...['low', 'medium', 'medium', 'high', 'high', 'critical'],
    ]);
  });
});

describe('isMalicious', () => {
  it('goes by MAL ids', () => {
    assert.equal(isMalicious(['PYSEC-2026-578', 'MAL-2026-1']), true);
    assert.equal(isMalicious(['CVE-2026-1', 'GHSA-xxxx']), false);
    assert.equal(isMalicious(['NORMAL-1']), false);
  });
});

describe('compareSeverities', () => {
  it('has the worst first, and what nobody rated beside medium', () => {
    const severities: Severity[] = ['none', 'medium', 'malicious', 'low', 'critical', 'high'];
    assert.deepEqual(severities.sort(compareSeverities), ['malicious', 'critical', 'high', 'medium', 'low', 'none']);
    assert.equal(compareSeverities('unknown', 'medium'), 0);
  });
});

describe('remembered scores', () => {
  it('are those that are worked out, by type and vector', () => {
    const scores = new VectorScores();
    const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
    const all = [
      { type: 'CVSS_V3', vector },
      { type: 'CVSS_V4', vector },
      { type: 'CVSS_V3', vector: `${vector}/X` },
    ];
    for (const one of [...all, ...all]) {
      assert.equal(scores.of(one), cvssScore(one));
    }
  });
});
