import assert from 'node:assert/strict';
import type { IgnoreList } from '../../../../server/src/core/ignores/ignore.ts';
import { ignoresFromSettings } from '../../../../server/src/core/ignores/ignoresFromSettings.ts';
import { decodeOsvScannerToml } from '../../../../server/src/core/ignores/osvScannerToml.ts';
import { untilOf } from '../../../../server/src/core/ignores/until.ts';
import { decodeUvAudit } from '../../../../server/src/core/ignores/uvAudit.ts';
import { parseToml } from '../../../../server/src/core/text/toml/parseToml.ts';

const osv = (text: string): IgnoreList => decodeOsvScannerToml('osv-scanner.toml', text, parseToml(text));
const uv = (text: string): IgnoreList | undefined => decodeUvAudit('pyproject.toml', text, parseToml(text));
const problems = (list: IgnoreList | undefined): readonly string[] =>
  (list?.problems ?? []).map(({ code, range }) => `${code} at ${range.start.line + 1}:${range.start.character + 1}`);

describe('osv-scanner.toml', () => {
  it('ignores by id, with a reason and a day', () => {
    const { ignores, problems: none } = osv(
      '[[IgnoredVulns]]\nid = "GHSA-1"\nignoreUntil = 2027-01-31\nreason = "not\\nreached"\n\n[[IgnoredVulns]]\nid = "CVE-2"\n',
    );
    assert.deepEqual(none, []);
    assert.deepEqual(
      ignores.map(({ id, reason, until, range }) => [id, reason, until?.text, range?.start.line]),
      [
        ['GHSA-1', 'not reached', '2027-01-31', 1],
        ['CVE-2', '', undefined, 6],
      ],
    );
    assert.equal(ignores[0]?.until?.endsAtMs, Date.UTC(2027, 0, 31));
  });

  it('takes a day in quotes and an instant', () => {
    const until = (value: string) =>
      osv(`[[IgnoredVulns]]\nid="A"\nignoreUntil=${value}\n`).ignores[0]?.until?.endsAtMs;
    assert.equal(until('"2027-01-31"'), Date.UTC(2027, 0, 31));
    assert.equal(until('2027-01-31T10:00:00+02:00'), Date.UTC(2027, 0, 31, 8));
    assert.equal(until('2027-01-31T10:00:00'), Date.UTC(2027, 0, 31, 10));
  });

  it('ignores packages of PyPI by override, with a version where one is given', () => {
    const { ignores, problems: none } = osv(
      [
        '[[PackageOverrides]]\nname = "Foo_Bar"\nversion = "1.0"\necosystem = "PyPI"\nignore = true\nreason = "ours"',
        '[[PackageOverrides]]\nname = "other"\neffectiveUntil = 2027-01-31\nvulnerability.ignore = true',
        '[[PackageOverrides]]\nname = "left-pad"\necosystem = "npm"\nignore = true',
        '[[PackageOverrides]]\nname = "licensed"\nlicense.override = ["MIT"]',
      ].join('\n'),
    );
    assert.deepEqual(none, []);
    assert.deepEqual(
      ignores.map(({ id, package: name, version, until }) => [id, name, version, until?.text]),
      [
        [undefined, 'foo-bar', '1.0', undefined],
        [undefined, 'other', undefined, '2027-01-31'],
      ],
    );
  });

  it('reads names that are simple expressions, and refuses others', () => {
    const one = osv('[[PackageOverrides]]\nname = "req-[a-z]+"\nnameIsRegex = true\nignore = true\n');
    const [ignore] = one.ignores;
    assert.deepEqual(
      ['req-x', 'req-', 'my-req-x', 'req-1'].map((name) => ignore?.fitsPackage?.(name)),
      [true, false, false, false],
    );
    const other = osv('[[PackageOverrides]]\nname = "(a+)+b"\nnameIsRegex = true\nignore = true\n');
    assert.deepEqual([other.ignores, problems(other)], [[], ['ignore.invalid at 2:8']]);
  });

  it('reads what is to be taken for the licence of a package', () => {
    const { licences = [], problems: none } = osv(
      '[[PackageOverrides]]\nname = "a"\nlicense.override = ["MIT", "ISC"]\n[[PackageOverrides]]\nname = "b"\nlicense.ignore = true\n',
    );
    assert.deepEqual(none, []);
    assert.deepEqual(
      licences.map(({ fits, expression }) => [fits('a', '1'), fits('b', '1'), expression]),
      [
        [true, false, 'MIT AND ISC'],
        [false, true, undefined],
      ],
    );
  });

  it('says which keys do nothing here', () => {
    assert.deepEqual(problems(osv('GoVersionOverride = "1.20"\n')), ['ignore.unsupported at 1:21']);
  });

  it('lets an entry that cannot be read ignore nothing, and says so at its line', () => {
    for (const [text, expected] of [
      ['[[IgnoredVulns]]\nreason = "x"\n', 'ignore.invalid at 1:1'],
      ['[[IgnoredVulns]]\nid = ""\n', 'ignore.invalid at 2:6'],
      ['[[IgnoredVulns]]\nid = "A"\nignoreUntil = "soon"\n', 'ignore.invalid at 3:15'],
      ['[[IgnoredVulns]]\nid = "A"\nignoreUntil = "2027-02-31"\n', 'ignore.invalid at 3:15'],
      ['[[IgnoredVulns]]\nid = "A"\nignoreUntil = true\n', 'ignore.invalid at 3:15'],
      ['[[PackageOverrides]]\necosystem = "PyPI"\nignore = true\n', 'ignore.invalid at 1:1'],
      ['[[PackageOverrides]]\nname = "a"\ngroup = 3\nignore = true\n', 'ignore.invalid at 3:9'],
      ['[[PackageOverrides]]\nname = "a"\nversion = "x y"\nignore = true\n', 'ignore.invalid at 3:11'],
      ['IgnoredVulns = ["A"]\n', 'ignore.invalid at 1:17'],
    ] as const) {
      const list = osv(text);
      assert.deepEqual([list.ignores, problems(list)], [[], [expected]], text);
    }
  });

  it('names keys that do nothing, and still takes the rest of the entry', () => {
    const list = osv('[[IgnoredVulns]]\nid = "A"\nignoreUntill = 2027-01-31\n[[IgnoreVulns]]\nid = "B"\n');
    assert.deepEqual(problems(list), ['ignore.unknown-key at 4:1', 'ignore.unknown-key at 3:16']);
    assert.deepEqual(
      list.ignores.map(({ id }) => id),
      ['A'],
    );
  });

  it('ignores nothing where it is no TOML, and says where that begins, without quoting the file', () => {
    const list = osv('[[IgnoredVulns]]\nid = "A"\n[[IgnoredVulns]\nid = "secret"\n');
    assert.ok(list.isBroken);
    assert.deepEqual(list.ignores, []);
    assert.match(list.problems[0]?.message ?? '', /osv-scanner\.toml is not valid TOML \(line 3: .+\)\. Nothing/u);
    assert.ok(!list.problems[0]?.message.includes('secret'));
    assert.equal(list.problems[0]?.range.start.line, 2);
    assert.ok(osv('IgnoredVulns = "A"\n').isBroken);
  });
});

