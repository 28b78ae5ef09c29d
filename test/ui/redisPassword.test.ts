import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { screenshot } from '../vscode/hostTests.ts';
import type { VSCodeVersion } from '../vscode/install.ts';
import { type OpenBrowser, openBrowser, type RunningVSCode, startVSCode } from '../vscode/launch.ts';

const root = path.resolve(import.meta.dirname, '../..');
const version: VSCodeVersion = process.env['PINWATCH_VSCODE'] === 'oldest' ? 'oldest' : 'newest';

/** A team cache that wants a password, typed by a person. */
describe(`the password of the team cache in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let received = '';
  let service: OsvService;
  let redis: net.Server;
  let code: RunningVSCode;
  let browser: OpenBrowser;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
    redis = net.createServer((socket) => {
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString();
        redis.emit('received');
        socket.write('-ERR not here\r\n');
      });
      socket.on('error', () => undefined);
    });
    redis.listen(0, '127.0.0.1');
    await once(redis, 'listening');
    const address = redis.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    code = await startVSCode({
      version,
      workspace: path.join(root, 'test/fixtures/workspace'),
      vsix: path.join(root, 'dist/pinwatch.vsix'),
      settings: {
        'pinwatch.osv.url': service.url,
        'pinwatch.index.url': 'none',
        'pinwatch.cache.redisUrl': `redis://127.0.0.1:${port}`,
      },
    });
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.browser.close();
    await code?.stop();
    redis?.close();
    await service?.close();
  });

  it('is typed once, hidden, and reaches the server', async () => {
    const { page } = browser;
    page.setDefaultTimeout(25_000);
    await page.goto(code.url([['openFile', code.remoteUri(path.join(code.workspace, 'requirements.txt'))]]));
    await page.locator('.squiggly-error').first().waitFor();
    assert.doesNotMatch(received, /geheim/u);
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input:visible');
    await input.first().waitFor();
    await page.keyboard.type('Set Redis Password');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Set Redis Password' }).first().waitFor();
    await page.keyboard.press('Enter');
    try {
      await page.locator('.quick-input-widget input[type="password"]').waitFor();
      await page.keyboard.type('geheim-42');
      await page.keyboard.press('Enter');
      while (!received.includes('geheim-42')) {
        await once(redis, 'received', { signal: AbortSignal.timeout(25_000) });
      }
    } finally {
      await screenshot(page, `ui-${version}-redis-password.png`);
    }
  });
});
