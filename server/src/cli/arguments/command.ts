import type { FailOn } from './failOn.ts';
import type { LogLevel } from './options.ts';
import type { ReportOutput } from './reportOutputs.ts';

/** What the command line asks for. A mistake is data, not an exception: it becomes exit code 2. */
export type Command =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly isFull: boolean }
  | { readonly kind: 'usageError'; readonly message: string }
  | ({ readonly kind: 'scan' } & ScanArguments)
  | { readonly kind: 'health'; readonly format: PlainFormat; readonly scan: ScanArguments }
  | { readonly kind: 'init'; readonly folder: string }
  | {
      readonly kind: 'config';
      readonly path: string;
      readonly config: string | undefined;
      readonly format: PlainFormat;
      /** Those that win over a configuration. */
      readonly options: Pick<ScanArguments, 'failOn' | 'include' | 'exclude' | 'maxDataAgeDays'>;
    }
  | { readonly kind: 'parse'; readonly paths: readonly string[] }
  | { readonly kind: 'parseLines' }
  | { readonly kind: 'versionOperations' }
  | { readonly kind: 'matchLines'; readonly database: string | undefined }
  | ({ readonly kind: 'db' } & DbArguments)
  | ({ readonly kind: 'cache' } & CacheArguments);

export interface ScanArguments {
  readonly paths: readonly string[];
  readonly outputs: readonly ReportOutput[];
  /** The configuration's where absent, else `any`. */
  readonly failOn: FailOn | undefined;
  /** Anything skipped makes the scan incomplete. */
  readonly strict: boolean;
  /** Older advisory data make the scan incomplete. */
  readonly maxDataAgeDays: number | undefined;
  readonly osvUrl: string;
  /** Ask the local advisory database, and nobody else. */
  readonly offline: boolean;
  /** Its folder; the default one where `undefined`. */
  readonly database: string | undefined;
  /** Instead of the nearest configuration of each path. */
  readonly config: string | undefined;
  /** Globs, in place of those of the configuration. */
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
  /** Folders with installed packages. */
  readonly environments: readonly string[];
  /** The parts of files whose requirements are checked; all where there are none. */
  readonly scopes: readonly string[];
  /** A JSON report: what it has already does not count. */
  readonly baseline: string | undefined;
  /** OpenVEX documents: what they call not affected or fixed is ignored. */
  readonly vex: readonly string[];
  /** Instead of the ignore files beside and above the requirements files. */
  readonly ignoreFile: string | undefined;
  /** Where answers are kept between runs; nothing is kept where `undefined`. */
  readonly cacheDir: string | undefined;
  readonly cacheTtlMinutes: number;
  /** Of the folder. */
  readonly cacheMegabytes: number;
  /** In memory. */
  readonly cacheEntries: number;
  /** Keep nothing between runs, neither on disk nor in Redis. */
  readonly noCache: boolean;
  /** May hold a password: never to be shown or logged. */
  readonly redisUrl: string | undefined;
  /** The package index that fixes are checked against; `undefined` where none is to be asked. */
  readonly indexUrl: string | undefined;
  /** Write the fixes into the files. */
  readonly fix: boolean;
  /** Print what the fixes would change, and write nothing. */
  readonly dryRun: boolean;
  readonly metricsOut: string | undefined;
  readonly timeoutSeconds: number | undefined;
  /** Of one request, without a byte. */
  readonly requestTimeoutSeconds: number;
  /** The most requests to the advisory service at a time. */
  readonly concurrency: number;
  readonly log: 'json' | 'text';
  readonly logLevel: LogLevel;
}

export interface CacheArguments {
  readonly action: 'stats' | 'clear';
  readonly cacheDir: string | undefined;
  readonly format: PlainFormat;
  readonly log: 'json' | 'text';
}

export interface DbArguments {
  readonly action:
    | { readonly kind: 'status' }
    | { readonly kind: 'import'; readonly file: string }
    | { readonly kind: 'update'; readonly bucketUrl: string };
  readonly database: string | undefined;
  readonly format: PlainFormat;
  readonly log: 'json' | 'text';
}

/** For what is no report. */
export const plainFormats = ['text', 'json'] as const;

export type PlainFormat = (typeof plainFormats)[number];

export type CliEnvironment = Readonly<Record<string, string | undefined>>;
