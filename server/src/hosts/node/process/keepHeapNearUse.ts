import { setFlagsFromString } from 'node:v8';
import { collectGarbage } from './collectGarbage.ts';

const lookEveryMs = 100;

/**
 * From now on V8 collects garbage when the heap is larger by this share than what is in use. On its own it begins far above that:
 * scans with 45 MB in use filled 160. The limit that it starts with holds until the first full collection, so that one is made.
 */
export function keepHeapNearUse(growthPercent: number): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  collectGarbage('regular');
}

/** The same from the moment that the process is larger than this. Keeps no process from ending. */
export function keepHeapNearUseBeyond(bytes: number, growthPercent: number): void {
  const look = (): boolean => {
    const isBeyond = process.memoryUsage.rss() > bytes;
    if (isBeyond) keepHeapNearUse(growthPercent);
    return isBeyond;
  };
  if (!look()) {
    const timer = setInterval(() => look() && clearInterval(timer), lookEveryMs).unref();
  }
}
