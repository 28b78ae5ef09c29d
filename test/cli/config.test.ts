import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { FakeIo } from '../support/fakeIo.ts';

const vulnerable = {
  aliases: ['CVE-2021-35042'],
  summary: 'SQL injection',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
};

describe('the configuration of pinwatch scan', () => {
  let io: FakeIo;

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', vulnerable);
    io.disk.set('requirements.txt', 'django==3.2.0\n');
  });

  const scan = (...argv: string[]): Promise<number> => run(['scan', ...argv], io);

  it('is the nearest file at or above what is scanned', async () => {
    assert.equal(await scan('requirements.txt'), 1);
    io.disk.set('services/a/requirements.txt', 'django==3.2.0\n');
    io.disk.set('services/pinwatch.toml', 'fail-on = "none"\n');
    assert.equal(await scan('services/a/requirements.txt'), 0);
    assert.equal(await scan('services/a'), 0);
    assert.equal(await scan('requirements.txt'), 1);
  });

  it('may be a table of pyproject.toml', async () => {
    io.disk.set('pyproject.toml', '[project]\nname = "x"\n[[tool.pinwatch.ignore]]\nid = "CVE-2021-35042"\n');
    assert.equal(await scan('requirements.txt'), 0);
    assert.match(io.out, /Ignored/u);
  });

  it('yields to an option', async () => {
    io.disk.set('pinwatch.toml', 'fail-on = "none"\n');
    assert.equal(await scan('requirements.txt', '--fail-on', 'high'), 1);
  });

  it('may be named', async () => {
    io.disk.set('org/policy.toml', 'fail-on = "none"\n');
    io.disk.set('pinwatch.toml', 'fail-on = "any"\n');
    assert.equal(await scan('requirements.txt', '--config', 'org/policy.toml'), 0);
    assert.equal(await scan('requirements.txt', '--config', 'missing.toml'), 2);
    assert.match(io.err, /no configuration file "missing\.toml"/u);
  });

  it('keeps names private, also where a nearer file says nothing of them', async () => {
    io.disk.set('pinwatch.toml', '[privacy]\nprivate-packages = ["acme-*"]\n');
    io.disk.set('a/pinwatch.toml', 'fail-on = "any"\n');
    io.disk.set('a/requirements.txt', 'acme-core==1.0\ndjango==4.0\n');
    await scan('a', '--format', 'json');
    const report = JSON.parse(io.out) as { files: { requirements: { name: string; reason: string | null }[] }[] };
    assert.match(report.files[0]?.requirements[0]?.reason ?? '', /private/u);
    assert.equal(JSON.stringify([io.source.queried, io.source.packages]).includes('acme'), false);
  });

  it('that has mistakes is exit code 2, each with its line', async () => {
    io.disk.set('pinwatch.toml', 'fail-on = "high"\n[policy]\nyankd = "error"\nyanked = 3\n');
    assert.equal(await scan('requirements.txt'), 2);
    assert.match(io.err, /pinwatch\.toml:3:\d+: There is no key "yankd"/u);
    assert.match(io.err, /pinwatch\.toml:4:\d+: policy\.yanked should be one of off, warning, error/u);
    assert.equal(io.out, '');
  });

  it('is explained by "pinwatch config"', async () => {
    io.disk.set('pinwatch.toml', 'fail-on = "high"\n');
    assert.equal(await run(['config', 'requirements.txt'], io), 0);
    assert.match(io.out, /^fail-on +"high" {2}\(pinwatch\.toml\)$/mu);
    assert.match(io.out, /^max-data-age +7 {2}\(the default\)$/mu);
    io.out = '';
    assert.equal(await run(['config', 'requirements.txt', '--format', 'json'], io), 0);
    const { file, values } = JSON.parse(io.out) as { file: string; values: { key: string; value: unknown }[] };
    assert.equal(file, 'pinwatch.toml');
    assert.equal(values.find(({ key }) => key === 'fail-on')?.value, 'high');
  });

  it('is explained with the options that win over it, and with their mistakes', async () => {
    io.disk.set('pinwatch.toml', 'fail-on = "high"\nmax-data-age = 3\n');
    assert.equal(await run(['config', 'requirements.txt', '--fail-on', 'low', '--exclude', 'a/**'], io), 0);
    assert.match(io.out, /^fail-on +"low" {2}\(--fail-on\)$/mu);
    assert.match(io.out, /^exclude +\["a\/\*\*"\] {2}\(--exclude\)$/mu);
    assert.match(io.out, /^max-data-age +3 {2}\(pinwatch\.toml\)$/mu);
    assert.equal(await run(['config', 'requirements.txt', '--fail-on', 'hihg'], io), 2);
  });

  it('says nothing where it says nothing', async () => {
    io.disk.set('pinwatch.toml', '[policy.packages]\n[policy.licenses]\n[fix]\n');
    assert.equal(await run(['config', 'requirements.txt'], io), 0);
    assert.match(io.out, /^policy\.packages +\{\} {2}\(the default\)$/mu);
    assert.match(io.out, /^fix\.allow-major +not set {2}\(the default\)$/mu);
  });

  it('is begun by "pinwatch init", never over one that is there', async () => {
    assert.equal(await run(['init'], io), 2); // the folder of the fake disk is none
    io.disk.set('a/requirements.txt', '');
    assert.equal(await run(['init', 'a'], io), 0);
    assert.match(io.written.get('a/pinwatch.toml') ?? '', /fail-on/u);
    io.disk.set('a/pinwatch.toml', '');
    assert.equal(await run(['init', 'a'], io), 2);
  });
});
