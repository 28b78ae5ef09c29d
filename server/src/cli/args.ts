import { parseArgs } from 'node:util';
import { decodeSettings, defaultSettings } from '../../../protocol/settings.ts';

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
  | ({ readonly kind: 'db' } & DbArguments);

export interface ScanArguments {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly output: string | undefined;
  readonly failOn: FailOn;
  readonly osvUrl: string;
  /** Ask the local advisory database, and nobody else. */
  readonly offline: boolean;
  /** Its folder; the default one where `undefined`. */
  readonly database: string | undefined;
  readonly cacheTtlMinutes: number;
  readonly timeoutSeconds: number | undefined;
  readonly log: 'json' | 'text';
}

export interface DbArguments {
  readonly action:
    | { readonly kind: 'status' }
    | { readonly kind: 'import'; readonly file: string }
    | { readonly kind: 'update'; readonly bucketUrl: string };
  readonly database: string | undefined;
  readonly format: Format;
}

export const formats = ['text', 'json'] as const;
export type Format = (typeof formats)[number];

export const thresholds = ['none', 'low', 'medium', 'high', 'critical', 'any'] as const;
export type FailOn = (typeof thresholds)[number];

const osvBucketUrl = 'https://osv-vulnerabilities.storage.googleapis.com';

export const helpText = `Pinwatch checks Python requirements files for known vulnerabilities (data: OSV.dev).

Usage: pinwatch scan [PATH…] [options]
       pinwatch parse FILE… | --jsonl     how pinwatch reads a requirements file, as JSON
       pinwatch version --jsonl           PEP 440 operations, one JSON object a line
       pinwatch match --jsonl [--database DIR]
                                          advisories of the local database, one JSON object a line
       pinwatch db update|status|import FILE [--database DIR] [--format text|json]
                                          the local advisory database, for --offline; FILE is OSV's all.zip or
                                          JSON lines, gzipped or not
       pinwatch --version | --help

PATH is a file, a folder (searched for requirement files) or - for standard input; default is the present folder.

Options of scan
  --format text|json      how to report (default text)
  --output FILE           write the report to FILE instead of standard output
  --fail-on LEVEL         exit with 1 at this severity or above: none, low, medium, high, critical, any (default any);
                          malicious packages and unknown severity always count, but for none
  --osv-url URL           the advisory service (default ${defaultSettings.osvUrl}); https, or http on this machine
  --offline               ask the local advisory database and nobody else (see "pinwatch db")
  --database DIR          the folder of that database; says --offline too
  --no-cache              keep nothing between runs (nothing is kept anyway, yet)
  --timeout SECONDS       give up on the whole scan after this long
  --log text|json         how to log to standard error (default text)

Option of db update
  --osv-bucket-url URL    where OSV keeps its exports (default ${osvBucketUrl})

Exit codes: 0 nothing at or above the threshold · 1 findings · 2 wrong usage · 3 something could not be checked ·
4 nothing to scan
`;

export function readArguments(argv: readonly string[]): Command {
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
      return scanArguments(paths, values);
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
    default:
      return { kind: 'usageError', message: `there is no command "${name}"; try "pinwatch --help"` };
  }
}

const options = {
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  format: { type: 'string' },
  output: { type: 'string' },
  'fail-on': { type: 'string' },
  'osv-url': { type: 'string' },
  'osv-bucket-url': { type: 'string' },
  offline: { type: 'boolean' },
  database: { type: 'string' },
  'cache-ttl': { type: 'string' },
  // Nothing is kept between runs yet, so that there is nothing to switch off.
  'no-cache': { type: 'boolean' },
  timeout: { type: 'string' },
  log: { type: 'string' },
  jsonl: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
}

function tryParse(argv: readonly string[]): ReturnType<typeof parse> | { readonly message: string } {
  try {
    return parse(argv);
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
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

function scanArguments(paths: readonly string[], values: Values): Command {
  const format = oneOf(formats, values.format ?? 'text');
  const failOn = oneOf(thresholds, values['fail-on'] ?? 'any');
  const log = oneOf(['text', 'json'], values.log ?? 'text');
  const osvUrl = values['osv-url'] ?? defaultSettings.osvUrl;
  const decodedUrl = decodeSettings({ osv: { url: osvUrl } });
  const cacheTtlMinutes = Number(values['cache-ttl'] ?? defaultSettings.cacheTtlMinutes);
  const timeoutSeconds = values.timeout === undefined ? undefined : Number(values.timeout);
  if (format === undefined) {
    return wrong('--format', values.format, formats.join(' or '));
  }
  if (values.database === '') {
    return wrong('--database', values.database, 'a folder');
  }
  if (failOn === undefined) {
    return wrong('--fail-on', values['fail-on'], `one of ${thresholds.join(', ')}`);
  }
  if (log === undefined) {
    return wrong('--log', values.log, 'text or json');
  }
  if (decodedUrl.warnings.length > 0) {
    return wrong('--osv-url', osvUrl, 'an https address (http only for this machine)');
  }
  if (!(cacheTtlMinutes > 0)) {
    return wrong('--cache-ttl', values['cache-ttl'], 'a number of minutes above 0');
  }
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) {
    return wrong('--timeout', values.timeout, 'a number of seconds above 0');
  }
  return {
    kind: 'scan',
    paths: paths.length === 0 ? ['.'] : paths,
    format,
    output: values.output,
    failOn,
    osvUrl: decodedUrl.settings.osvUrl,
    // Who names a database means to use it.
    offline: values.offline === true || values.database !== undefined,
    database: values.database,
    cacheTtlMinutes,
    timeoutSeconds,
    log,
  };
}

function dbArguments([action, ...rest]: readonly string[], values: Values): Command {
  const { database } = values;
  const format = oneOf(formats, values.format ?? 'text');
  const bucketUrl = values['osv-bucket-url'] ?? osvBucketUrl;
  // The same rule as for the service: whoever answers decides what looks safe.
  const decodedUrl = decodeSettings({ osv: { url: bucketUrl } });
  if (format === undefined) {
    return wrong('--format', values.format, formats.join(' or '));
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

function wrong(option: string, value: string | undefined, expected: string): Command {
  return { kind: 'usageError', message: `${option} should be ${expected}, not "${value ?? ''}"` };
}

function oneOf<const T extends string>(choices: readonly T[], value: string): T | undefined {
  return choices.find((choice) => choice === value);
}
