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
  | { readonly kind: 'versionOperations' };

export interface ScanArguments {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly output: string | undefined;
  readonly failOn: FailOn;
  readonly osvUrl: string;
  readonly cacheTtlMinutes: number;
  readonly timeoutSeconds: number | undefined;
  readonly log: 'json' | 'text';
}

export const formats = ['text', 'json'] as const;
export type Format = (typeof formats)[number];

export const thresholds = ['none', 'low', 'medium', 'high', 'critical', 'any'] as const;
export type FailOn = (typeof thresholds)[number];

export const helpText = `Pinwatch checks Python requirements files for known vulnerabilities (data: OSV.dev).

Usage: pinwatch scan [PATH…] [options]
       pinwatch parse FILE… | --jsonl     how pinwatch reads a requirements file, as JSON
       pinwatch version --jsonl           PEP 440 operations, one JSON object a line
       pinwatch --version | --help

PATH is a file, a folder (searched for requirement files) or - for standard input; default is the present folder.

Options of scan
  --format text|json      how to report (default text)
  --output FILE           write the report to FILE instead of standard output
  --fail-on LEVEL         exit with 1 at this severity or above: none, low, medium, high, critical, any (default any);
                          malicious packages and unknown severity always count, but for none
  --osv-url URL           the advisory service (default ${defaultSettings.osvUrl}); https, or http on this machine
  --no-cache              keep nothing between runs (nothing is kept anyway, yet)
  --timeout SECONDS       give up on the whole scan after this long
  --log text|json         how to log to standard error (default text)

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
    cacheTtlMinutes,
    timeoutSeconds,
    log,
  };
}

function wrong(option: string, value: string | undefined, expected: string): Command {
  return { kind: 'usageError', message: `${option} should be ${expected}, not "${value ?? ''}"` };
}

function oneOf<const T extends string>(choices: readonly T[], value: string): T | undefined {
  return choices.find((choice) => choice === value);
}
