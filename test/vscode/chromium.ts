import { existsSync } from 'node:fs';
import { pathOfTool, type ProgressLog } from './install.ts';
import { runCommand } from './runCommand.ts';

/** A Chromium to drive: the one named in CHROMIUM, one on PATH, or Debian's, installed now when we may. */
export async function findChromium(log: ProgressLog): Promise<string> {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, but there is no such file.`);
  }
  const found = chromiumOnPath();
  if (found !== undefined) return found;

  const asRoot = await rootPrefix();
  if (pathOfTool('apt-get') === undefined || asRoot === undefined) throw new Error(noChromium);
  const startedMs = Date.now();
  log('Chromium: installing with apt-get');
  const [command = 'apt-get', ...prefix] = [...asRoot, 'apt-get'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand(command, [...prefix, 'update'], { env });
  await runCommand(command, [...prefix, 'install', '-y', '--no-install-recommends', 'chromium'], { env });
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

/** What to put before a command that needs root; undefined when we may not become root without a password. */
async function rootPrefix(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  if (pathOfTool('sudo') === undefined) return undefined;
  try {
    await runCommand('sudo', ['-n', 'true']);
    return ['sudo', '-n'];
  } catch {
    return undefined; // sudo would ask for a password
  }
}
