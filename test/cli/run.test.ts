import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeIo } from '../support/fakeIo.ts';
import { locked } from '../support/locked.ts';

const vulnerable = {
  aliases: ['CVE-2021-35042'],
  summary: 'SQL injection',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
};

interface Report {
  readonly source: { readonly kind: string; readonly url: string };
  readonly files: readonly {
    readonly path: string;
    readonly requirements: readonly Requirement[];
    readonly problems: readonly object[];
  }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly statistics: { readonly cache: object };
}

interface Requirement {
  readonly name: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly verdict: string | null;
  readonly version: string | null;
  readonly findings: readonly { readonly id: string; readonly severity: string; readonly score: number }[];
}

describe('pinwatch', () => {
  let io: FakeIo;

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', vulnerable);
  });

  const scan = (...argv: string[]): Promise<number> => run(['scan', ...argv], io);
  const report = (): Report => JSON.parse(io.out) as Report;

  it('answers --version and --help at once', async () => {
    assert.equal(await run(['--version'], io), 0);
    assert.equal(io.out, '1.2.3\n');
    assert.equal(await run(['--help'], io), 0);
    assert.match(io.out, /Exit codes/u);
  });

  it('exits with 0 when everything was checked and is clean', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    assert.equal(await scan('requirements.txt'), 0);
    assert.match(io.out, /^1 requirement in 1 file, 0 vulnerable \(0 findings\), 0 could not be checked/u);
  });

  it('exits with 1 for findings, and says what they are', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\nDjango==3.2\n');
    assert.equal(await scan('requirements.txt'), 0);
    io.disk.set('requirements.txt', 'six==1.16.0\nDjango==3.2.0\n');
    assert.equal(await scan('requirements.txt'), 1);
    assert.match(
      io.out,
      /requirements\.txt:2:9: Django 3\.2\.0 has 1 known vulnerability .*\n {4}Fix: none known\.\n {4}CVE-2021-35042 \(critical 9\.8\): SQL/u,
    );
  });

  it('exits with 3 when something could not be checked', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    io.source.queryError = new LookupError('offline', 'api.osv.dev could not be reached.');
    assert.equal(await scan('requirements.txt', '--format', 'json'), 3);
    const [six] = report().files[0]?.requirements ?? [];
    assert.deepEqual(
      [six?.outcome, six?.reason, six?.verdict],
      ['failed', 'offline: api.osv.dev could not be reached.', null],
    );
  });

  it('lets findings win over what could not be checked', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\ndjango==3.2.0\n');
    io.source.failingPins.set('six==1.16.0', new LookupError('timeout', 'too slow'));
    assert.equal(await scan('requirements.txt'), 1);
    assert.equal(await scan('requirements.txt', '--fail-on', 'none'), 3);
  });

  it('exits with 3 for a line that cannot be read, and loses no other line', async () => {
    io.disk.set('requirements.txt', 'six==\nattrs==20.1\n');
    assert.equal(await scan('requirements.txt', '--format', 'json'), 3);
    const { files, summary } = report();
    assert.equal(files[0]?.problems.length, 1);
    assert.deepEqual([summary.requirements, summary.failed, summary.assessed], [2, 1, 1]);
  });

  it('does not assess a range by its floor, and says so', async () => {
    io.disk.set('requirements.txt', 'django>=3.2.0\n');
    io.source.add('django==3.2.0', 'PYSEC-2021-109', {
      aliases: ['CVE-2021-35042'],
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'django' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '3.2' }, { fixed: '3.2.5' }] }],
        },
      ],
    });
    assert.equal(await scan('requirements.txt', '--format', 'json'), 1);
    const [django] = report().files[0]?.requirements ?? [];
    assert.deepEqual([django?.outcome, django?.version, django?.verdict], ['assessed', null, 'possiblyVulnerable']);
    // It counts as low: an installer takes the newest release as a rule.
    assert.equal(await scan('requirements.txt', '--fail-on', 'medium'), 0);
    assert.match(
      io.out,
      /django >=3\.2\.0 allows releases with 1 known vulnerability .*\n {4}Fix: django>=3\.2\.5\n {4}CVE-2021-35042 \(.*\) in 3\.2\.0 up to before 3\.2\.5\b/u,
    );
  });

  it('checks the version that a lock has for a range, and says so; one that the line does not allow decides nothing', async () => {
    io.disk.set('requirements.txt', 'django>=3.2\n');
    io.locks.set('requirements.txt', [locked('lock', 'uv.lock', { django: '3.2.0' })]);
    assert.equal(await scan('requirements.txt'), 1);
    assert.match(io.out, /django 3\.2\.0 \(locked by uv\.lock\) has 1 known vulnerability .*CVE-2021-35042/u);
    io.out = '';
    io.disk.set('requirements.txt', 'django>=4\n');
    await scan('requirements.txt', '--format', 'json');
    assert.equal(report().files[0]?.requirements[0]?.version, null);
  });

  it('exits with 4 when there is nothing to scan', async () => {
    io.disk.set('requirements.txt', '# nothing yet\n');
    assert.equal(await scan('requirements.txt'), 4);
    io.disk.clear();
    io.disk.set('src/main.py', '');
    io.discover = () => Promise.resolve({ paths: [], unread: [], skipped: [] });
    assert.equal(await scan('src'), 4);
    assert.match(io.err, /no requirements files found/u);
  });

  it('exits with 2 for wrong usage and paths that do not exist', async () => {
    assert.equal(await run(['scan', '--format', 'xml'], io), 2);
    assert.equal(await scan('no/such.txt'), 2);
    assert.match(io.err, /there is no file or folder "no\/such\.txt"/u);
  });

  it('exits with 3 when a file is there and cannot be read', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    io.unreadable.add('requirements.txt');
    assert.equal(await scan('requirements.txt'), 3);
    assert.match(io.err, /could not be read \(EACCES\)/u);
  });

  it('exits with 3 when a folder below could not be searched, for it may hold more', async () => {
    io.disk.set('app/requirements.txt', 'six==1.16.0\n');
    const unread = ['"app/private" could not be searched (EACCES).'];
    io.discover = () => Promise.resolve({ paths: ['app/requirements.txt'], unread, skipped: [] });
    assert.equal(await scan('app'), 3);
    assert.match(io.err, /"app\/private" could not be searched/u);
  });

  for (const [failOn, code] of [
    ['none', 0],
    ['low', 1],
    ['critical', 1],
    ['any', 1],
  ] as const) {
    it(`exits with ${code} for a critical finding with --fail-on ${failOn}`, async () => {
      io.disk.set('requirements.txt', 'django==3.2.0\n');
      assert.equal(await scan('requirements.txt', '--fail-on', failOn), code);
    });
  }

  it('reads standard input, folders and several files, and asks once for all', async () => {
    io.stdin = 'django==3.2.0\n';
    io.disk.set('app/requirements.txt', 'six==1.16.0\n');
    io.disk.set('dev.txt', 'django==3.2.0\nattrs==20.1\n');
    assert.equal(await scan('-', 'app', 'dev.txt', '--format', 'json'), 1);
    assert.deepEqual(
      report().files.map((file) => file.path),
      ['-', 'app/requirements.txt', 'dev.txt'],
    );
    assert.equal(io.source.queried.length, 1);
    assert.equal(report().summary.vulnerable, 2);
  });

  it('follows includes, each file once, and says which it did not read', async () => {
    io.disk.set('app/requirements.txt', '-r base.txt\n-c ../constraints.txt\n-r https://e.org/x.txt\n-r gone.txt\n');
    io.disk.set('app/base.txt', '-r requirements.txt\nsix==1.16.0\n-r /etc/passwd\n-r ../../outside.txt\n');
    io.disk.set('constraints.txt', 'django==3.2.0\n');
    io.disk.set('/etc/passwd', 'root:x:0\n');
    io.disk.set('../outside.txt', 'django==3.2.0\n');
    assert.equal(await scan('app/requirements.txt', '--format', 'json'), 1);
    assert.deepEqual(
      report().files.map(({ path, problems }) => [path, problems.map((problem) => (problem as { code: string }).code)]),
      [
        ['app/requirements.txt', ['include.remote', 'include.unreadable']],
        ['app/base.txt', ['include.outside', 'include.outside']],
        ['constraints.txt', []],
      ],
    );
  });

  it('follows a file URL, and takes no other scheme for an address', async () => {
    io.disk.set(
      'app/requirements.txt',
      '-r file:///present/base.txt\n-c FILE:///etc/pins.txt\n-r ftp://e.org/x.txt\n-r .\n',
    );
    io.disk.set('base.txt', 'django==3.2.0\n');
    io.disk.set('/etc/pins.txt', 'six==1.16.0\n');
    assert.equal(await scan('app/requirements.txt', '--format', 'json'), 1);
    assert.deepEqual(
      report().files.map(({ path, problems }) => [path, problems.map((problem) => (problem as { code: string }).code)]),
      [
        ['app/requirements.txt', ['include.outside', 'include.unreadable', 'include.unreadable']],
        ['base.txt', []],
      ],
    );
  });

  for (const spelled of ['./app/requirements.txt', '/present/app/requirements.txt']) {
    it(`knows a file again that was named as ${spelled}, and reads what lies below the present folder`, async () => {
      io.disk.set('app/requirements.txt', '-r base.txt\n-c ../constraints.txt\n');
      io.disk.set('app/base.txt', '-r requirements.txt\nsix==1.16.0\n');
      io.disk.set('constraints.txt', 'django==3.2.0\n');
      assert.equal(await scan(spelled, 'app/requirements.txt', 'app', './constraints.txt', '--format', 'json'), 1);
      assert.equal(report().files[0]?.path, spelled);
      assert.deepEqual(
        report().files.map(({ path, problems }) => [path.replace(/^(\/present\/|\.\/)/u, ''), problems]),
        [
          ['app/requirements.txt', []],
          ['app/base.txt', []],
          ['constraints.txt', []],
        ],
      );
    });
  }

  it('says as JSON what is wrong with the call, where JSON was asked for', async () => {
    for (const log of [['--log', 'json'], ['--log=json']]) {
      io.err = '';
      assert.equal(await scan('--nope', ...log), 2);
      assert.match((JSON.parse(io.err) as { message: string }).message, /Unknown option '--nope'/u);
    }
  });

  it('takes the version of a name without one from the constraints, and says so', async () => {
    io.disk.set('requirements.txt', '-c constraints.txt\n-r base.txt\nDjango\nsix>=2\nattrs==1.0\n');
    io.disk.set('base.txt', 'django[bcrypt]>=3\n');
    io.disk.set('constraints.txt', 'django==3.2.0\nsix==1.16.0\nattrs==2.0\n');
    assert.equal(await scan('requirements.txt'), 1);
    assert.match(
      io.out,
      /requirements\.txt:3:1: Django 3\.2\.0 \(pinned by constraints\.txt\) has 1 known vulnerability .*CVE-2021-35042/u,
    );
    assert.match(
      io.out,
      /base\.txt:1:17: django 3\.2\.0 \(pinned by constraints\.txt\) has 1 known vulnerability .*CVE-2021-35042/u,
    );
    assert.match(io.out, /six >=2 does not allow 1\.16\.0, to which constraints\.txt pins it/u);
    assert.deepEqual(
      io.source.queried[0]?.filter((pin) => pin.startsWith('attrs')),
      ['attrs==1.0', 'attrs==2.0'],
    );
  });

  it('writes the report to a file, and says when it cannot', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    assert.equal(await scan('requirements.txt', '--format', 'json', '--output', 'report.json'), 0);
    assert.equal(io.out, '');
    assert.equal((JSON.parse(io.written.get('report.json') ?? '') as { schemaVersion: number }).schemaVersion, 1);
    assert.equal(await scan('requirements.txt', '--output', '/no/where.txt'), 2);
  });

  it('assesses a wheel by its file name, says so, and leaves the line to its author', async () => {
    const text = 'django @ https://e.org/Django-3.2.0-py3-none-any.whl\nhttps://e.org/django-3.2.0-py3-none-any.whl\n';
    io.disk.set('requirements.txt', `${text}six @ file:///croot/six/work\n`);
    assert.equal(await scan('requirements.txt', '--fix'), 1);
    assert.match(
      io.out,
      /requirements\.txt:1:1: django 3\.2\.0 \(version from the file name\) has 1 known vulnerability .*CVE-2021-35042/u,
    );
    assert.match(
      io.out,
      /requirements\.txt:2:15: django 3\.2\.0 \(version from the file name\) has 1 known vulnerability .*CVE-2021-35042/u,
    );
    assert.match(io.out, /1 of 3 requirements not assessed/u);
    assert.equal(io.disk.get('requirements.txt'), `${text}six @ file:///croot/six/work\n`);
    assert.match(io.err, /requirements\.txt:1: django 3\.2\.0 is unchanged: It is installed from a file/u);
    assert.match(io.err, /requirements\.txt:2: django 3\.2\.0 is unchanged: It is installed from a file/u);
    assert.deepEqual(io.source.queried.flat(), ['django==3.2.0']);
  });

  it('takes no finding back where the engine cannot be closed, and is not clean then', async () => {
    io.source.close = () => Promise.reject(new Error('stuck'));
    io.disk.set('found.txt', 'django==3.2.0\n');
    io.disk.set('clean.txt', 'six==1.16.0\n');
    assert.equal(await scan('found.txt'), 1);
    assert.equal(await scan('clean.txt'), 3);
    assert.match(io.err, /an error of pinwatch itself: Error: stuck/u);
  });

  it('writes several reports of one scan', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    assert.equal(
      await scan('requirements.txt', '--output', 'json=a.json', '--output', 'sarif=b.sarif', '--format', 'text'),
      0,
    );
    assert.match(io.written.get('a.json') ?? '', /"schemaVersion": 1/u);
    assert.match(io.written.get('b.sarif') ?? '', /"version": "2\.1\.0"/u);
    assert.match(io.out, /^1 requirement in 1 file/u);
  });

  it('reports what it has when it is interrupted', async () => {
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    io.source.gate = new Promise(() => undefined);
    const scanning = scan('requirements.txt', '--format', 'json');
    while (io.source.queried.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    io.interrupt();
    assert.equal(await scanning, 3);
    assert.match(report().files[0]?.requirements[0]?.reason ?? '', /interrupted/u);
  });

  it('parses files and streams as JSON', async () => {
    io.disk.set('requirements.txt', 'Django[argon2]==3.2.0 ; python_version<"3.9"\n');
    assert.equal(await run(['parse', 'requirements.txt'], io), 0);
    const { items } = JSON.parse(io.out) as { items: Record<string, unknown>[] };
    assert.deepEqual(
      [items[0]?.k, items[0]?.norm, items[0]?.marker],
      ['requirement', 'django', 'python_version < "3.9"'],
    );
    io.out = '';
    io.stdin = `${JSON.stringify({ id: 'a', text: 'six' })}\n{"id":"b","b64":"//5zAGkAeAA="}\nnonsense\n{"b64":"*"}\n`;
    assert.equal(await run(['parse', '--jsonl'], io), 0);
    const lines = io.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id?: string; items?: { name: string }[]; error?: string });
    assert.deepEqual(
      lines.map((line) => line.items?.[0]?.name ?? line.error),
      ['six', 'six', 'This line is not JSON.', '"b64" is not base64.'],
    );
  });

  it('answers PEP 440 operations line by line', async () => {
    io.stdin = '{"op":"compare","a":"1.0","b":"1.0.post1"}\n{"op":"parse","v":"x"}\n{"op":"dance"}\n';
    assert.equal(await run(['version', '--jsonl'], io), 0);
    const answers = io.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(answers.slice(0, 2), [{ result: -1 }, { normal: null }]);
    assert.ok(typeof answers[2]?.error === 'string');
  });
});
