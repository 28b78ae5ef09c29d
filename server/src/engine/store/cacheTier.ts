/**
 * Storage behind the memory: values by key, for this machine (disk) or a team (Redis). What is kept there is a copy;
 * losing it costs time, never an answer. No method throws for what the world does: a tier that fails gives nothing, says
 * so in the log once, and goes on.
 */
export interface CacheTier {
  /** What is missing, damaged, of another schema or too old is left out. Settles within the tier's own time limit. */
  read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>>;
  /** Queued and written off the hot path, in batches; returns at once. */
  write(entries: readonly StoredEntry[]): void;
  /** Forgets what is kept; how many entries that were. */
  clear(): Promise<number>;
  readonly figures: TierFigures;
  /** Absent where the tier cannot tell what has changed: what sums up many values is not kept there. */
  readonly history?: TierHistory | undefined;
  /** Writes what is queued, then closes; settles within a few seconds whatever happens. */
  close(): Promise<void>;
}

/** Without it nobody could know whether what sums up many values still says what these say. */
export interface TierHistory {
  /**
   * The `checkedAt` of all that was put there since then, that moment included, by whomever; by key. `undefined` where it is
   * too much to tell, or the tier fails.
   */
  writtenSince(sinceMs: number): Promise<ReadonlyMap<string, number> | undefined>;
  /** Writes what is queued, in a few seconds at most; whether that was all of it. */
  flush(): Promise<boolean>;
}

export interface StoredValue {
  /** Plain JSON; the tier has checked that it is what was written, and by whom as far as it can; not that it makes sense. */
  readonly json: unknown;
  /** When the service gave it, milliseconds since the epoch. */
  readonly checkedAt: number;
}

export interface StoredEntry extends StoredValue {
  /** A SHA-256 of a canonical, versioned form; see `cacheKey.ts`. */
  readonly key: string;
  /** How long it is worth keeping, from `checkedAt`. What is older than it may be relied on is still shown as stale. */
  readonly maxAgeMs: number;
}

export interface TierFigures {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Values that were there and were not believed: somebody else's, or damaged. Each is a miss too. */
  readonly rejected: number;
  /** Pushed out for room, and removed since they were too old; absent where the tier cannot tell. */
  readonly evicted?: number;
  readonly expired?: number;
  /** For people; `undefined` while the tier works. */
  readonly trouble: string | undefined;
}
