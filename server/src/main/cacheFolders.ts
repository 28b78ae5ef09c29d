import { existsSync } from 'node:fs';
import { defaultSettings } from '../../../protocol/settings.ts';
import type { CacheFolderFigures, CacheFolders } from '../cli/io.ts';
import { createDiskCache } from '../hosts/node/cache/diskCache.ts';
import { systemClock } from '../hosts/node/process/systemClock.ts';
import type { CacheTier } from '../engine/store/cacheTier.ts';

/** What folders keep of former runs; `secret` is `PINWATCH_CACHE_KEY`. */
export function cacheFolders(secret: () => string | undefined): CacheFolders {
  return {
    stats: (folder) => withCache(folder, secret(), () => Promise.resolve(0)),
    clear: (folder) => withCache(folder, secret(), (tier) => tier.clear()),
  };
}

/** The figures are those of before. A folder that is not there is not made: it keeps nothing. */
async function withCache(
  folder: string,
  secret: string | undefined,
  use: (tier: CacheTier) => Promise<number>,
): Promise<CacheFolderFigures> {
  if (!existsSync(folder)) {
    return { entries: 0, bytes: 0, rejected: 0, trouble: undefined };
  }
  const log = { error() {}, warn() {}, info() {}, debug() {} };
  const maxBytes = defaultSettings.cacheMaxDiskMegabytes * 1024 * 1024; // nothing is written
  const tier = createDiskCache({ folder, maxBytes, secret, clock: systemClock, log });
  try {
    await tier.read([]);
    const { entries, bytes } = tier.figures;
    const rejected = tier.countRejected();
    await use(tier);
    return { entries, bytes, rejected, trouble: tier.figures.trouble };
  } finally {
    await tier.close();
  }
}
