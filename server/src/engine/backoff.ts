export interface BackoffRule {
  readonly firstMs: number;
  /** No limit where absent. */
  readonly longestMs?: number;
  /** What chance makes of a delay: at least and at most so many times as long. As it is where absent. */
  readonly spread?: readonly [least: number, most: number];
}

/**
 * How long to wait before another try: twice as long each time. `failed` counts from 0; `random`, 0 up to 1, keeps those
 * that failed together from returning together.
 */
export function backoffMs(
  { firstMs, longestMs = Infinity, spread = [1, 1] }: BackoffRule,
  failed: number,
  random = 0,
): number {
  const [least, most] = spread;
  return Math.min(firstMs * 2 ** failed, longestMs) * (least + random * (most - least));
}
