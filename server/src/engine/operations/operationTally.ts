/** How often one operation ran, and how long it took. Milliseconds; `lastAt` since the epoch. */
export interface OperationTally {
  readonly count: number;
  readonly totalMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly lastMs: number;
  readonly lastAt: number;
  /** The last 100, newest last. */
  readonly recentMs: readonly number[];
}

export interface Measured {
  readonly durationMs: number;
  /** When it ended. */
  readonly at: number;
}

const mostRecent = 100;

export function tallied(before: OperationTally | undefined, { durationMs, at }: Measured): OperationTally {
  const ms = Math.max(0, durationMs); // a clock that was set back
  return {
    count: (before?.count ?? 0) + 1,
    totalMs: (before?.totalMs ?? 0) + ms,
    minMs: Math.min(before?.minMs ?? ms, ms),
    maxMs: Math.max(before?.maxMs ?? ms, ms),
    lastMs: ms,
    lastAt: at,
    recentMs: [...(before?.recentMs ?? []), ms].slice(-mostRecent),
  };
}

/** As another process kept it; `undefined` for anything that is none. */
export function decodeTally(value: unknown): OperationTally | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const fields = value as Partial<Record<keyof OperationTally, unknown>>;
  const numbers = (['count', 'totalMs', 'minMs', 'maxMs', 'lastMs', 'lastAt'] as const).map((key) => fields[key]);
  const recent = fields.recentMs;
  if (!numbers.every(isAmount) || !Array.isArray(recent) || !recent.every(isAmount)) {
    return undefined;
  }
  const [count = 0, totalMs = 0, minMs = 0, maxMs = 0, lastMs = 0, lastAt = 0] = numbers;
  return { count, totalMs, minMs, maxMs, lastMs, lastAt, recentMs: recent.slice(-mostRecent) };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
