import { EnvHttpProxyAgent, fetch } from 'undici';
import { type RunningOsvService, startOsvService } from '../test/vscode/osvService.ts';

/** Where the extension shall look up advisories. */
export type OsvForStart = { readonly kind: 'public' } | { readonly kind: 'local'; readonly service: RunningOsvService };

/** OSV.dev when it answers; else the service with recorded advisories from the test folder, started here. */
export async function chooseOsv(): Promise<OsvForStart> {
  return (await isOsvReachable()) ? { kind: 'public' } : { kind: 'local', service: await startOsvService() };
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
