import { existsSync } from 'node:fs';
import type { CacheFolderFigures } from '../cli/io.ts';
import { createDiskCache } from '../platform/cache/diskCache.ts';
import { systemClock } from '../platform/systemClock.ts';
import type { CacheTier } from '../scan/cacheTier.ts';
import { mostCacheBytes } from './mostCacheBytes.ts';

/** What a folder keeps of former runs. */
export function cacheFigures(folder: string): Promise<CacheFolderFigures> {
  return withCache(folder, () => Promise.resolve(0));
}

/** Forgets it; the figures are those of before. */
export function clearCache(folder: string): Promise<CacheFolderFigures> {
  return withCache(folder, (tier) => tier.clear());
}

/** A folder that is not there is not made: it keeps nothing. */
async function withCache(folder: string, use: (tier: CacheTier) => Promise<number>): Promise<CacheFolderFigures> {
  if (!existsSync(folder)) {
    return { entries: 0, bytes: 0, trouble: undefined };
  }
  const log = { error() {}, warn() {}, info() {}, debug() {} };
  const tier = createDiskCache({ folder, maxBytes: mostCacheBytes, clock: systemClock, log });
  try {
    await tier.read([]);
    const { entries, bytes } = tier.figures;
    await use(tier);
    return { entries, bytes, trouble: tier.figures.trouble };
  } finally {
    await tier.close();
  }
}
