import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');

describe('a report of pinwatch as a process', function () {
  this.timeout(60_000);
  let service: OsvService;
  let folder: string;

  before(async function () {
    if (!existsSync('/dev/full') || !existsSync('/bin/bash')) {
      console.log('      skipped: there is no /dev/full or no bash on this machine');
      this.skip();
    }
    service = await startOsvService({ records: [demoRecords] });
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-delivery-'));
    writeFileSync(path.join(folder, 'found.txt'), 'django==3.2.0\n');
    writeFileSync(path.join(folder, 'clean.txt'), 'six==1.16.0\n');
    writeFileSync(path.join(folder, 'incomplete.txt'), '-r gone.txt\nsix==1.16.0\n');
    writeFileSync(path.join(folder, 'many.txt'), 'django==3.2.0\n'.repeat(1500));
  });
  after(async () => {
    await (service as OsvService | undefined)?.close();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true });
    }
  });

  /** `pinwatch` in the script is the real program. */
  async function bash(script: string): Promise<{ readonly code: number; readonly err: string }> {
    const pinwatch = `pinwatch() { "${process.execPath}" "${main}" "$@"; }; A="--osv-url ${service.url} --index-url none"`;
    const child = spawn('/bin/bash', ['-c', `${pinwatch}; set -o pipefail; ${script}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [[code], err] = await Promise.all([once(child, 'exit') as Promise<[number]>, text(child.stderr)]);
    return { code, err };
  }

  for (const [script, expected] of [
    ['pinwatch scan found.txt $A > /dev/full', 2],
    ['pinwatch scan incomplete.txt $A > /dev/full', 2],
    ['pinwatch scan clean.txt $A > /dev/full', 2],
    ['pinwatch scan clean.txt $A --output /dev/full', 2],
    ['pinwatch scan clean.txt $A --output json=/dev/full --output text=-', 2],
    ['pinwatch --help > /dev/full', 2],
    ['pinwatch scan found.txt $A | true', 1],
    ['pinwatch scan clean.txt $A | true', 0],
    ['pinwatch scan incomplete.txt $A | true', 3],
    ['pinwatch scan many.txt $A | head -1', 1],
    ['pinwatch scan many.txt $A | (exec <&-; sleep 0.3)', 1],
    [
      `yes '{"op":"parse","v":"1"}' | timeout 20 "${process.execPath}" "${main}" version --jsonl | head -1; exit \${PIPESTATUS[1]}`,
      0,
    ],
    ['pinwatch scan no-such-file 2> /dev/full', 2],
    ['pinwatch scan incomplete.txt $A 2> /dev/full', 3],
    ['pinwatch scan found.txt $A 2> /dev/full', 1],
    ['pinwatch scan clean.txt $A > /dev/full 2> /dev/full', 2],
    ['(pinwatch scan no-such-file 3>&1 1>&2 2>&3) | true', 2],
  ] as const) {
    it(`ends with ${expected}: ${script}`, async () => {
      const { code, err } = await bash(script);
      assert.equal(code, expected, err);
      if (expected === 2 && !script.includes('2>')) {
        assert.match(err, /could not be written.*ENOSPC/u);
      }
    });
  }

  for (const format of reportFormatIds) {
    it(`ends with 2 where ${format} cannot be written`, async () => {
      const { code, err } = await bash(`pinwatch scan found.txt $A --format ${format} > /dev/full`);
      assert.equal(code, 2, err);
      assert.match(err, /could not be written.*ENOSPC/u);
    });
  }

  it('is whole in a slow pipe', async () => {
    const { code, err } = await bash('pinwatch scan many.txt $A --format json | (sleep 0.5; cat) > whole.json');
    assert.equal(code, 1, err);
    const report = JSON.parse(readFileSync(path.join(folder, 'whole.json'), 'utf8')) as { summary: object };
    assert.ok('requirements' in report.summary && report.summary.requirements === 1500);
  });

  it('that is cut short by a full disk is not delivered', async () => {
    const { code, err } = await bash('ulimit -f 8; pinwatch scan many.txt $A --format json > short.json');
    assert.equal(code, 2, err);
    assert.match(err, /EFBIG/u);
  });

  it('in a file is whole or not there, and keeps the one before', async () => {
    writeFileSync(path.join(folder, 'kept.json'), 'before');
    const { code } = await bash(
      'ulimit -f 8; pinwatch scan many.txt $A --output json=kept.json --output json=new.json',
    );
    assert.equal(code, 2);
    assert.equal(readFileSync(path.join(folder, 'kept.json'), 'utf8'), 'before');
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('.tmp') || name === 'new.json'),
      [],
    );
  });

  it('goes where standard output goes, by any of its names', async () => {
    const { code, err } = await bash(
      'pinwatch scan found.txt $A --output text=- --output concise.json --output json=/dev/stdout > both.txt',
    );
    assert.equal(code, 1, err);
    const both = readFileSync(path.join(folder, 'both.txt'), 'utf8');
    assert.match(both, /found\.txt[^]*"schemaVersion": 1/u);
    assert.equal(
      (await bash('pinwatch scan found.txt $A --output json=/dev/stderr 2>&1 | grep -q schemaVersion')).code,
      1,
    );
    assert.equal((await bash('pinwatch scan clean.txt $A --output json=/dev/null')).code, 0);
    const named = await bash(
      'mkfifo named; cat named > taken.json & pinwatch scan clean.txt $A --output json=named; c=$?; wait; exit $c',
    );
    assert.equal(named.code, 0, named.err);
    const substituted = await bash(
      'pinwatch scan clean.txt $A --output json=>(cat > other.json); c=$?; sleep 0.2; exit $c',
    );
    assert.equal(substituted.code, 0, substituted.err);
    for (const file of ['taken.json', 'other.json']) {
      assert.match(readFileSync(path.join(folder, file), 'utf8'), /"schemaVersion": 1/u);
    }
  });

  it('follows no link out of the project', async () => {
    const [project, outside] = [path.join(folder, 'project'), path.join(folder, 'outside')];
    mkdirSync(project);
    mkdirSync(outside);
    writeFileSync(path.join(project, 'requirements.txt'), 'six==1.16.0\n');
    writeFileSync(path.join(outside, 'bashrc'), 'mine');
    symlinkSync('../outside/bashrc', path.join(project, 'report.sarif'));
    symlinkSync('../outside/new', path.join(project, 'new.sarif'));
    symlinkSync('../outside', path.join(project, 'out'));
    for (const script of [
      'cd project; pinwatch scan $A --output report.sarif',
      'cd project; pinwatch scan $A --metrics-out report.sarif',
      'cd project; pinwatch scan $A --output out/bashrc',
      'cd project; pinwatch scan $A --output new.sarif',
      'cd project; pinwatch scan $A --output out/another',
      'pinwatch scan project $A --output project/report.sarif',
      'cd outside; pinwatch scan ../project/requirements.txt $A --output ../project/out/another',
      'cd /; pinwatch scan "$OLDPWD/project/requirements.txt" $A --output "$OLDPWD/project/report.sarif"',
    ]) {
      const { code, err } = await bash(script);
      assert.equal(code, 2, `${script}: ${err}`);
      assert.match(err, /could not be written to ".*": it is a link that leads out/u);
    }
    assert.deepEqual(readdirSync(outside), ['bashrc']);
    assert.equal(readFileSync(path.join(outside, 'bashrc'), 'utf8'), 'mine');
    const named = await bash('cd project; pinwatch scan requirements.txt $A --output ../outside/named.json');
    assert.equal(named.code, 0, named.err);
  });

  it('is whole in a file of somebody else that cannot be replaced', async () => {
    const sticky = path.join(folder, 'sticky');
    mkdirSync(sticky);
    if (process.getuid?.() !== 0) {
      return;
    }
    // Even root may not replace a file that is marked so; as another user nobody may in a folder such as /tmp.
    writeFileSync(path.join(sticky, 'report.json'), 'before', { mode: 0o666 });
    chmodSync(path.join(sticky, 'report.json'), 0o666);
    chmodSync(sticky, 0o1777);
    chownSync(sticky, 1, 1);
    chownSync(path.join(sticky, 'report.json'), 1, 1);
    const main = path.resolve(import.meta.dirname, '../../server/src/hosts/node/files/write/writeReport.ts');
    const code = `process.setgid(65534); process.setuid(65534); await writeReport('report.json', ['af', 'ter'].values(), []);`;
    chmodSync(folder, 0o755);
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', `import { writeReport } from ${JSON.stringify(main)}; ${code}`],
      {
        cwd: sticky,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(readFileSync(path.join(sticky, 'report.json'), 'utf8'), 'after');
    assert.deepEqual(readdirSync(sticky), ['report.json']);
  });

  it('follows a link, and there are several of one scan', async () => {
    writeFileSync(path.join(folder, 'real.json'), '{}', { mode: 0o640 });
    symlinkSync('real.json', path.join(folder, 'link.json'));
    const { code, err } = await bash('pinwatch scan found.txt $A --output json=link.json --output sarif=r.sarif');
    assert.equal(code, 1, err);
    assert.match(readFileSync(path.join(folder, 'real.json'), 'utf8'), /"schemaVersion": 1/u);
    assert.match(readFileSync(path.join(folder, 'r.sarif'), 'utf8'), /"version": "2\.1\.0"/u);
  });
});
