import { defaultSettings } from '../../../protocol/settings.ts';
import { reportFormats } from '../core/report/renderReport.ts';
import type { CliEnvironment, Command, Values } from './args.ts';
import { thresholds } from './failOn.ts';
import { oneOf, positiveNumber, serviceUrl, wrong } from './optionValues.ts';

/** The options of `pinwatch scan`, or the first mistake in them. */
export function scanArguments(paths: readonly string[], values: Values, environment: CliEnvironment): Command {
  const format = oneOf(reportFormats, values.format ?? 'text');
  if (format === undefined) {
    return wrong('--format', values.format, `one of ${reportFormats.join(', ')}`);
  }
  const failOn = oneOf(thresholds, values['fail-on'] ?? 'any');
  if (failOn === undefined) {
    return wrong('--fail-on', values['fail-on'], `one of ${thresholds.join(', ')}`);
  }
  const log = oneOf(['text', 'json'], values.log ?? 'text');
  if (log === undefined) {
    return wrong('--log', values.log, 'text or json');
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
  if (noCache && (values['cache-dir'] !== undefined || values['redis-url'] !== undefined)) {
    return { kind: 'usageError', message: '--no-cache keeps nothing; leave out --cache-dir and --redis-url' };
  }
  const redis = redisUrl(values, environment);
  if (typeof redis === 'object') {
    return redis;
  }
  const fix = values.fix === true;
  if (fix && paths.includes('-')) {
    return { kind: 'usageError', message: '--fix writes into files; it cannot change standard input' };
  }
  return {
    kind: 'scan',
    paths: paths.length === 0 ? ['.'] : paths,
    format,
    output: values.output,
    failOn,
    osvUrl,
    offline: isOffline(values),
    database: values.database,
    ignoreFile: values['ignore-file'],
    cacheDir: values['cache-dir'],
    cacheTtlMinutes,
    noCache,
    redisUrl: noCache ? undefined : redis,
    indexUrl,
    fix,
    metricsOut: values['metrics-out'],
    timeoutSeconds,
    log,
  };
}

const anAddress = 'an https address (http only for this machine)';
const mostMinutes = 525_600;
// A timer of Node cannot wait longer than 24.8 days.
const mostSeconds = 86_400;

const pathOptions = [
  ['database', 'a folder'],
  ['cache-dir', 'a folder'],
  ['output', 'a file'],
  ['ignore-file', 'a file'],
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
