import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { endChild } from './endChild.ts';

export interface StartingOsvService {
  /** Rejects when it ends before it is ready. */
  readonly ready: Promise<AnnouncedOsvService>;
  /** Resolves when its process is gone, also where it was still starting. */
  readonly stop: () => Promise<void>;
}

export interface AnnouncedOsvService {
  readonly url: string;
  /** How many recorded advisories it answers from. */
  readonly records: number;
}

const ownMain = path.resolve(import.meta.dirname, '..', 'osv-service', 'main.ts');

/** Starts test/osv-service as a process of its own, on a free loopback port. It can be stopped before it is ready. */
export function startOsvService(main = ownMain): StartingOsvService {
  const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ready = announcedBy(child);
  ready.catch(() => {}); // told to whoever awaits it; a stop may come first
  return {
    ready,
    stop: async () => {
      await endChild(child);
      process.off('exit', killAtExit);
    },
  };
}

function announcedBy(child: ChildProcess): Promise<AnnouncedOsvService> {
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
