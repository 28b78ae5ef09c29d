import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeReport } from '../../../../../../server/src/hosts/node/files/write/writeReport.ts';

describe('writeReport', () => {
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
