import assert from 'node:assert/strict';
import type { Diagnostic } from 'vscode-languageserver-types';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { type DiagnosticOptions, diagnosticsFor } from '../../../../server/src/features/diagnostics/diagnostics.ts';
import type { LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { assessed, failed, finding, noon, pinned } from '../../../support/builders.ts';

const options: DiagnosticOptions = {
  ...defaultSettings,
  diagnosticGrouping: 'advisory',
  now: noon,
  uri: 'file:///requirements.txt',
};

function diagnose(state: LineState['state'], changes: Partial<DiagnosticOptions> = {}) {
  return diagnosticsFor([{ requirement: pinned('Django', '3.2.0'), state }], [], { ...options, ...changes });
}

const text = (diagnostic: Diagnostic | undefined): string =>
  typeof diagnostic?.message === 'string' ? diagnostic.message : '';

describe('diagnostics', () => {
  it('draws a finding at the version token, with a message that stands on its own', () => {
    const [diagnostic, ...rest] = diagnose({ kind: 'settled', outcome: assessed([finding()]) });
    assert.deepEqual(rest, []);
    assert.deepEqual(diagnostic, {
      range: { start: { line: 0, character: 8 }, end: { line: 0, character: 13 } },
      severity: 1,
      source: 'pinwatch',
      code: 'CVE-2021-35042',
      codeDescription: { href: 'https://osv.dev/vulnerability/PYSEC-2021-109' },
      message:
        'Django 3.2.0: CVE-2021-35042 (critical 9.8). SQL injection through order_by. Fixed in 3.1.13, 3.2.5. Nearest version without known advisories: 3.2.5.',
      data: {
        ids: ['CVE-2021-35042'],
        records: ['PYSEC-2021-109'],
        package: 'django',
        version: '3.2.0',
        fix: '3.2.5',
      },
    });
  });

  it('lists what each record says where the records of a finding differ on the fix, at the line itself', () => {
    const fixesDisagree = [
      { record: 'GHSA-xpfp-f569-q3p2', fixed: ['3.2.5'] },
      { record: 'PYSEC-2021-109', fixed: [] },
    ];
    const includedAt = [{ uri: 'file:///all.txt', range: pinned('x', '1').range }];
    const settled = (changed: Parameters<typeof finding>[0]) =>
      ({ kind: 'settled', outcome: assessed([finding(changed)]) }) as const;
    const [differing] = diagnose(settled({ fixesDisagree }), { includedAt });
    assert.deepEqual(differing?.relatedInformation, [
      {
        location: { uri: 'file:///requirements.txt', range: differing?.range },
        message: 'GHSA-xpfp-f569-q3p2 says fixed in 3.2.5; PYSEC-2021-109 says that no version is fixed',
      },
      { location: includedAt[0], message: 'This file is included here.' },
    ]);
    const [agreeing] = diagnose(settled({}));
    assert.equal(agreeing?.relatedInformation, undefined);
    const many = Array.from({ length: 9 }, (_, index) => ({ record: `X-${index}`, fixed: [`${index}`] }));
    const [bounded] = diagnose(settled({ fixesDisagree: many }));
    assert.match(bounded?.relatedInformation?.[0]?.message ?? '', /; X-3 says fixed in 3; 5 more say something else$/u);
  });

  it('shows the pin in another file that decides the version', () => {
    const place = { uri: 'file:///constraints.txt', range: pinned('x', '1', 4).tokenRange };
    const decidedBy = { kind: 'constraint', source: 'constraints.txt', place } as const;
    const requirement = { ...pinned('Django', '3.2.0'), decidedBy };
    const state = { kind: 'settled', outcome: assessed([finding()]) } as const;
    const [diagnostic] = diagnosticsFor([{ requirement, state }], [], options);
    assert.deepEqual(diagnostic?.relatedInformation, [{ location: place, message: 'Its version is pinned here.' }]);
  });

  it('draws no range where that is switched off, but for what is malicious', () => {
    const findings = [finding(), finding({ id: 'MAL-2024-1', severity: 'malicious' })];
    const range = { ...assessed(findings), verdict: 'possiblyVulnerable' } as const;
    const off = { diagnosticRanges: false };
    assert.equal(diagnose({ kind: 'settled', outcome: range }).length, 2);
    assert.deepEqual(
      diagnose({ kind: 'settled', outcome: range }, off).map(({ code }) => code),
      ['MAL-2024-1'],
    );
    assert.equal(diagnose({ kind: 'settled', outcome: assessed(findings) }, off).length, 2);
  });

  it('says of a range what it admits, at a lower level, the worst first and not all of them', () => {
    const findings = Array.from({ length: 25 }, (_, index) =>
      finding({ id: `CVE-2020-${index}`, admitted: '3.2–3.2.4' }),
    );
    const outcome = { ...assessed(findings), verdict: 'possiblyVulnerable' } as const;
    const range = { ...pinned('Django', '3.2'), version: null, specifier: '>=3.2' };
    const found = diagnosticsFor([{ requirement: range, state: { kind: 'settled', outcome } }], [], options);
    assert.equal(found.length, 11);
    assert.ok(found.every(({ severity }) => severity === 3));
    assert.match(text(found[0]), /^Django >=3\.2 allows 3\.2–3\.2\.4: CVE-2020-0 \(critical/u);
    assert.equal(text(found[10]), 'Django >=3.2 allows releases with 15 more known vulnerabilities.');
  });

  it('says as loud as of a pin that a range admits a malicious release', () => {
    const outcome = {
      ...assessed([finding({ severity: 'malicious', admitted: '1.82.7' })]),
      verdict: 'possiblyVulnerable',
    } as const;
    const range = { ...pinned('litellm', '1'), version: null, specifier: '>=1' };
    const [found] = diagnosticsFor([{ requirement: range, state: { kind: 'settled', outcome } }], [], options);
    assert.equal(found?.severity, 1);
    assert.match(text(found), /Exclude it; where it was installed, remove it/u);
  });

  it('draws one diagnostic for each finding and none for a clean pin', () => {
    const two = assessed([finding(), finding({ id: 'CVE-2021-45115' })]);
    assert.equal(diagnose({ kind: 'settled', outcome: two }).length, 2);
    assert.deepEqual(diagnose({ kind: 'settled', outcome: assessed([]) }), []);
  });

  it('maps severities as the contract says', () => {
    const drawn = (['malicious', 'critical', 'high', 'medium', 'unknown', 'low', 'none'] as const).map(
      (severity) => diagnose({ kind: 'settled', outcome: assessed([finding({ severity })]) })[0]?.severity,
    );
    assert.deepEqual(drawn, [1, 1, 1, 2, 2, 3, 3]);
  });

  it('hides what is below the minimum severity, but never malicious or unknown ones', () => {
    const findings = (['malicious', 'critical', 'high', 'medium', 'unknown', 'low', 'none'] as const).map((severity) =>
      finding({ severity, id: severity }),
    );
    const drawn = diagnose({ kind: 'settled', outcome: assessed(findings) }, { minimumSeverity: 'high' });
    assert.deepEqual(
      drawn.map((diagnostic) => diagnostic.code),
      ['malicious', 'critical', 'high', 'unknown'],
    );
  });

  it('never says upgrade for a malicious package', () => {
    const malicious = finding({ severity: 'malicious', id: 'MAL-2024-1', score: null, fixedVersions: ['2.0'] });
    const [diagnostic] = diagnose({ kind: 'settled', outcome: assessed([malicious]) });
    assert.match(text(diagnostic), /Remove it and rotate every secret/u);
    assert.doesNotMatch(text(diagnostic), /Fixed in/u);
  });

  it('marks what is not assessed only where the setting asks for it', () => {
    const outcome = { kind: 'skipped', reason: 'url', message: 'It is installed from a URL.' } as const;
    assert.deepEqual(diagnose({ kind: 'settled', outcome }), []);
    const diagnosticSeverity = { ...defaultSettings.diagnosticSeverity, notAssessed: 'hint' } as const;
    const drawn = diagnose({ kind: 'settled', outcome }, { diagnosticSeverity });
    assert.deepEqual(
      drawn.map(({ severity, code }) => [severity, code]),
      [[4, 'not-assessed']],
    );
    assert.match(text(drawn[0]), /^Django 3\.2\.0 was not assessed: It is installed from a URL\.$/u);
  });

  it('says that a pin could not be checked, and keeps what was known before', () => {
    const lastKnown = assessed([finding()], noon - 3 * 3_600_000);
    const drawn = diagnose({ kind: 'settled', outcome: failed({ lastKnown }) });
    assert.deepEqual(
      drawn.map((diagnostic) => diagnostic.code),
      ['CVE-2021-35042', 'could-not-check'],
    );
    assert.match(text(drawn[0]), /As of 3 h ago; could not be checked again/u);
    assert.match(text(drawn[1]), /Django 3\.2\.0 could not be checked: api\.osv\.dev did not answer/u);
  });

  it('does not let a clean answer from before look clean after a failure', () => {
    const drawn = diagnose({ kind: 'settled', outcome: failed({ lastKnown: assessed([]) }) });
    assert.deepEqual(
      drawn.map((diagnostic) => diagnostic.code),
      ['could-not-check'],
    );
  });

  it('keeps the findings of the version before while a new one is looked up, and says which they are for', () => {
    const drawn = diagnose({ kind: 'pending', before: { version: '3.1.0', outcome: assessed([finding()]) } });
    assert.equal(drawn.length, 1);
    assert.match(text(drawn[0]), /^Django 3\.1\.0: .*Found for 3\.1\.0; 3\.2\.0 is being checked/u);
  });

  it('says of what the local database told that it did, and how old its data are', () => {
    const local = { dataAgeSeconds: 5 * 3600, because: 'nobody there' };
    const [found] = diagnose({ kind: 'settled', outcome: { ...assessed([finding()]), local } });
    assert.match(text(found), /\(From the local advisory database, whose data are 5 hours old\.\)$/u);
  });

  it('makes hostile text harmless', () => {
    const hostile = finding({ summary: `a\u202Eb\u0007c\nd${'x'.repeat(5000)}` });
    const [diagnostic] = diagnose({ kind: 'settled', outcome: assessed([hostile]) });
    assert.doesNotMatch(text(diagnostic), /[\u202E\u0007\n]/u);
    assert.ok(text(diagnostic).length < 400);
  });
});
