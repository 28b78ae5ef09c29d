import type { CliEnvironment, Command } from './command.ts';
import type { Values } from './parseOptions.ts';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { thresholds } from './failOn.ts';
import { logFormats, logLevels } from './options.ts';
import { oneOf, positiveNumber, serviceUrl, wholeNumber, wrong } from './optionValues.ts';
import { reportOutputs } from './reportOutputs.ts';

/** The options of `pinwatch scan`, or the first mistake in them. */
export function scanArguments(paths: readonly string[], values: Values, environment: CliEnvironment): Command {
  const given = reportOutputs(values.format, values.output ?? []);
  if ('kind' in given) {
    return given;
  }
  // The diff of a dry run takes the place of a report that nobody asked for.
  const isDefault = values['dry-run'] === true && values.format === undefined && values.output === undefined;
  const outputs = isDefault ? [] : given;
  const failOn = values['fail-on'] === undefined ? undefined : oneOf(thresholds, values['fail-on']);
  if (values['fail-on'] !== undefined && failOn === undefined) {
    return wrong('--fail-on', values['fail-on'], `one of ${thresholds.join(', ')}`);
  }
  const askedAge = values['max-data-age'];
  const maxDataAgeDays = askedAge === undefined ? undefined : positiveNumber(askedAge, mostDays);
  if (askedAge !== undefined && maxDataAgeDays === undefined) {
    return wrong('--max-data-age', values['max-data-age'], `a number of days above 0, at most ${mostDays}`);
  }
  const log = oneOf(logFormats, values.log ?? 'text');
  if (log === undefined) {
    return wrong('--log', values.log, 'text or json');
  }
  const logLevel = oneOf(logLevels, values['log-level'] ?? 'info');
  if (logLevel === undefined) {
    return wrong('--log-level', values['log-level'], `one of ${logLevels.join(', ')}`);
  }
  const concurrency = wholeNumber(values.concurrency ?? String(defaultSettings.osvConcurrency), mostAtOnce);
  if (concurrency === undefined) {
    return wrong('--concurrency', values.concurrency, `a whole number from 1 to ${mostAtOnce}`);
  }
  const requestTimeoutSeconds = positiveNumber(
    values['request-timeout'] ?? String(defaultSettings.osvTimeoutSeconds),
    mostRequestSeconds,
  );
  if (requestTimeoutSeconds === undefined) {
    return wrong(
      '--request-timeout',
      values['request-timeout'],
      `a number of seconds above 0, at most ${mostRequestSeconds}`,
    );
  }
  const cacheMegabytes = wholeNumber(
    values['cache-size'] ?? String(defaultSettings.cacheMaxDiskMegabytes),
    mostMegabytes,
  );
  if (cacheMegabytes === undefined) {
    return wrong('--cache-size', values['cache-size'], `a whole number of megabytes from 1 to ${mostMegabytes}`);
  }
  const cacheEntries = wholeNumber(values['cache-entries'] ?? String(defaultSettings.cacheMaxEntries), mostEntries);
  if (cacheEntries === undefined) {
    return wrong('--cache-entries', values['cache-entries'], `a whole number from 1 to ${mostEntries}`);
  }
  const osvUrl = serviceUrl(values['osv-url'] ?? defaultSettings.osvUrl);
  if (osvUrl === undefined) {
    return wrong('--osv-url', values['osv-url'], anAddress);
  }
  const askedIndex = values['index-url'] ?? (isOffline(values) ? 'none' : defaultSettings.indexUrl);
  const indexUrl = askedIndex === 'none' ? undefined : serviceUrl(askedIndex);
  if (askedIndex !== 'none' && indexUrl === undefined) {
    return wrong('--index-url', askedIndex, `${anAddress}, or none`);
  }
  const cacheTtlMinutes = positiveNumber(values['cache-ttl'] ?? String(defaultSettings.cacheTtlMinutes), mostMinutes);
  if (cacheTtlMinutes === undefined) {
    return wrong('--cache-ttl', values['cache-ttl'], `a number of minutes above 0, at most ${mostMinutes}`);
  }
  const timeoutSeconds = values.timeout === undefined ? undefined : positiveNumber(values.timeout, mostSeconds);
  if (values.timeout !== undefined && timeoutSeconds === undefined) {
    return wrong('--timeout', values.timeout, `a number of seconds above 0, at most ${mostSeconds}`);
  }
  for (const [option, what] of pathOptions) {
    if (values[option] === '') {
      return wrong(`--${option}`, '', what);
    }
  }
  const noCache = values['no-cache'] === true;
  const redis = redisUrl(values, environment);
  if (typeof redis === 'object') {
    return redis;
  }
  for (const option of ['include', 'exclude', 'vex', 'environment', 'scope'] as const) {
    if (values[option]?.some((one) => one.trim() === '') === true) {
      return wrong(`--${option}`, '', emptyListOption[option]);
    }
  }
  if (values.scope !== undefined && (values.fix === true || values['dry-run'] === true)) {
    return { kind: 'usageError', message: '--fix is about whole files; it cannot be used with --scope' };
  }
  const dryRun = values['dry-run'] === true;
  const fix = values.fix === true || dryRun;
  if (fix && paths.includes('-')) {
    return { kind: 'usageError', message: '--fix writes into files; it cannot change standard input' };
  }
  return {
    kind: 'scan',
    paths: paths.length === 0 ? ['.'] : paths,
    outputs,
    failOn,
    strict: values.strict === true,
    maxDataAgeDays,
    osvUrl,
    offline: isOffline(values),
    database: values.database,
    config: values.config,
    include: values.include,
    exclude: values.exclude,
    environments: values.environment ?? [],
    scopes: values.scope ?? [],
    baseline: values.baseline,
    vex: values.vex ?? [],
    ignoreFile: values['ignore-file'],
    cacheDir: noCache ? undefined : values['cache-dir'],
    cacheTtlMinutes,
    cacheMegabytes,
    cacheEntries,
    noCache,
    redisUrl: noCache ? undefined : redis,
    indexUrl,
    fix,
    dryRun,
    metricsOut: values['metrics-out'],
    timeoutSeconds,
    requestTimeoutSeconds,
    concurrency,
    log,
    logLevel,
  };
}