describe('[tool.uv.audit]', () => {
  it('ignores for good, or until there is a fix', () => {
    const list = uv('[tool.uv.audit]\nignore = ["A"]\nignore-until-fixed = [\n  "B",\n  3,\n]\n');
    assert.deepEqual(
      list?.ignores.map(({ id, onlyWhileUnfixed, range }) => [id, onlyWhileUnfixed, range?.start.line]),
      [
        ['A', false, 1],
        ['B', true, 3],
      ],
    );
    assert.deepEqual(problems(list), ['ignore.invalid at 5:3']);
  });

  it('is no list where the file has none; a broken file counts where it speaks of the audit', () => {
    assert.equal(uv('[project]\nname = "a"\n'), undefined);
    assert.equal(uv('{{ template }}'), undefined);
    assert.ok(uv('[tool.uv.audit]\nignore = [')?.isBroken);
  });
});

describe('the setting "ignore"', () => {
  it('becomes a list like those of files; a day that does not exist ignores nothing', () => {
    const { ignores } = ignoresFromSettings([
      { id: 'A', package: 'Foo_Bar', reason: 'r', until: '2027-01-31' },
      { id: 'B', reason: 'r', until: '2027-02-31' },
    ]);
    assert.deepEqual(
      ignores.map(({ id, package: name, until }) => [id, name, until]),
      [['A', 'foo-bar', untilOf('2027-01-31')]],
    );
  });
});
