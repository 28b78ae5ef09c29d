import { EnvHttpProxyAgent, fetch } from 'undici';
import { type AnnouncedOsvService, startOsvService } from '../test/vscode/osvService.ts';

/** Where the extension shall look up advisories. */
export type OsvForStart = { readonly kind: 'public' } | ({ readonly kind: 'local' } & AnnouncedOsvService);

/**
 * OSV.dev when it answers; else the service with recorded advisories from the test folder, started here.
 * `onStarted` is told how to stop it at once, while it is still starting.
 */
export async function chooseOsv(onStarted: (stop: () => Promise<void>) => void): Promise<OsvForStart> {
  if (await isOsvReachable()) return { kind: 'public' };
  const { ready, stop } = startOsvService();
  onStarted(stop);
  return { kind: 'local', ...(await ready) };
}

const probeTimeoutMs = 3000;

/** A whole answer about one known advisory: a proxy's error page shall not count. */
async function isOsvReachable(): Promise<boolean> {
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const response = await fetch('https://api.osv.dev/v1/vulns/PYSEC-2018-28', {
      dispatcher,
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // offline, refused, too slow: all the same to a demonstration
  } finally {
    await dispatcher.destroy();
  }
}
