import type { FileReport } from '../../../../server/src/core/assessment/fileReport.ts';
import assert from 'node:assert/strict';
import type { Finding } from '../../../../server/src/core/assessment/finding.ts';
import type { Outcome } from '../../../../server/src/core/assessment/outcome.ts';
import { applyIgnores } from '../../../../server/src/core/ignores/applyIgnores.ts';
import { decodeOsvScannerToml } from '../../../../server/src/core/ignores/osvScannerToml.ts';
import { decodeUvAudit } from '../../../../server/src/core/ignores/uvAudit.ts';
import { summarize } from '../../../../server/src/core/report/scanReport.ts';
import { parseToml } from '../../../../server/src/core/text/toml/parseToml.ts';
import { assessed, failed, finding, noon, pinned } from '../../../support/builders.ts';

const file = (outcome: Outcome, name = 'django', version = '3.2.0'): FileReport => ({
  path: 'requirements.txt',
  requirements: [{ ...pinned(name, version), outcome }],
  problems: [],
});

function apply(toml: string, report: FileReport | readonly FileReport[]) {
  const list = toml.includes('uv.audit')
    ? decodeUvAudit('pyproject.toml', toml, parseToml(toml))
    : decodeOsvScannerToml('osv-scanner.toml', toml, parseToml(toml));
  const lists = list === undefined ? [] : [list];
  const applied = applyIgnores(
    [report].flat().map((one) => ({ file: one, lists })),
    noon,
  );
  const findings = applied.files.flatMap(({ requirements }) =>
    requirements.flatMap(({ outcome }) => (outcome.kind === 'assessed' ? outcome.findings : [])),
  );
  return {
    ...applied,
    ignored: findings.map((one) => one.ignored),
    ended: findings.map((one) => one.ignoreEnded),
    remarks: applied.ignoreFiles.flatMap(({ problems }) =>
      problems.map(({ code, message, range }) => ({ code, message, line: range.start.line + 1 })),
    ),
  };
}

const byId = (id: string, more = ''): string => `[[IgnoredVulns]]\nid = "${id}"\nreason = "why"\n${more}`;

