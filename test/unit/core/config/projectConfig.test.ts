import assert from 'node:assert/strict';
import { decodeConfig, type ProjectConfig } from '../../../../server/src/core/config/projectConfig.ts';
import { starterConfig } from '../../../../server/src/core/config/starterConfig.ts';
import { parseToml } from '../../../../server/src/core/text/toml/parseToml.ts';

const decode = (text: string, isPyproject = false): ProjectConfig | undefined =>
  decodeConfig('pinwatch.toml', isPyproject, text, parseToml(text));
const remarks = (text: string): readonly string[] =>
  decode(text)?.problems.map(({ range, code }) => `${range.start.line + 1} ${code}`) ?? [];

describe('the configuration of a project', () => {
  it('says what holds', () => {
    const config = decode(`
fail-on = "high"
include = ["deploy/*.pip"]
exclude = ["tests/**"]
max-data-age = 3
[[ignore]]
id = "CVE-2021-35042"
package = "Django"
reason = "not reached"
until = 2027-01-31
[[ignore]]
package = "urllib3"
[privacy]
private-packages = ["acme-*"]
[policy]
yanked = "error"
archived = "warning"
[policy.packages]
allow = ["django >=4", { package = "requests", level = "warning" }]
deny = [{ package = "pycrypto", reason = "unmaintained" }]
[policy.licenses]
allow = ["MIT", "BSD-3-Clause OR Apache-2.0"]
except = ["acme-*"]
level = "error"
[fix]
minimum-release-age-days = 7
allow-major = false
`);
    assert.deepEqual(config?.problems, []);
    assert.equal(config.failOn, 'high');
    assert.equal(config.maxDataAgeDays, 3);
    assert.deepEqual(
      config.ignores.ignores.map(({ id, package: name, reason, until }) => [id, name, reason, until?.text]),
      [
        ['CVE-2021-35042', 'django', 'not reached', '2027-01-31'],
        [undefined, 'urllib3', '', undefined],
      ],
    );
    assert.deepEqual(config.privatePackages, ['acme-*']);
    assert.deepEqual([config.yanked, config.archived, config.quarantined], ['error', 'warning', undefined]);
    assert.deepEqual(config.packages, {
      allow: [
        { package: 'django', versions: '>=4' },
        { package: 'requests', level: 'warning' },
      ],
      deny: [{ package: 'pycrypto', reason: 'unmaintained' }],
    });
    assert.deepEqual(config.licences?.allow, ['MIT', 'BSD-3-Clause', 'Apache-2.0']);
    assert.deepEqual([config.minimumReleaseAgeDays, config.allowMajor], [7, false]);
  });

  it('is a table of its own in pyproject.toml, which may have none', () => {
    assert.equal(decode('[tool.other]\nx = 1\n', true), undefined);
    assert.equal(decode('[tool.other\n', true), undefined);
    const config = decode('[project]\nname = "x"\n[tool.pinwatch]\nfail-on = "low"\nfial = 1\n', true);
    assert.equal(config?.failOn, 'low');
    assert.deepEqual(
      config.problems.map(({ range }) => range.start.line),
      [4],
    );
  });

  it('has unknown keys and bad values as problems at their own line', () => {
    assert.deepEqual(remarks('failon = "high"\n'), ['1 config.unknown-key']);
    assert.deepEqual(remarks('fail-on = "hihg"\n'), ['1 config.invalid']);
    assert.deepEqual(remarks('\n[[ignore]]\nid = "CVE-1"\nuntil = "next year"\n'), ['4 config.invalid']);
    assert.deepEqual(remarks('[[ignore]]\nreason = "x"\n'), ['1 config.invalid']);
    assert.deepEqual(remarks('[policy.licenses]\nallow = [\n "MIT",\n "Apache-2",\n]\n'), ['4 config.invalid']);
    assert.deepEqual(remarks('[policy.packages]\ndeny = ["urllib3 <<2"]\n'), ['2 config.invalid']);
    assert.deepEqual(remarks('[policy]\nyanked = true\n'), ['2 config.invalid']);
    assert.deepEqual(remarks('[osv]\nurl = "https://example.org"\n'), ['1 config.unknown-key']);
    assert.deepEqual(remarks('fail-on = \n'), ['1 config.unreadable']);
  });

  it('names the id that was meant', () => {
    const message = decode('[policy.licenses]\nallow = ["Apache-2"]\n')?.problems[0]?.message ?? '';
    assert.match(message, /"Apache-2" is no id of the SPDX licence list/u);
    assert.match(decode('[policy.licenses]\nallow = ["MTI"]\n')?.problems[0]?.message ?? '', /no id of the SPDX/u);
    assert.match(decode('[policy.licenses]\nallow = ["apache2.0x"]\n')?.problems[0]?.message ?? '', /Apache-2\.0\?/u);
  });

  it('hides what is private where that cannot be read', () => {
    assert.equal(decode('[privacy]\nprivate-package = ["acme"]\n')?.hidesPrivacy, true);
    assert.equal(decode('[privacy]\nprivate-packages = "acme"\n')?.hidesPrivacy, true);
    assert.equal(decode('[privcy]\nprivate-packages = ["acme"]\n')?.hidesPrivacy, true);
    assert.equal(decode('[policy]\nyanked = 1\n')?.hidesPrivacy, false);
  });

  it('starts from a file whose keys are all comments that hold once they are none', () => {
    assert.deepEqual(decode(starterConfig)?.problems, []);
    const inForce = starterConfig.replace(/^# (?=[a-z-]+ = |\[\[)/gmu, '');
    const config = decode(inForce);
    assert.deepEqual(config?.problems, []);
    assert.equal(config.packages?.deny?.length, 2);
    assert.equal(config.ignores.ignores.length, 1);
  });
});
