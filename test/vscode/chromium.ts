import { existsSync } from 'node:fs';
import { aptInstall } from './aptInstall.ts';
import type { ProgressLog } from './install.ts';
import { pathOfTool } from './pathOfTool.ts';

/** A Chromium to drive: the one named in CHROMIUM, one on PATH, or Debian's, installed now when we may. */
export async function findChromium(log: ProgressLog): Promise<string> {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, but there is no such file.`);
  }
  const found = chromiumOnPath();
  if (found !== undefined) return found;

  const startedMs = Date.now();
  await aptInstall(['chromium'], () => log('Chromium: installing with apt-get'));
  const installed = chromiumOnPath();
  if (installed === undefined) throw new Error(noChromium);
  log(`Chromium: installed, ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  return installed;
}

const noChromium =
  'No Chromium found, and it could not be installed with apt-get here. Install chromium or Google Chrome, or name one in CHROMIUM.';

function chromiumOnPath(): string | undefined {
  return ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']
    .map(pathOfTool)
    .find((file) => file !== undefined);
}
