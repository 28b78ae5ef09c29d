import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  it('follows a link, and there are several of one scan', async () => {
    writeFileSync(path.join(folder, 'real.json'), '{}', { mode: 0o640 });
    symlinkSync('real.json', path.join(folder, 'link.json'));
    const { code, err } = await bash('pinwatch scan found.txt $A --output json=link.json --output sarif=r.sarif');
    assert.equal(code, 1, err);
    assert.match(readFileSync(path.join(folder, 'real.json'), 'utf8'), /"schemaVersion": 1/u);
    assert.match(readFileSync(path.join(folder, 'r.sarif'), 'utf8'), /"version": "2\.1\.0"/u);
  });
});
