import { type CliEnvironment, type Command, plainFormats } from './command.ts';
import { decodeSettings } from '../../../../protocol/decodeSettings.ts';
import { osvBucketUrl } from '../../../../protocol/ids.ts';
import { type ParsedArguments, parseOptions, type Values } from './parseOptions.ts';
import { logFormats } from './options.ts';
import { oneOf, wrong } from './optionValues.ts';
import { scanArguments } from './scanArguments.ts';

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
    return { kind: 'help', isFull: name !== undefined && (name !== 'help' || paths.length > 0) };
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
    case 'health':
      return healthArguments(paths, values, environment);
    case 'init':
      return paths.length > 1
        ? { kind: 'usageError', message: 'write "pinwatch init" or "pinwatch init FOLDER"' }
        : { kind: 'init', folder: paths[0] ?? '.' };
    case 'config':
      return configArguments(paths, values);
    default:
      return { kind: 'usageError', message: `there is no command "${name}"; try "pinwatch --help"` };
  }
}

function tryParse(argv: readonly string[]): ParsedArguments | { readonly message: string } {
  try {
    return parseOptions(argv);
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
  const log = oneOf(logFormats, values.log ?? 'text');
  const bucketUrl = values['osv-bucket-url'] ?? osvBucketUrl;
  // The same rule as for the service: the one who answers decides what looks safe.
  const decodedUrl = decodeSettings({ osv: { url: bucketUrl } });
  if (format === undefined) {
    return wrong('--format', values.format, plainFormats.join(' or '));
  }
  if (log === undefined) {
    return wrong('--log', values.log, logFormats.join(' or '));
  }
  if (database === '') {
    return wrong('--database', database, 'a folder');
  }
  if (decodedUrl.warnings.length > 0) {
    return wrong('--osv-bucket-url', bucketUrl, 'an https address (http only for this machine)');
  }
  const [file] = rest;
  if (action === 'import' && file !== undefined && rest.length === 1) {
    return { kind: 'db', action: { kind: 'import', file }, database, format, log };
  }
  if (action === 'status' && rest.length === 0) {
    return { kind: 'db', action: { kind: 'status' }, database, format, log };
  }
  if (action === 'update' && rest.length === 0) {
    const action = { kind: 'update', bucketUrl: decodedUrl.settings.osvUrl } as const;
    return { kind: 'db', action, database, format, log };
  }
  return {
    kind: 'usageError',
    message: 'write "pinwatch db update", "pinwatch db status" or "pinwatch db import FILE"',
  };
}

function cacheArguments([action, ...rest]: readonly string[], values: Values): Command {
  const format = oneOf(plainFormats, values.format ?? 'text');
  const log = oneOf(logFormats, values.log ?? 'text');
  const cacheDir = values['cache-dir'];
  if (format === undefined) {
    return wrong('--format', values.format, plainFormats.join(' or '));
  }
  if (log === undefined) {
    return wrong('--log', values.log, logFormats.join(' or '));
  }
  if (cacheDir === '') {
    return wrong('--cache-dir', cacheDir, 'a folder');
  }
  return (action === 'stats' || action === 'clear') && rest.length === 0
    ? { kind: 'cache', action, cacheDir, format, log }
    : { kind: 'usageError', message: 'write "pinwatch cache stats" or "pinwatch cache clear"' };
}

/** Who is asked, and what is kept, is said as for a scan. */
function healthArguments(paths: readonly string[], values: Values, environment: CliEnvironment): Command {
  const format = oneOf(plainFormats, values.format ?? 'text');
  if (format === undefined) {
    return wrong('--format', values.format, plainFormats.join(' or '));
  }
  if (paths.length > 0) {
    return { kind: 'usageError', message: '"pinwatch health" takes no path' };
  }
  const scan = scanArguments([], { ...values, format: undefined, output: undefined }, environment);
  return scan.kind === 'scan' ? { kind: 'health', format, scan } : scan;
}

function configArguments(paths: readonly string[], values: Values): Command {
  const format = oneOf(plainFormats, values.format ?? 'text');
  if (format === undefined) {
    return wrong('--format', values.format, plainFormats.join(' or '));
  }
  if (paths.length > 1) {
    return { kind: 'usageError', message: 'write "pinwatch config" or "pinwatch config PATH"' };
  }
  // The options of a scan, with the same mistakes: they win over the file.
  const scan = scanArguments(paths, { ...values, format: undefined, output: undefined }, {});
  return scan.kind === 'scan'
    ? { kind: 'config', path: paths[0] ?? '.', config: values.config, format, options: scan }
    : scan;
}
