import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { EnvHttpProxyAgent, fetch } from 'undici';

/** Where the extension shall look up advisories. */
export type OsvForStart =
  | { readonly kind: 'public' }
  | { readonly kind: 'local'; readonly url: string; readonly records: number; stop(): void };

/** OSV.dev when it answers; else the service with recorded advisories from the test folder, started here. */
export async function chooseOsv(root: string): Promise<OsvForStart> {
  return (await isOsvReachable()) ? { kind: 'public' } : startLocalOsv(root);
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

async function startLocalOsv(root: string): Promise<OsvForStart> {
  const child = spawn(process.execPath, [path.join(root, 'test', 'osv-service', 'main.ts'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => void child.kill();
  process.once('exit', stop);
  const [url, records] = await announcedBy(child);
  return { kind: 'local', url, records, stop };
}

function announcedBy(child: ChildProcess): Promise<readonly [url: string, records: number]> {
  return new Promise((resolve, reject) => {
    let written = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-2000);
      const [, url, records] = /^OSV service on (\S+) \((\d+) records\)/mu.exec(written) ?? [];
      if (url !== undefined) resolve([url, Number(records)]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The local OSV service ended with ${code} before it was ready.`)));
  });
}
