import assert from 'node:assert/strict';
import { defaultSettings } from '../../../protocol/settings.ts';
import { normalizeName } from '../../../server/src/core/packages/packageName.ts';
import { silentLog } from '../../../server/src/engine/ports.ts';
import { createEngine } from '../../../server/src/main/createEngine.ts';
import { startConnectProxy } from '../../support/connectProxy.ts';
import { lookupFailure } from '../../support/lookupFailure.ts';
import { startPackageIndex } from '../../support/packageIndexService.ts';

const { signal } = new AbortController();
const name = normalizeName('demo');

describe('the engine that the settings ask for', () => {
  it('reaches the package index through a proxy that is set meanwhile, at once', async () => {
    const [service, proxy] = [
      await startPackageIndex({ demo: [{ filename: 'demo-1.0.tar.gz' }] }),
      await startConnectProxy(),
    ];
    const settings = { ...defaultSettings, networkTransport: 'direct', indexUrl: byName(service.url) } as const;
    const engine = createEngine({ settings, version: '1.2.3', log: silentLog, access: { params: { noProxy: ['*'] } } });
    try {
      const ask = () => engine.index?.releases(name, signal) ?? assert.fail('there is no index');
      assert.equal((await lookupFailure(ask())).reason, 'offline');
      await lookupFailure(ask()); // nobody is asked after a failure
      engine.useNetwork({ proxyUrl: proxy.url });
      assert.equal((await ask())?.length, 1);
      assert.equal(proxy.asked.length, 1);
    } finally {
      await Promise.all([engine.close(), service.close(), proxy.close()]);
    }
  });
});

/** A name that only the proxies of these tests can find. */
function byName(url: string): string {
  return url.replace('127.0.0.1', 'index.test');
}
