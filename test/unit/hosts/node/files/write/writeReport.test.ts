import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeReport } from '../../../../../../server/src/hosts/node/files/write/writeReport.ts';

describe('writeReport', () => {
  it('follows no link to a file that was scanned', async () => {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-report-')));
    try {
      const [scanned, link] = [path.join(folder, 'requirements.txt'), path.join(folder, 'report.txt')];
      writeFileSync(scanned, 'six\n');
      symlinkSync('requirements.txt', link);
      await assert.rejects(writeReport(link, '{}', [folder], [scanned]), {
        message: 'it is a link to a file of this scan',
      });
      assert.equal(readFileSync(scanned, 'utf8'), 'six\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says in words that the folder is missing', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-report-'));
    try {
      const file = path.join(folder, 'none', 'report.json');
      for (const projects of [[folder], []]) {
        await assert.rejects(writeReport(file, '{}', projects), { message: 'there is no such folder' });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
