import assert from 'node:assert/strict';
import { usualPolicy } from '../../../server/src/core/fixes/fixPolicy.ts';
import { readArguments } from '../../../server/src/cli/arguments/args.ts';
import type { CheckerEngine } from '../../../server/src/project/checkProject.ts';
import { type Checker, createChecker, type ScanOptions } from '../../../server/src/project/checker.ts';
import { FakeIo } from '../../support/fakeIo.ts';
import { FakeLog } from '../../support/fakeLog.ts';

const aWeek: ScanOptions = { maxDataAgeDays: 7 };

describe('checker', () => {
  let io: FakeIo;
  let checker: Checker;
  let isAsking: boolean;
  const { signal } = new AbortController();

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', { aliases: ['CVE-2021-35042'] });
    isAsking = false;
    let engine: Promise<CheckerEngine> | undefined;
    checker = createChecker({
      disk: io,
      ignoreFiles: io.ignoreFiles,
      configFiles: io.configFiles,
      locks: io.createLockReader(new FakeLog()),
      engine: () => {
        const command = readArguments(['scan']);
        assert.ok(command.kind === 'scan');
        isAsking = true;
        return (engine ??= Promise.resolve(io.createEngine(command, new FakeLog())));
      },
      now: () => io.now(),
      elapsedMs: () => io.elapsedMs(),
    });
  });

  async function scan(paths: readonly string[], options = aWeek, end = signal) {
    const found = await checker.scan(paths, options, end);
    assert.ok(found.kind === 'scanned');
    return found;
  }

  it('reports on files and what they include', async () => {
    io.disk.set('app/requirements.txt', '-r base.txt\n-c pins.txt\nsix==1.16.0\n');
    io.disk.set('app/base.txt', 'django\n-r gone.txt\n');
    io.disk.set('app/pins.txt', 'django==3.2.0\n');
    const { report } = await scan(['app']);
    assert.deepEqual(
      report.files.map(({ path, requirements, problems }) => [
        path,
        requirements.map(({ outcome }) => (outcome.kind === 'assessed' ? outcome.verdict : outcome.kind)),
        problems.map(({ code }) => code),
      ]),
      [
        ['app/requirements.txt', ['clean'], []],
        ['app/base.txt', ['vulnerable'], ['include.unreadable']],
        ['app/pins.txt', ['vulnerable'], []],
      ],
    );
  });

  it('refuses a path that is not there and an ignore file that cannot be used, and asks nobody then', async () => {
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    assert.deepEqual(await checker.scan(['gone', 'requirements.txt'], aWeek, signal), {
      kind: 'refused',
      messages: ['there is no file or folder "gone"'],
    });
    assert.deepEqual(await checker.scan(['requirements.txt'], { ...aWeek, ignoreFile: 'no.toml' }, signal), {
      kind: 'refused',
      messages: ['there is no ignore file "no.toml"'],
    });
    assert.equal(isAsking, false);
  });

  it('says before it asks how many files there are, and what could not be read', async () => {
    io.disk.set('app/requirements.txt', 'six==1.16.0\n');
    io.disk.set('app/requirements-dev.txt', '');
    io.unreadable.add('app/requirements-dev.txt');
    const read: unknown[] = [];
    await scan(['app'], { ...aWeek, onRead: (...args) => read.push(...args, isAsking) });
    assert.deepEqual(read, [1, ['"app/requirements-dev.txt" could not be read (EACCES).'], false]);
  });

  it('counts a broken file that a search found, unless it lacks the word without which it asks for nothing', async () => {
    io.disk.set('app/requirements.txt', 'six==1.16.0\n');
    io.disk.set('app/x.ipynb', '{"cells": [');
    io.disk.set('app/lfs.ipynb', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n');
    io.disk.set('app/new.ipynb', '\n');
    io.disk.set('app/environment.yml', 'name: [\ndependencies:\n  - x\n');
    io.disk.set('app/chart-env.yaml', '{{- if .Values }}\nx: [\n');
    const { report } = await scan(['app'], aWeek);
    const broken = report.files.filter(({ problems }) => problems.length > 0).map(({ path }) => path);
    assert.deepEqual(broken.toSorted(), ['app/environment.yml', 'app/lfs.ipynb', 'app/x.ipynb']);
    const named = await scan(['app/chart-env.yaml'], aWeek);
    assert.equal(named.report.files[0]?.problems.length, 2);
  });

  it('counts what was not checked as failed when it is ended, in the words of the signal', async () => {
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    const end = new AbortController();
    io.source.gate = new Promise(() => undefined);
    const onRead = () => setImmediate(() => end.abort(new Error('The scan was ended.')));
    const { report } = await scan(['requirements.txt'], { ...aWeek, onRead }, end.signal);
    const [requirement] = report.files[0]?.requirements ?? [];
    assert.deepEqual(requirement?.outcome, { kind: 'failed', reason: 'timeout', message: 'The scan was ended.' });
    const late = await scan(['requirements.txt'], aWeek, end.signal);
    assert.deepEqual(late.report.unread, ['"requirements.txt" was not read: The scan was ended.']);
  });

  it('checks a text in place of what the disk has, with what bears on that file', async () => {
    io.disk.set('app/requirements.txt', 'six==1.16.0\n');
    io.disk.set('app/pins.txt', 'django==3.2.0\n');
    for (const path of ['app/requirements.txt', 'app/new.txt']) {
      const report = await checker.check('-c pins.txt\ndjango\n', path, signal);
      assert.equal(report.path, path);
      const [requirement] = report.requirements;
      assert.ok(requirement?.outcome.kind === 'assessed');
      assert.equal(requirement.outcome.verdict, 'vulnerable');
      assert.equal(requirement.decidedBy?.source, 'app/pins.txt');
    }
  });

  it('checks one release', async () => {
    const vulnerable = await checker.checkPackage('Django', 'v3.2.0', signal);
    assert.ok(vulnerable.kind === 'assessed');
    assert.deepEqual(
      vulnerable.findings.map(({ id }) => id),
      ['CVE-2021-35042'],
    );
    const clean = await checker.checkPackage('six', '1.16.0', signal);
    assert.ok(clean.kind === 'assessed' && clean.verdict === 'clean');
    assert.equal((await checker.checkPackage('six', 'latest', signal)).kind, 'failed');
    assert.equal((await checker.checkPackage('six\n../x', '1.0', signal)).kind, 'failed');
    assert.deepEqual(io.source.queried.flat(), ['django==3.2.0', 'six==1.16.0']);
  });

  it('fixes the files of a scan that kept them, and reports on what is left', async () => {
    const events = [{ introduced: '0' }, { fixed: '3.2.5' }];
    const affected = [{ package: { ecosystem: 'PyPI', name: 'django' }, ranges: [{ type: 'ECOSYSTEM', events }] }];
    io.source.records.clear();
    io.source.matches.clear();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', { aliases: ['CVE-2021-35042'], affected });
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    await assert.rejects(
      async () => checker.fix(await scan(['requirements.txt']), usualPolicy, signal),
      /kept no files/u,
    );
    const fixed = await checker.fix(
      await scan(['requirements.txt'], { ...aWeek, keepsFiles: true }),
      usualPolicy,
      signal,
    );
    assert.equal(io.disk.get('requirements.txt'), 'django==3.2.5\n');
    assert.deepEqual([fixed.fixed.length, [...fixed.changed]], [1, ['requirements.txt']]);
    const [requirement] = fixed.report.files[0]?.requirements ?? [];
    assert.ok(requirement?.outcome.kind === 'assessed' && requirement.outcome.verdict === 'clean');
  });
});
