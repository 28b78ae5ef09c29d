import { pathOfTool } from './pathOfTool.ts';
import { runCommand } from './runCommand.ts';

/** Installs Debian packages where we may: as root, or by a sudo that asks for no password. False where we may not. */
export async function aptInstall(packages: readonly string[], onStart: () => void): Promise<boolean> {
  const asRoot = await rootPrefix();
  if (pathOfTool('apt-get') === undefined || asRoot === undefined) return false;
  onStart();
  const [command = 'apt-get', ...prefix] = [...asRoot, 'apt-get'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another run may hold the lists this moment, or a mirror be gone: the lists at hand may do all the same.
  await runCommand(command, [...prefix, 'update'], { env }).catch(() => undefined);
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-y', '--no-install-recommends'];
  await runCommand(command, [...prefix, 'install', ...options, ...packages], { env });
  return true;
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
