/** Of V8's heap. */
export interface MemoryFigures {
  readonly usedBytes: number;
  /** Beyond this the process ends. */
  readonly limitBytes: number;
}

/** Whether what is in use comes so near to the limit that the next large scan may go beyond it. */
export function isShort({ usedBytes, limitBytes }: MemoryFigures): boolean {
  return usedBytes > limitBytes * shortAbove;
}

/** Whether the next scan of any size may go beyond it. */
export function isUrgent({ usedBytes, limitBytes }: MemoryFigures): boolean {
  return usedBytes > limitBytes * urgentAbove;
}

/** How many entries a cache of this many is to keep; `undefined` where to let go of more would hardly help. */
export function entriesToKeep(entries: number): number | undefined {
  return entries <= fewestEntries ? undefined : Math.max(fewestEntries, Math.floor(entries / 2));
}

const shortAbove = 0.7;
const urgentAbove = 0.85;
// Less than this and every key in a large file would ask storage.
const fewestEntries = 200;