const emptyListOption = {
  include: 'a glob',
  exclude: 'a glob',
  vex: 'a file',
  environment: 'a folder',
  scope: 'the name of a scope, such as main or dev',
} as const;

const anAddress = 'an https address (http only for this machine)';
const mostAtOnce = 250;
const mostRequestSeconds = 300;
const mostMegabytes = 65_536;
const mostEntries = 1_000_000;
const mostDays = 36_500;
const mostMinutes = 525_600;
// A timer of Node cannot wait longer than 24.8 days.
const mostSeconds = 86_400;

const pathOptions = [
  ['database', 'a folder'],
  ['cache-dir', 'a folder'],
  ['ignore-file', 'a file'],
  ['config', 'a file'],
  ['baseline', 'a file'],
  ['metrics-out', 'a file'],
] as const;

/** Who names a database means to use it. */
function isOffline(values: Values): boolean {
  return values.offline === true || values.database !== undefined;
}

/** The address, or the mistake in it, told without the address: it may hold a password. */
function redisUrl(values: Values, environment: CliEnvironment): string | undefined | Command {
  const option = values['redis-url'];
  const url = option ?? environment.PINWATCH_REDIS_URL ?? '';
  if (url === '' && option === undefined) {
    return undefined;
  }
  const from = option === undefined ? 'PINWATCH_REDIS_URL' : '--redis-url';
  return /^rediss?:\/\/[^\s/?#]+(\/\d{0,5})?$/u.test(url)
    ? url
    : { kind: 'usageError', message: `${from} should be an address such as redis://host:6379 or rediss://host:6379/0` };
}
