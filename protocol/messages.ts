/** Every custom message: its method, direction and payload. Payloads are plain JSON. */

/** Server to client, whenever the state or a figure in it changes. */
export const statusMethod = 'pinwatch/status';

export interface StatusParams {
  readonly state: ServiceState;
  /** Requirements in the open requirement files, by what became of them. */
  readonly vulnerable: number;
  readonly possiblyVulnerable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cache: CacheFigures;
  /** Where advisories come from; shown when it is not OSV itself. */
  readonly source: { readonly url: string; readonly isDefault: boolean };
  /** One sentence for people: why the state is what it is. */
  readonly message?: string;
}

/**
 * `scanning`: a look-up is under way · `degraded`: some requirements could not be checked · `offline`: nobody answers ·
 * `error`: the server itself is at fault.
 */
export type ServiceState = 'idle' | 'scanning' | 'degraded' | 'offline' | 'error';

export interface CacheFigures {
  readonly hits: number;
  readonly misses: number;
  /** 0 to 1; 0 where nothing was asked. */
  readonly hitRate: number;
  readonly entries: number;
}

/** Params of `pinwatch.server.rescan`: the files to check anew; where absent every requirement file of the workspace. */
export interface RescanParams {
  readonly uris?: readonly string[];
}

/** Result of `pinwatch.server.rescan`. */
export interface RescanResult {
  readonly files: number;
  readonly requirements: number;
  readonly vulnerable: number;
  readonly failed: number;
}

/** Result of `pinwatch.server.clearCache`. */
export interface ClearCacheResult {
  readonly entries: number;
}

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
    readonly disk: { readonly entries: number; readonly bytes: number; readonly hits: number; readonly misses: number };
    readonly redis: null;
  };
  readonly osv: {
    readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
    readonly retries: number;
    readonly failures: number;
    readonly circuit: 'closed' | 'open' | 'half-open';
    readonly inFlight: number;
  };
  readonly scans: {
    readonly count: number;
    readonly queued: number;
    readonly running: number;
    readonly durationMs: DurationFigures;
  };
  readonly process: { readonly rssBytes: number; readonly uptimeSeconds: number };
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

/** Result of `pinwatch.server.health`. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'offline';
  readonly version: string;
  readonly node: string;
  readonly osvUrl: string;
  /** When OSV last answered, RFC 3339; `null` if it never has. */
  readonly lastAnswerAt: string | null;
  readonly lastError: string | null;
}

/** What the client hands over in `initializationOptions`. */
export interface InitializationOptions {
  readonly storagePath?: string;
  readonly globalStoragePath?: string;
  readonly settings?: { readonly pinwatch?: unknown };
  /** The client has the commands of `editorCommands`; without it the server offers its own. */
  readonly editorCommands?: boolean;
}
