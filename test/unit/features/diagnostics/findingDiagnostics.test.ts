import assert from 'node:assert/strict';
import type { Diagnostic } from 'vscode-languageserver-types';
import { defaultSettings } from '../../../../protocol/settings.ts';
import {
  findingDiagnostics,
  type FindingOptions,
} from '../../../../server/src/features/diagnostics/findingDiagnostics.ts';
import type { Assessed } from '../../../../server/src/core/assessment/outcome.ts';
import type { Range } from '../../../../server/src/core/text/position.ts';
import type { FixAdvice } from '../../../../server/src/core/assessment/advice/fixAdvice.ts';
import { assessed, finding, pinned } from '../../../support/builders.ts';

const uri = 'file:///requirements.txt';
const options: FindingOptions = { ...defaultSettings, uri };
const advice = (changes: Partial<FixAdvice>): FixAdvice => ({
  nearest: '3.2.5',
  latest: '4.2',
  verified: true,
  passedOver: [],
  ...changes,
});

const messageOf = (one: Diagnostic | undefined): string => (typeof one?.message === 'string' ? one.message : '');

describe('findings of a requirement', () => {
  const onPin = (outcome: Assessed, changes: Partial<FindingOptions> = {}) =>
    findingDiagnostics(pinned('Django', '3.2.0'), '3.2.0', outcome, '', { ...options, ...changes });
  const onRange = (outcome: Assessed, specifier = '>=3') =>
    findingDiagnostics(
      { ...pinned('flask', '3'), version: null, specifier },
      null,
      { ...outcome, verdict: 'possiblyVulnerable' },
      '',
      options,
    );
  const high = finding({
    id: 'CVE-2',
    aliases: [],
    records: ['GHSA-2'],
    severity: 'high',
    score: 7.5,
    url: 'https://two',
  });
  const more = finding({
    id: 'CVE-3',
    aliases: [],
    records: ['GHSA-3', 'PYSEC-3'],
    severity: 'low',
    score: 2,
    summary: '',
  });

  it('are one diagnostic: how many, how bad, what to do, with the others beside it', () => {
    const [only, ...rest] = onPin(assessed([high, more]));
    assert.deepEqual(rest, []);
    const range = { start: { line: 0, character: 8 }, end: { line: 0, character: 13 } };
    assert.deepEqual(only, {
      range,
      severity: 1,
      source: 'pinwatch',
      code: 'CVE-2',
      codeDescription: { href: 'https://two' },
      message: 'Django 3.2.0 has 2 known vulnerabilities (worst: high 7.5, CVE-2). Update to 3.2.5.',
      relatedInformation: [{ location: { uri, range }, message: 'CVE-3 (low 2.0). Fixed in 3.2.5.' }],
      data: {
        ids: ['CVE-2', 'CVE-3'],
        records: ['GHSA-2', 'GHSA-3', 'PYSEC-3'],
        package: 'django',
        version: '3.2.0',
        fix: '3.2.5',
      },
    });
  });

  it('have no more beside them than the client shows, and say how many there are', () => {
    const beside = { most: 2, more: '{0} weitere' };
    const shown = (count: number, places: readonly { uri: string; range: Range }[] = []): unknown => {
      const others = Array.from({ length: count }, (_, index) => finding({ ...more, id: `CVE-${index + 1}0` }));
      const [only] = onPin(assessed([high, ...others]), { beside, includedAt: places });
      return only?.relatedInformation?.map(({ message }) => message.replace(/ .*Fixed.*/u, ''));
    };
    assert.deepEqual(shown(30), ['CVE-10', 'CVE-20', '28 weitere']);
    assert.deepEqual(shown(3), ['CVE-10', 'CVE-20', 'CVE-30'], 'where no line is saved');
    assert.deepEqual(shown(0), undefined);
    const place = {
      uri: 'file:///b.txt',
      range: { start: { line: 0, character: 8 }, end: { line: 0, character: 13 } },
    };
    assert.deepEqual(shown(9, [place]), ['CVE-10', 'CVE-20', '7 weitere', 'This file is included here.']);
  });

  it('say what a single one is', () => {
    const [only] = onPin(assessed([high]));
    assert.equal(
      only?.message,
      'Django 3.2.0 has 1 known vulnerability (high 7.5, CVE-2): SQL injection through order_by. Update to 3.2.5.',
    );
    assert.equal(only?.relatedInformation, undefined);
  });

  it('say that the safe version is not known, or that there is none', () => {
    const text = (fix: FixAdvice | undefined): unknown => onPin({ ...assessed([high, more]), fix })[0]?.message;
    assert.match(String(text(undefined)), /The safe versions are not known yet\.$/u);
    assert.match(String(text(advice({ nearest: undefined }))), /No safe version is known\.$/u);
  });

  it('say at the line that an ignore has ended', () => {
    const [one] = onPin(assessed([high, { ...more, ignoreEnded: '2026-11-01' }]));
    assert.match(messageOf(one), /Update to 3\.2\.5\. The ignore of CVE-3 ended on 2026-11-01\.$/u);
    const beside = one?.relatedInformation?.map(({ message }) => message);
    assert.deepEqual(beside, ['CVE-3 (low 2.0). Fixed in 3.2.5. No longer ignored: that ended on 2026-11-01.']);
    const ended = { ...high, ignoreEnded: '2026-11-01' };
    const [both] = onPin(assessed([ended, { ...more, ignoreEnded: '2026-10-01' }]));
    assert.match(messageOf(both), /The ignore of CVE-2 and 1 more ended on 2026-11-01\.$/u);
  });

  it('say how many have no details', () => {
    const bare = finding({ id: 'CVE-9', missingDetails: ['PYSEC-9'], fixedVersions: [], summary: '' });
    const [only] = onPin(assessed([high, bare]));
    assert.match(messageOf(only), /CVE-2\)\. Details of 1 could not be fetched\. Update/u);
    assert.match(only?.relatedInformation?.[0]?.message ?? '', /The fixed version is not known yet/u);
  });

  it('count what is ignored neither in the text nor in the data, and what is below the minimum', () => {
    const ignored = { ...high, ignored: { reason: 'not reached', until: null } };
    const [only] = onPin(assessed([ignored, more]));
    assert.deepEqual([only?.code, only?.severity], ['CVE-3', 3]);
    assert.deepEqual(onPin(assessed([ignored, more]), { minimumSeverity: 'high' }), []);
  });

  it('say what a range allows, and what to require', () => {
    const text = (fix: Partial<FixAdvice>, findings = [high, more], specifier = '>=3'): unknown =>
      onRange({ ...assessed(findings), fix: advice(fix) }, specifier)[0]?.message;
    assert.equal(
      text({ change: { kind: 'floor', version: '3.2.5' } }),
      'flask >=3 allows versions with 2 known vulnerabilities (worst: high 7.5, CVE-2). Require >=3.2.5.',
    );
    assert.equal(
      text({ change: { kind: 'exclude', versions: ['3.1', '3.2'] } }, [finding({ ...more, admitted: '3.1–3.2' })], ''),
      'flask has no version limit: it allows 3.1–3.2, with 1 known vulnerability (low 2.0, CVE-3). Exclude 3.1, 3.2.',
    );
    assert.match(String(text({ change: { kind: 'none' } })), /No version that it allows is .* safe one is 3\.2\.5\.$/u);
    assert.match(
      String(text({ change: { kind: 'none', highestSafe: '2.0' } })),
      /No version later than 2\.0 is known to be safe\.$/u,
    );
  });

  it('say first what is malicious, whatever the settings', () => {
    const malicious = finding({ id: 'MAL-1', severity: 'malicious', score: null, nearestFix: undefined });
    const [only] = onPin(assessed([malicious, high]), { minimumSeverity: 'critical' });
    assert.equal(
      only?.message,
      'Django 3.2.0 is malicious (MAL-1). Remove it and rotate every secret it could have read.',
    );
    assert.equal((only?.data as { readonly fix: string | null }).fix, null);
    const [both] = onPin(assessed([malicious, high]));
    assert.match(messageOf(both), /\(MAL-1\)\. It has 1 other known vulnerability\. Remove it/u);
  });

  it('name the fixed version that is next above the present one, and all of them for a range', () => {
    const branches = finding({ ...more, fixedVersions: ['2.2.28', '3.2.13', '4.0.4'] });
    const beside = (found: readonly { relatedInformation?: { message: string }[] }[]): unknown =>
      found[0]?.relatedInformation?.[0]?.message;
    assert.equal(beside(onPin(assessed([high, branches]))), 'CVE-3 (low 2.0). Fixed in 3.2.13.');
    assert.equal(beside(onRange(assessed([high, branches]))), 'CVE-3 (low 2.0). Fixed in 2.2.28, 3.2.13, 4.0.4.');
  });
});
