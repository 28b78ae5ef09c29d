import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeIo } from '../support/fakeIo.ts';

const vulnerable = {
  aliases: ['CVE-2021-35042'],
  summary: 'SQL injection',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
};
const ignore = (id: string, more = ''): string => `[[IgnoredVulns]]\nid = "${id}"\nreason = "not reached"\n${more}`;

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly requirements: readonly {
      readonly verdict: string;
      readonly findings: readonly { readonly id: string; readonly ignored: object | null }[];
    }[];
    readonly problems: readonly { readonly line: number; readonly code: string }[];
  }[];
  readonly summary: Readonly<Record<string, number>>;
}

describe('ignores of pinwatch scan', () => {
  let io: FakeIo;

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', vulnerable);
    io.disk.set('requirements.txt', 'django==3.2.0\n');
  });

  const scan = (...argv: string[]): Promise<number> => run(['scan', ...argv], io);
  const json = async (...argv: string[]): Promise<{ readonly code: number; readonly report: Report }> => {
    io.out = '';
    const code = await scan(...argv, '--format', 'json');
    return { code, report: JSON.parse(io.out) as Report };
  };

  it('mark the finding, count it, and keep it from the exit code', async () => {
    io.disk.set('osv-scanner.toml', ignore('PYSEC-2021-109', 'ignoreUntil = 2027-01-31\n'));
    const { code, report } = await json('requirements.txt');
    assert.equal(code, 0);
    const [django] = report.files[0]?.requirements ?? [];
    assert.equal(django?.verdict, 'vulnerable');
    assert.deepEqual(django.findings[0]?.ignored, { reason: 'not reached', until: '2027-01-31' });
    assert.deepEqual([report.summary.vulnerable, report.summary.findings, report.summary.ignored], [1, 1, 1]);
    assert.equal(report.files.length, 1);
    io.out = '';
    assert.equal(await scan('requirements.txt', '--fail-on', 'low'), 0);
    assert.match(io.out, /CVE-2021-35042 .* Ignored until 2027-01-31: not reached\./u);
    assert.match(io.out, /1 vulnerable \(1 finding, 1 of them ignored\)/u);
  });

  it('end, and are then reported with file and line', async () => {
    io.disk.set('osv-scanner.toml', `# ours\n${ignore('CVE-2021-35042', 'ignoreUntil = 2026-11-20\n')}`);
    const { code, report } = await json('requirements.txt');
    assert.equal(code, 1);
    assert.equal(report.files[0]?.requirements[0]?.findings[0]?.ignored, null);
    assert.deepEqual(
      report.files.slice(1).map(({ path, problems }) => [path, problems.map(({ code: what, line }) => [what, line])]),
      [['osv-scanner.toml', [['ignore.expired', 3]]]],
    );
    assert.equal(report.summary.files, 1);
    assert.match(io.err, /osv-scanner\.toml:3: The ignore of CVE-2021-35042 ended on 2026-11-20/u);
  });

  it('that match nothing are reported, and change no exit code', async () => {
    io.disk.set('osv-scanner.toml', ignore('CVE-2000-1'));
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    assert.equal(await scan('requirements.txt'), 0);
    assert.match(io.out, /osv-scanner\.toml:2:6: The ignore of CVE-2000-1 matched no finding of the files scanned\./u);
    assert.equal(io.err, '');
  });

  it('are those of the nearest file above, as far as what was named', async () => {
    io.disk.clear();
    io.disk.set('osv-scanner.toml', ignore('CVE-2021-35042'));
    io.disk.set('app/sub/requirements.txt', 'django==3.2.0\n');
    io.disk.set('lib/osv-scanner.toml', ignore('CVE-2000-1'));
    io.disk.set('lib/requirements.txt', 'django==3.2.0\n');
    assert.equal(await scan('app/sub/requirements.txt'), 0);
    assert.equal(await scan('lib/requirements.txt'), 1);
    io.disk.set('/elsewhere/osv-scanner.toml', ignore('CVE-2021-35042'));
    io.disk.set('/elsewhere/r/requirements.txt', 'django==3.2.0\n');
    io.discover = () => Promise.resolve({ paths: ['/elsewhere/r/requirements.txt'], unread: [], skipped: [] });
    assert.equal(await scan('/elsewhere'), 0);
    assert.equal(await scan('/elsewhere/r/requirements.txt'), 1);
  });

  for (const key of ['ignore', 'ignore-until-fixed']) {
    it(`of uv hold by "${key}"`, async () => {
      io.disk.set('pyproject.toml', `[tool.uv.audit]\n${key} = ["CVE-2021-35042"]\n`);
      assert.equal(await scan('requirements.txt'), 0);
    });
  }

  it('leave what could not be checked as incomplete', async () => {
    io.disk.set('osv-scanner.toml', ignore('CVE-2021-35042'));
    io.disk.set('requirements.txt', 'django==3.2.0\nsix==1.16.0\n');
    io.source.failingPins.set('six==1.16.0', new LookupError('timeout', 'too slow'));
    assert.equal(await scan('requirements.txt'), 3);
  });

  it('come from --ignore-file alone where it is given', async () => {
    io.disk.set('osv-scanner.toml', ignore('CVE-2021-35042'));
    io.disk.set('ci/ignores.toml', ignore('CVE-2000-1'));
    const { code, report } = await json('requirements.txt', '--ignore-file', 'ci/ignores.toml');
    assert.equal(code, 1);
    assert.deepEqual(report.files[1]?.path, 'ci/ignores.toml');
  });

  it('are a mistake in the call where --ignore-file cannot be used, and nothing is asked then', async () => {
    io.disk.set('bad.toml', '[[IgnoredVulns]]\nid = \n');
    assert.equal(await scan('requirements.txt', '--ignore-file', 'bad.toml'), 2);
    assert.match(io.err, /bad\.toml is not valid TOML \(line 2: /u);
    assert.equal(await scan('requirements.txt', '--ignore-file', 'none.toml'), 2);
    assert.match(io.err, /there is no ignore file "none\.toml"/u);
    assert.equal(io.engines.length, 0);
  });

  it('ignore nothing where their file is broken, and say so', async () => {
    io.disk.set('osv-scanner.toml', `${ignore('CVE-2021-35042')}[[\n`);
    const { code, report } = await json('requirements.txt');
    assert.equal(code, 1);
    assert.deepEqual(
      report.files[1]?.problems.map(({ code: what, line }) => [what, line]),
      [['ignore.unreadable', 4]],
    );
    assert.match(io.err, /osv-scanner\.toml is not valid TOML \(line 4: .*Nothing is ignored by it/u);
  });

  it('hold for a malicious package by its own id only, which is then still shown', async () => {
    io.source.add('evil==1.0', 'MAL-2024-1', { aliases: ['GHSA-evil'], summary: 'Steals secrets' });
    io.disk.set('requirements.txt', 'evil==1.0\n');
    io.disk.set('osv-scanner.toml', ignore('GHSA-evil'));
    assert.equal(await scan('requirements.txt', '--fail-on', 'critical'), 1);
    assert.match(io.out, /GHSA-evil does not ignore MAL-2024-1/u);
    const own = new FakeIo();
    own.source.add('evil==1.0', 'MAL-2024-1', { aliases: ['GHSA-evil'], summary: 'Steals secrets' });
    own.disk.set('requirements.txt', 'evil==1.0\n');
    own.disk.set('osv-scanner.toml', ignore('MAL-2024-1'));
    assert.equal(await run(['scan', 'requirements.txt', '--format', 'github'], own), 0);
    assert.match(own.out, /^::warning .*title=MAL-2024-1::.*Ignored: not reached\./mu);
  });

  it('come from OpenVEX documents, with their justification; the last statement counts', async () => {
    const statement = (status: string, more: object = {}): object => ({
      vulnerability: { name: 'CVE-2021-35042' },
      products: [{ '@id': 'pkg:pypi/django@3.2.0' }],
      status,
      ...more,
    });
    const vex = (...statements: readonly object[]): void =>
      void io.disk.set('vex.json', JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', statements }));
    vex(statement('not_affected', { justification: 'vulnerable_code_not_present' }));
    const { code, report } = await json('requirements.txt', '--vex', 'vex.json');
    assert.equal(code, 0);
    assert.deepEqual(report.files[0]?.requirements[0]?.findings[0]?.ignored, {
      reason: 'vulnerable_code_not_present',
      until: null,
    });
    vex(statement('not_affected'), statement('affected'));
    assert.equal((await json('requirements.txt', '--vex', 'vex.json')).code, 1);
    vex(statement('fixed', { products: [{ '@id': 'pkg:pypi/django@3.2.1' }] }));
    assert.equal((await json('requirements.txt', '--vex', 'vex.json')).code, 1, 'another version');
    vex(statement('not_affected', { products: [{ '@id': 'pkg:oci/image' }] }));
    assert.equal((await json('requirements.txt', '--vex', 'vex.json')).code, 0);
    io.disk.set('vex.json', '{}');
    assert.equal(await scan('requirements.txt', '--vex', 'vex.json'), 2);
    assert.equal(await scan('requirements.txt', '--vex', 'missing.json'), 2);
  });
});
