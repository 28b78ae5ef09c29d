import { parseArgs } from 'node:util';
import { decodeSettings } from '../../../protocol/decodeSettings.ts';
import { osvBucketUrl } from '../../../protocol/ids.ts';
import type { FailOn } from './failOn.ts';
import { options } from './options.ts';
import { oneOf, wrong } from './optionValues.ts';
import type { ReportOutput } from './reportOutputs.ts';
import { scanArguments } from './scanArguments.ts';

/** What the command line asks for. A mistake is data, not an exception: it becomes exit code 2. */
export type Command =
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  | { readonly kind: 'usageError'; readonly message: string }
  | ({ readonly kind: 'scan' } & ScanArguments)
  | { readonly kind: 'parse'; readonly paths: readonly string[] }
  | { readonly kind: 'parseLines' }
  | { readonly kind: 'versionOperations' }
  | { readonly kind: 'matchLines'; readonly database: string | undefined }
  | ({ readonly kind: 'db' } & DbArguments)
  | ({ readonly kind: 'cache' } & CacheArguments);

export interface ScanArguments {
  readonly paths: readonly string[];
  readonly outputs: readonly ReportOutput[];
  readonly failOn: FailOn;
  /** Anything skipped makes the scan incomplete. */
  readonly strict: boolean;
  /** Older advisory data make the scan incomplete. */
  readonly maxDataAgeDays: number;
  readonly osvUrl: string;
  /** Ask the local advisory database, and nobody else. */
  readonly offline: boolean;
  /** Its folder; the default one where `undefined`. */
  readonly database: string | undefined;
  /** Instead of the ignore files beside and above the requirements files. */
  readonly ignoreFile: string | undefined;
  /** Where answers are kept between runs; nothing is kept where `undefined`. */
  readonly cacheDir: string | undefined;
  readonly cacheTtlMinutes: number;
  /** Keep nothing between runs, neither on disk nor in Redis. */
  readonly noCache: boolean;
  /** May hold a password: never to be shown or logged. */
  readonly redisUrl: string | undefined;
  /** The package index that fixes are checked against; `undefined` where none is to be asked. */
  readonly indexUrl: string | undefined;
  /** Write the fixes into the files. */
  readonly fix: boolean;
  readonly metricsOut: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly log: 'json' | 'text';
}

export interface CacheArguments {
  readonly action: 'stats' | 'clear';
  readonly cacheDir: string | undefined;
  readonly format: PlainFormat;
}

export interface DbArguments {
  readonly action:
    | { readonly kind: 'status' }
    | { readonly kind: 'import'; readonly file: string }
    | { readonly kind: 'update'; readonly bucketUrl: string };
  readonly database: string | undefined;
  readonly format: PlainFormat;
}

/** For what is no report. */
const plainFormats = ['text', 'json'] as const;
export type PlainFormat = (typeof plainFormats)[number];

export type CliEnvironment = Readonly<Record<string, string | undefined>>;

/** `environment` holds what should not stand on a command line, where others can read it: `PINWATCH_REDIS_URL`. */
export function readArguments(argv: readonly string[], environment: CliEnvironment = {}): Command {
  const parsed = tryParse(argv);
  if ('message' in parsed) {
    return { kind: 'usageError', message: parsed.message };
  }
  const { values, positionals } = parsed;
  if (values.version === true) {
    return { kind: 'version' };
  }
  const [name, ...paths] = positionals;
  if (values.help === true || name === 'help') {
    return { kind: 'help' };
  }
  if (name === undefined) {
    return { kind: 'usageError', message: 'a command is missing; try "pinwatch scan" or "pinwatch --help"' };
  }
  switch (name) {
    case 'scan':
      return scanArguments(paths, values, environment);
    case 'parse':
      return parseArguments(paths, values);
    case 'version':
      return values.jsonl === true
        ? { kind: 'versionOperations' }
        : { kind: 'usageError', message: '"pinwatch version" needs --jsonl; "pinwatch --version" says which pinwatch' };
    case 'match':
      return values.jsonl === true
        ? { kind: 'matchLines', database: values.database }
        : { kind: 'usageError', message: '"pinwatch match" needs --jsonl' };
    case 'db':
      return dbArguments(paths, values);
    case 'cache':
      return cacheArguments(paths, values);
    default:
      return { kind: 'usageError', message: `there is no command "${name}"; try "pinwatch --help"` };
  }
}

export type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
}

function tryParse(argv: readonly string[]): ReturnType<typeof parse> | { readonly message: string } {
  try {
    return parse(argv);
  } catch (error) {
    // Node goes on with advice on arguments that begin with a dash.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    return { message: `${what}; see "pinwatch --help"` };
  }
}

function parseArguments(paths: readonly string[], values: Values): Command {
  if (values.jsonl === true) {
    return { kind: 'parseLines' };
  }
  return paths.length === 0
    ? { kind: 'usageError', message: '"pinwatch parse" needs a file, or --jsonl' }
    : { kind: 'parse', paths };
}

function dbArguments([action, ...rest]: readonly string[], values: Values): Command {
  const { database } = values;
  const format = oneOf(plainFormats, values.format ?? 'text');
  const bucketUrl = values['osv-bucket-url'] ?? osvBucketUrl;
  // The same rule as for the service: whoever answers decides what looks safe.
  const decodedUrl = decodeSettings({ osv: { url: bucketUrl } });
  if (format === undefined) {
    return wrong('--format', values.format, plainFormats.join(' or '));
  }
  if (database === '') {
    return wrong('--database', database, 'a folder');
  }
  if (decodedUrl.warnings.length > 0) {
    return wrong('--osv-bucket-url', bucketUrl, 'an https address (http only for this machine)');
  }
  const [file] = rest;
  if (action === 'import' && file !== undefined && rest.length === 1) {
    return { kind: 'db', action: { kind: 'import', file }, database, format };
  }
  if (action === 'status' && rest.length === 0) {
    return { kind: 'db', action: { kind: 'status' }, database, format };
  }
  if (action === 'update' && rest.length === 0) {
    const action = { kind: 'update', bucketUrl: decodedUrl.settings.osvUrl } as const;
    return { kind: 'db', action, database, format };
  }
  return {
    kind: 'usageError',
    message: 'it is "pinwatch db update", "pinwatch db status" or "pinwatch db import FILE"',
  };
}

function cacheArguments([action, ...rest]: readonly string[], values: Values): Command {
  const format = oneOf(plainFormats, values.format ?? 'text');
  const cacheDir = values['cache-dir'];
  if (format === undefined) {
    return wrong('--format', values.format, plainFormats.join(' or '));
  }
  if (cacheDir === '') {
    return wrong('--cache-dir', cacheDir, 'a folder');
  }
  return (action === 'stats' || action === 'clear') && rest.length === 0
    ? { kind: 'cache', action, cacheDir, format }
    : { kind: 'usageError', message: 'it is "pinwatch cache stats" or "pinwatch cache clear"' };
}
