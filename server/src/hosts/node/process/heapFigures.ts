import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import type { MemoryFigures } from '../../../engine/store/memoryPressure.ts';

/**
 * Of the old generation, whose limit it is that ends a process. V8 tells only the sum of it and the young one, which may be
 * four times as large: so `--max-old-space-size` counts where it was given.
 */
export function heapFigures(options: readonly string[] = nodeOptions()): MemoryFigures {
  const stated = options.flatMap((option) => /^--max[-_]old[-_]space[-_]size=(\d+)$/u.exec(option)?.[1] ?? []).at(-1);
  const old = getHeapSpaceStatistics().filter(({ space_name: name }) => !name.startsWith('new_'));
  return {
    usedBytes: old.reduce((sum, { space_used_size: used }) => sum + used, 0),
    limitBytes: stated === undefined ? getHeapStatistics().heap_size_limit : Number(stated) * 1024 * 1024,
  };
}

function nodeOptions(): readonly string[] {
  return [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/u), ...process.execArgv];
}
