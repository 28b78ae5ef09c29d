import { homedir } from 'node:os';
import path from 'node:path';

/** Where data that can be fetched again belong on this system, in a folder of our own. */
export function defaultDatabaseFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const { LOCALAPPDATA: local = '', XDG_CACHE_HOME: cache = '' } = environment;
  if (platform === 'win32') {
    return path.win32.join(local === '' ? path.win32.join(homedir(), 'AppData', 'Local') : local, 'pinwatch');
  }
  // The XDG specification: a path that is not absolute is to be ignored.
  return path.posix.join(cache.startsWith('/') ? cache : path.posix.join(homedir(), '.cache'), 'pinwatch');
}
