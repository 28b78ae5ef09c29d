import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export interface RunningOsvService {
  readonly url: string;
  /** How many recorded advisories it answers from. */
  readonly records: number;
  readonly stop: () => void;
}

/** Starts test/osv-service as a process of its own, on a free loopback port. */
export async function startOsvService(): Promise<RunningOsvService> {
  const main = path.resolve(import.meta.dirname, '..', 'osv-service', 'main.ts');
  const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => {
    process.off('exit', stop);
    child.kill();
  };
  process.once('exit', stop);
  return { ...(await announcedBy(child)), stop };
}

function announcedBy(child: ChildProcess): Promise<{ readonly url: string; readonly records: number }> {
  return new Promise((resolve, reject) => {
    let written = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-2000);
      const [, url, records] = /^OSV service on (\S+) \((\d+) records\)/mu.exec(written) ?? [];
      if (url !== undefined) resolve({ url, records: Number(records) });
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The local OSV service ended with ${code} before it was ready.`)));
  });
}
