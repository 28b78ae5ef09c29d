/** Result of `pinwatch.server.statistics`. */
export interface Statistics {
  readonly cache: {
    readonly memory: {
      readonly entries: number;
      readonly capacity: number;
      readonly hits: number;
      readonly misses: number;
      readonly hitRate: number;
      readonly evictions: number;
    };
    readonly disk: {
      readonly entries: number;
      readonly bytes: number;
      readonly hits: number;
      readonly misses: number;
      /** Rows that were there and were not believed; each is a miss too. */
      readonly rejected: number;
    };
    readonly redis: null | {
      readonly hits: number;
      readonly misses: number;
      readonly rejected: number;
      readonly trouble: string | null;
    };
  };
  readonly osv: {
    readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
    readonly retries: number;
    readonly failures: number;
    readonly circuit: 'closed' | 'open' | 'halfOpen';
    readonly inFlight: number;
  };
  readonly scans: {
    readonly count: number;
    readonly queued: number;
    readonly running: number;
    readonly durationMs: DurationFigures;
    /** Scans that took over a fifth longer than the median of those of their kind and size. */
    readonly slow: { readonly count: number; readonly last?: SlowScanFigures };
  };
  /** `cpuSeconds`: user and system time. */
  readonly process: { readonly rssBytes: number; readonly uptimeSeconds: number; readonly cpuSeconds: number };
  /** Of this session and those before it in this workspace, whatever the settings were. */
  readonly lifetime: {
    /** When the first session began, RFC 3339. */
    readonly since: string;
    /** `scan`, `scan.typing` and `rescan`, each with `.known` where nobody had to be asked; requests and commands by name. */
    readonly operations: Readonly<Record<string, OperationFigures>>;
    /** Scans by the address of the workspace folder that they were for. */
    readonly projects: Readonly<Record<string, Readonly<Record<string, OperationFigures>>>>;
  };
}

/** Milliseconds. `part`: what grew most, waiting for answers or Pinwatch's own work. `at`: RFC 3339. */
export interface SlowScanFigures {
  readonly kind: string;
  readonly durationMs: number;
  readonly usualMs: number;
  readonly part: 'requests' | 'own';
  readonly at: string;
}

/** Milliseconds; the percentiles are of the last 100. */
export interface OperationFigures extends DurationFigures {
  readonly total: number;
  /** Of the last run, and when it ended, RFC 3339. */
  readonly last: number;
  readonly lastAt: string;
}

export interface DurationFigures {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}
