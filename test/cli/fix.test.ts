import assert from 'node:assert/strict';
import type { Release } from '../../server/src/core/packages/release.ts';
import { parseVersion } from '../../server/src/core/versions/version.ts';
import { run } from '../../server/src/cli/run.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeIo } from '../support/fakeIo.ts';
import { locked } from '../support/locked.ts';

const digest = 'a'.repeat(64);
const newDigest = 'b'.repeat(64);

/** An advisory for all versions below `fixed`. */
function affected(name: string, fixed: string | undefined): object {
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])];
  return {
    summary: 'bad',
    affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
  };
}

function release(version: string, sha256: string): Release {
  const parsed = parseVersion(version);
  assert.ok(parsed);
  return { version: parsed, yanked: false, files: [{ filename: `x-${version}.whl`, sha256, yanked: false }] };
}

describe('pinwatch scan --fix', () => {
  let io: FakeIo;

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'CVE-2021-1', affected('django', '3.2.5'));
    io.source.add('flask==0.12', 'CVE-2018-1', affected('flask', undefined));
  });

  const fix = (...argv: string[]): Promise<number> => run(['scan', '--fix', ...argv], io);
  const textOf = (path: string): string | undefined => io.disk.get(path);

  it('changes the pins, keeps all else, and reports what is left', async () => {
    io.disk.set('requirements.txt', '\uFEFF# app\r\nDjango == 3.2.0 ; python_version > "3" # web\r\nsix==1.16.0\r\n');
    const code = await fix('requirements.txt', '--format', 'json');
    assert.equal(
      textOf('requirements.txt'),
      '\uFEFF# app\r\nDjango == 3.2.5 ; python_version > "3" # web\r\nsix==1.16.0\r\n',
    );
    assert.equal(code, 0, io.err);
    const report = JSON.parse(io.out) as {
      readonly files: readonly { readonly requirements: readonly { version: string; verdict: string }[] }[];
    };
    const [django] = report.files[0]?.requirements ?? [];
    assert.deepEqual([django?.version, django?.verdict], ['3.2.5', 'clean']);
    assert.match(
      io.err,
      /requirements\.txt:2: Django 3\.2\.0 changed to 3\.2\.5 \(patch; not checked against a package index\)/u,
    );
    assert.match(io.err, /1 file changed: 1 fixed\n/u);
  });

  it('makes major updates unless the configuration keeps them back', async () => {
    io.source.add('urllib3==1.26.0', 'CVE-2023-9', affected('urllib3', '2.0.6'));
    io.disk.set('requirements.txt', 'urllib3==1.26.0\n');
    io.disk.set('pinwatch.toml', '[fix]\nallow-major = false\n');
    assert.equal(await fix('requirements.txt'), 1);
    assert.equal(textOf('requirements.txt'), 'urllib3==1.26.0\n');
    io.disk.set('pinwatch.toml', '[fix]\nallow-major = true\n');
    const again = new FakeIo();
    again.source.add('urllib3==1.26.0', 'CVE-2023-9', affected('urllib3', '2.0.6'));
    io.disk.forEach((text, path) => again.disk.set(path, text));
    assert.equal(await run(['scan', '--fix', 'requirements.txt'], again), 0, again.err);
    assert.equal(again.disk.get('requirements.txt'), 'urllib3==2.0.6\n');
  });

  it('asks nothing twice and learns the rest from what it knows', async () => {
    io.disk.set('requirements.txt', 'django==3.2.0\nsix==1.16.0\n');
    await fix('requirements.txt');
    assert.deepEqual(io.source.queried, [['django==3.2.0', 'six==1.16.0']]);
  });

  it('leaves what has no fix, says why, and exits by that', async () => {
    const text = 'flask==0.12\ndjango===3.2.0.junk\n';
    io.disk.set('requirements.txt', text);
    assert.equal(await fix('requirements.txt'), 1);
    assert.equal(textOf('requirements.txt'), text);
    assert.match(io.err, /requirements\.txt:1: flask 0\.12 is unchanged: No safe version of flask is known\./u);
    assert.match(io.err, /0 files changed: 0 fixed, 1 unchanged/u);
    assert.match(io.out, /CVE-2018-1/u);
  });

  it('raises ranges too, and never touches what is ignored or malicious', async () => {
    io.source.add('evil==1.0', 'MAL-2024-1', affected('evil', '2.0'));
    io.source.add('urllib3==1.0', 'CVE-7', affected('urllib3', '1.5'));
    io.disk.set('requirements.txt', 'django>=3,<4\nevil==1.0\nurllib3==1.0\n');
    io.disk.set('osv-scanner.toml', '[[IgnoredVulns]]\nid = "CVE-7"\nreason = "no"\n');
    assert.equal(await fix('requirements.txt'), 1);
    assert.equal(textOf('requirements.txt'), 'django>=3.2.5,<4\nevil==1.0\nurllib3==1.0\n');
    assert.match(io.err, /evil 1\.0 is unchanged: evil 1\.0 is malicious: remove it/u);
    assert.doesNotMatch(io.err, /urllib3/u);
  });

  it('changes the constraints that decide, once for all that they decide', async () => {
    io.disk.set('constraints.txt', 'django==3.2.0\n');
    io.disk.set('requirements.txt', '-c constraints.txt\ndjango\n');
    io.disk.set('dev.txt', '-c constraints.txt\nDjango\n');
    assert.equal(await fix('requirements.txt', 'dev.txt'), 0, io.err);
    assert.equal(textOf('constraints.txt'), 'django==3.2.5\n');
    assert.equal(textOf('requirements.txt'), '-c constraints.txt\ndjango\n');
    assert.match(io.err, /dev\.txt:2: Django .*changed to 3\.2\.5 in constraints\.txt/u);
  });

  it('goes to what a file was compiled from, and does not call that done', async () => {
    const header =
      '# This file was autogenerated by uv via the following command:\n#    uv pip compile requirements.in\n';
    io.disk.set('requirements.in', 'django\n');
    io.disk.set('requirements.txt', `${header}django==3.2.0\n    # via -r requirements.in\n`);
    assert.equal(await fix('requirements.txt', 'requirements.in'), 1);
    assert.equal(textOf('requirements.in'), 'django>=3.2.5\n');
    assert.equal(textOf('requirements.txt'), `${header}django==3.2.0\n    # via -r requirements.in\n`);
    assert.match(
      io.err,
      /django is not fixed yet\. requirements\.txt is compiled by uv\. Compile it again: uv pip compile requirements\.in/u,
    );
  });

  it('raises what a lock decides, and says that the lock has to follow', async () => {
    io.disk.set('requirements.txt', 'django>=3\n');
    io.locks.set('requirements.txt', [locked('lock', 'uv.lock', { django: '3.2.0' })]);
    await fix('requirements.txt');
    assert.equal(textOf('requirements.txt'), 'django>=3.2.5\n');
    assert.match(
      io.err,
      /requirements\.txt:1: django is not fixed yet\. Its version is locked by uv\.lock\. Lock again: uv lock --upgrade-package django/u,
    );
  });

  describe('of lines with hashes', () => {
    const line = `django==3.2.0 --hash=sha256:${digest}\n`;
    beforeEach(() => io.disk.set('requirements.txt', line));

    it('takes the digests of the index', async () => {
      io.index = {
        releases: () => Promise.resolve([release('3.2.5', newDigest)]),
        close: () => Promise.resolve(),
      };
      assert.equal(await fix('requirements.txt'), 0, io.err);
      assert.equal(textOf('requirements.txt'), `django==3.2.5 --hash=sha256:${newDigest}\n`);
      assert.doesNotMatch(io.err, /not checked/u);
    });

    it('changes nothing without them', async () => {
      io.index = {
        releases: () => Promise.reject(new LookupError('offline', 'nobody there')),
        close: () => Promise.resolve(),
      };
      assert.equal(await fix('requirements.txt'), 1);
      assert.equal(textOf('requirements.txt'), line);
      assert.match(io.err, /pinned with hashes, and those of 3\.2\.5 are not known/u);
    });
  });

  it('says which file could not be written, fixes the others, and still reports', async () => {
    io.disk.set('a.txt', 'django==3.2.0\n');
    io.disk.set('b.txt', 'django==3.2.0\n');
    io.locked.add('a.txt');
    assert.equal(await fix('a.txt', 'b.txt'), 1);
    assert.equal(textOf('a.txt'), 'django==3.2.0\n');
    assert.equal(textOf('b.txt'), 'django==3.2.5\n');
    assert.match(io.err, /"a\.txt" could not be changed/u);
    assert.match(io.err, /1 file changed: 1 fixed, 1 unchanged/u);
    assert.match(io.out, /CVE-2021-1/u);
  });

  it('writes nothing after an interrupt, and nothing unasked', async () => {
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    io.source.gate = new Promise(() => undefined);
    const running = fix('requirements.txt');
    io.interrupt();
    assert.equal(await running, 3);
    assert.match(io.err, /no file was changed: the scan was interrupted/u);
    io = new FakeIo();
    io.source.add('django==3.2.0', 'CVE-2021-1', affected('django', '3.2.5'));
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    assert.equal(await run(['scan', 'requirements.txt'], io), 1);
    assert.equal(textOf('requirements.txt'), 'django==3.2.0\n');
    assert.equal(io.err, '');
  });

  it('says it as JSON where that is asked for', async () => {
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    await fix('requirements.txt', '--log', 'json');
    const levels = io.err
      .trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as { readonly level: string }).level);
    assert.deepEqual(levels, ['info', 'info']);
  });

  it('prints what it would change and writes nothing, where that was asked for', async () => {
    io.disk.set('requirements.txt', 'django==3.2.0\nsix==1.16.0\n');
    assert.equal(await run(['scan', 'requirements.txt', '--fix', '--dry-run'], io), 1);
    assert.equal(textOf('requirements.txt'), 'django==3.2.0\nsix==1.16.0\n');
    assert.equal(
      io.out,
      '--- a/requirements.txt\n+++ b/requirements.txt\n@@ -1,2 +1,2 @@\n-django==3.2.0\n+django==3.2.5\n six==1.16.0\n',
    );
    assert.match(io.err, /1 file would change: 1 fixed/u);
    io.out = '';
    await run(['scan', 'requirements.txt', '--dry-run', '--format', 'json'], io);
    assert.doesNotThrow(() => JSON.parse(io.out) as unknown);
    assert.match(io.err, /^\+django==3\.2\.5$/mu);
  });
});
