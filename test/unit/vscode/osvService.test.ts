import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fetch } from 'undici';
import { startOsvService } from '../../vscode/osvService.ts';

describe('OSV service of npm start', () => {
  let folder: string;

  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-osv-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const script = (text: string): string => {
    const file = path.join(folder, `${text.length}.mjs`);
    writeFileSync(file, text);
    return file;
  };

  it('is gone when stop has returned', async () => {
    const { ready, stop } = startOsvService();
    const { url, records } = await ready;
    assert.ok(records > 0);
    await stop();
    await assert.rejects(fetch(url), 'its port is closed');
    await stop();
  });

  it('can be stopped while it is starting', async () => {
    const { ready, stop } = startOsvService(script('setInterval(() => {}, 1000);'));
    await stop();
    await assert.rejects(ready, /before it was ready/u);
  });

  it('is killed where it does not obey', async () => {
    const { ready, stop } = startOsvService(
      script(
        "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('OSV service on http://x (1 records)');",
      ),
    );
    assert.deepEqual(await ready, { url: 'http://x', records: 1 });
    await stop();
  }).timeout(10_000);
});
