import type { CacheArguments } from '../arguments/command.ts';
import { jsonText } from '../../core/report/formats/jsonText.ts';
import { plainText } from '../../core/text/plainText.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliIo } from '../io.ts';
import { stderrLog } from '../stderrLog.ts';

/** `pinwatch cache stats|clear`: what is kept between runs. */
export async function runCache(
  { action, cacheDir, format, log: logFormat }: CacheArguments,
  io: CliIo,
): Promise<number> {
  const { cache } = io;
  const log = stderrLog(io, { format: logFormat });
  if (cache === undefined) {
    log.error('this pinwatch keeps nothing between runs');
    return exitCodes.usage;
  }
  if (cacheDir === undefined) {
    log.error('say which cache: --cache-dir DIR, as for "pinwatch scan"');
    return exitCodes.usage;
  }
  const folder = cacheDir;
  const { entries, bytes, rejected, trouble } =
    action === 'stats' ? await cache.stats(folder) : await cache.clear(folder);
  const shown = plainText(folder, 1000);
  if (action === 'clear' && logFormat === 'json') {
    // The text says so itself.
    log.info(`the cache in "${shown}" was cleared`, { event: 'cache.cleared', entries, bytes });
  }
  if (format === 'json') {
    const json = action === 'stats' ? { folder, entries, bytes, rejected } : { folder, cleared: entries };
    io.stdout(`${jsonText({ ...json, trouble: trouble ?? null }, 2)}\n`);
  } else if (action === 'stats') {
    const unused = rejected === 0 ? '' : `, ${rejected} of them not used: not kept with the current PINWATCH_CACHE_KEY`;
    io.stdout(`Cache: ${shown}\n${entries} entries, ${(bytes / 1024 / 1024).toFixed(1)} MB${unused}\n`);
  } else {
    io.stdout(`Removed ${entries} entries from ${shown}\n`);
  }
  if (trouble !== undefined) {
    log.error(`the cache in "${shown}" cannot be used: ${plainText(trouble)}`);
    return exitCodes.usage;
  }
  return exitCodes.clean;
}