describe('ignores', () => {
  for (const id of ['CVE-2021-35042', 'GHSA-xpfp-f569-q3p2', 'PYSEC-2021-109']) {
    it(`hold by any id of the finding: ${id}`, () => {
      const { ignored, remarks, files } = apply(byId(id), file(assessed([finding()])));
      assert.deepEqual(ignored, [{ reason: 'why', until: null }]);
      assert.deepEqual(remarks, []);
      const { vulnerable, findings, ignored: count } = summarize(files);
      assert.deepEqual([vulnerable, findings, count], [1, 1, 1]);
    });
  }

  it('hold for a group: a part of a manifest, or a requirements file by its name', () => {
    const override = (more: string): string => `[[PackageOverrides]]\necosystem = "PyPI"\nignore = true\n${more}`;
    const of = (path: string, scope?: string): FileReport => {
      const [one] = file(assessed([finding()])).requirements;
      assert.ok(one !== undefined);
      return { path, requirements: [scope === undefined ? one : Object.assign({}, one, { scope })], problems: [] };
    };
    const isIgnored = (toml: string, report: FileReport): boolean => apply(toml, report).ignored[0] !== undefined;
    for (const dev of [override('name = "django"\ngroup = "dev"\n'), override('group = "dev"\n')]) {
      assert.equal(isIgnored(dev, of('a/dev.txt')), true);
      assert.equal(isIgnored(dev, of('dev/requirements.txt')), false);
      assert.equal(isIgnored(dev, of('pyproject.toml', 'group:dev')), true);
      assert.equal(isIgnored(dev, of('pyproject.toml', 'dependencies')), false);
      assert.equal(isIgnored(dev, of('dev.toml', 'dependencies')), false);
    }
    const other = override('name = "flask"\ngroup = "dev"\n');
    assert.equal(isIgnored(other, of('dev.txt')), false);
    const [remark] = apply(override('group = "docs"\n'), of('dev.txt')).remarks;
    assert.match(remark?.message ?? '', /the group docs matched no finding/u);
    assert.deepEqual([remark?.code, remark?.line], ['ignore.unused', 4]);
  });

  it('change nothing but the mark', () => {
    const before = file(assessed([finding(), finding({ id: 'CVE-2', aliases: [], records: [] })]));
    const { files } = apply(byId('CVE-2021-35042'), before);
    const outcome = files[0]?.requirements[0]?.outcome;
    assert.ok(outcome?.kind === 'assessed');
    assert.equal(outcome.verdict, 'vulnerable');
    assert.deepEqual(
      outcome.findings.map(({ id, ignored }) => [id, ignored !== undefined]),
      [
        ['CVE-2021-35042', true],
        ['CVE-2', false],
      ],
    );
    assert.ok(before.requirements[0]?.outcome.kind === 'assessed');
    assert.equal(before.requirements[0].outcome.findings[0]?.ignored, undefined);
  });

  it('end with the day before theirs, and say so at their line', () => {
    const report = file(assessed([finding()]));
    assert.deepEqual(apply(byId('CVE-2021-35042', 'ignoreUntil = 2026-11-22\n'), report).ignored, [
      { reason: 'why', until: '2026-11-22' },
    ]);
    const { ignored, ended, remarks } = apply(byId('CVE-2021-35042', 'ignoreUntil = 2026-11-21\n'), report);
    assert.deepEqual(ignored, [undefined]);
    assert.deepEqual(
      remarks.map(({ code, line }) => [code, line]),
      [['ignore.expired', 2]],
    );
    assert.match(remarks[0]?.message ?? '', /CVE-2021-35042 ended on 2026-11-21/u);
    assert.deepEqual(ended, ['2026-11-21']);
  });

  it('have ended at the very instant', () => {
    const toml = byId('CVE-2021-35042', 'ignoreUntil = 2026-11-21T12:00:00Z\n');
    assert.equal(noon, Date.UTC(2026, 10, 21, 12));
    const { ignored, remarks } = apply(toml, file(assessed([finding()])));
    assert.deepEqual([ignored, remarks[0]?.code], [[undefined], 'ignore.expired']);
  });

  it('are reported where they match nothing in any file that they are for', () => {
    const clean = file(assessed([]));
    const { remarks } = apply(byId('CVE-1') + byId('CVE-2021-35042'), [clean, file(assessed([finding()]))]);
    assert.deepEqual(
      remarks.map(({ code, line }) => [code, line]),
      [['ignore.unused', 2]],
    );
  });

  it('are not called unused while something could not be checked', () => {
    assert.deepEqual(apply(byId('CVE-1'), file(failed())).remarks, []);
    const override = '[[PackageOverrides]]\nname = "six"\nignore = true\n';
    assert.equal(apply(override, file(failed(), 'django')).remarks.length, 1);
    assert.equal(apply(override, file(failed(), 'six')).remarks.length, 0);
  });

  it('by package hold for its version only, where one is given', () => {
    const override = (version: string) =>
      `[[PackageOverrides]]\nname = "Django"\nversion = "${version}"\nignore = true\n`;
    const report = file(assessed([finding()]));
    assert.deepEqual(apply(override('3.2'), report).ignored, [{ reason: '', until: null }]);
    assert.deepEqual(apply(override('3.2.1'), report).ignored, [undefined]);
  });

  describe('until there is a fix', () => {
    const toml = '[tool.uv.audit]\nignore-until-fixed = ["CVE-2021-35042"]\n';
    const apart = (changes: Partial<Finding>) => apply(toml, file(assessed([finding(changes)])));

    it('hold while no fixed version is known', () => {
      assert.deepEqual(apart({ fixedVersions: [] }).ignored, [{ reason: '', until: null }]);
    });

    it('end with the first fix, and name it', () => {
      const { ignored, remarks } = apart({ fixedVersions: ['3.2.5'] });
      assert.deepEqual(ignored, [undefined]);
      assert.deepEqual([remarks[0]?.code, remarks[0]?.line], ['ignore.expired', 2]);
      assert.match(remarks[0]?.message ?? '', /fixed in 3\.2\.5/u);
    });

    it('do not hold while the details are missing: there may be a fix', () => {
      const { ignored, remarks } = apart({ fixedVersions: [], missingDetails: ['PYSEC-2021-109'] });
      assert.deepEqual([ignored, remarks], [[undefined], []]);
    });
  });

  describe('of malicious packages', () => {
    const malware = finding({
      id: 'MAL-2024-1',
      aliases: ['GHSA-evil', 'CVE-9'],
      records: ['GHSA-evil', 'MAL-2024-1', 'MAL-2024-2'],
      severity: 'malicious',
    });

    for (const [id, holds] of [
      ['MAL-2024-1', true],
      ['MAL-2024-2', true],
      ['GHSA-evil', false],
      ['CVE-9', false],
    ] as const) {
      it(`${holds ? 'hold' : 'do not hold'} by ${id}`, () => {
        const { ignored, remarks } = apply(byId(id), file(assessed([malware])));
        assert.equal(ignored[0] !== undefined, holds);
        assert.equal(remarks.length, holds ? 0 : 1);
      });
    }

    it('do not hold by package', () => {
      const { ignored, remarks } = apply(
        '[[PackageOverrides]]\nname = "django"\nignore = true\n',
        file(assessed([malware])),
      );
      assert.deepEqual(ignored, [undefined]);
      assert.match(remarks[0]?.message ?? '', /django does not ignore MAL-2024-1/u);
    });
  });
});
