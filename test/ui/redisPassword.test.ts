import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { openUiWindow, root, type UiWindow, version } from './uiWindow.ts';

/** A team cache that wants a password, typed by a person. */
describe(`the password of the team cache in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let received = '';
  let redis: net.Server;
  let ui: UiWindow;

  before(async () => {
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
    ui = await openUiWindow({
      workspace: path.join(root, 'test/fixtures/workspace'),
      settings: { 'pinwatch.cache.redisUrl': `redis://127.0.0.1:${port}` },
    });
  });

  after(async () => {
    await ui?.close();
    redis?.close();
  });

  it('is typed once, hidden, and reaches the server, which wants a cache key, too', async () => {
    const { page } = ui;
    await page.locator('.squiggly-error').first().waitFor();
    await typeSecret('Set Cache Key', 'schluessel-42');
    assert.doesNotMatch(received, /geheim|schluessel/u);
    try {
      await typeSecret('Set Redis Password', 'geheim-42');
      while (!received.includes('geheim-42')) {
        await once(redis, 'received', { signal: AbortSignal.timeout(25_000) });
      }
      assert.doesNotMatch(received, /schluessel/u);
    } finally {
      await ui.picture('redis-password');
    }
  });

  /** Runs the command from the palette and types into the box that hides what is typed. */
  async function typeSecret(command: string, secret: string): Promise<void> {
    const { page } = ui;
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input:visible').first().waitFor();
    await page.keyboard.type(command);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: command }).first().waitFor();
    await page.keyboard.press('Enter');
    const box = page.locator('.quick-input-widget input[type="password"]');
    await box.waitFor();
    await page.keyboard.type(secret);
    await page.keyboard.press('Enter');
    await box.waitFor({ state: 'hidden' });
  }
});
