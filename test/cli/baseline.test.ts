import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { FakeIo } from '../support/fakeIo.ts';

const vulnerable = {
  aliases: ['CVE-2021-35042'],
  summary: 'SQL injection',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
};

describe('a baseline of pinwatch scan', () => {
  let io: FakeIo;

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', vulnerable);
    io.source.add('django==3.2.1', 'PYSEC-2021-109', vulnerable);
    io.source.add('jinja2==2.0', 'PYSEC-9', { aliases: ['CVE-9'] });
    io.disk.set('requirements.txt', 'django==3.2.0\n');
  });

  const scan = (...argv: string[]): Promise<number> => {
    io.out = '';
    return run(['scan', 'requirements.txt', '--format', 'json', ...argv], io);
  };
  const saveBaseline = async (): Promise<void> => {
    await scan();
    io.disk.set('base.json', io.out);
  };

  it('keeps what it has from the exit code, wherever the line is now', async () => {
    await saveBaseline();
    io.disk.set('requirements.txt', '# moved\ndjango==3.2.1\n');
    assert.equal(await scan('--baseline', 'base.json'), 0);
    const report = JSON.parse(io.out) as {
      headline: string;
      summary: { known: number; findings: number };
      files: { requirements: { findings: { known?: boolean }[] }[] }[];
    };
    assert.equal(report.files[0]?.requirements[0]?.findings[0]?.known, true);
    assert.deepEqual([report.summary.known, report.summary.findings], [1, 1]);
    assert.match(report.headline, /^only known findings/u);
  });

  it('counts what is new', async () => {
    await saveBaseline();
    io.disk.set('requirements.txt', 'django==3.2.0\njinja2==2.0\n');
    assert.equal(await scan('--baseline', 'base.json'), 1);
    assert.equal(await scan('--baseline', 'base.json', '--fail-on', 'critical'), 1);
    io.disk.set('other.txt', 'django==3.2.0\n');
    io.out = '';
    assert.equal(await run(['scan', 'other.txt', '--baseline', 'base.json'], io), 1, 'another file is news');
  });

  it('knows a file of another checkout by its path below the root of the repository', async () => {
    const roots = ['/base', '/present'];
    io.repositoryOf = (path) => Promise.resolve(roots.find((root) => path.startsWith(root)));
    io.disk.set('/base/requirements.txt', 'django==3.2.0\n');
    await run(['scan', '/base/requirements.txt', '--format', 'json'], io);
    io.disk.set('base.json', io.out);
    assert.equal(await scan('--baseline', 'base.json'), 0);
    io.disk.set('sub/requirements.txt', 'django==3.2.0\n');
    assert.equal(await run(['scan', 'sub/requirements.txt', '--baseline', 'base.json'], io), 1, 'another file is news');
  });

  it('marks what is known in every format', async () => {
    await saveBaseline();
    for (const [format, expected] of [
      ['text', /Known: the baseline has it/u],
      ['sarif', /"baselineState": "unchanged"/u],
      ['github', /^::notice .*CVE-2021-35042/mu],
      ['markdown', /### Known already/u],
    ] as const) {
      io.out = '';
      await run(['scan', 'requirements.txt', '--format', format, '--baseline', 'base.json'], io);
      assert.match(io.out, expected, format);
    }
  });

  it('that cannot be used is a mistake in the call', async () => {
    io.disk.set('base.json', '{"schemaVersion":2}');
    assert.equal(await scan('--baseline', 'base.json'), 2);
    assert.match(io.err, /no JSON report of pinwatch/u);
    io.disk.set('base.json', 'nonsense');
    assert.equal(await scan('--baseline', 'base.json'), 2);
    assert.equal(await scan('--baseline', 'missing.json'), 2);
  });

  it('names files of SARIF and of annotations below the repository, whatever was typed', async () => {
    for (const path of ['requirements.txt', './requirements.txt', '/present/requirements.txt']) {
      io.out = '';
      await run(['scan', path, '--format', 'sarif'], io);
      assert.match(io.out, /"uri": "requirements\.txt"/u, path);
    }
  });
});
