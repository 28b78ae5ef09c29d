import { osvBucketUrl } from '../../../../protocol/ids.ts';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { reportFormat, reportFormatIds } from '../../core/report/formats.ts';
import { thresholds } from './failOn.ts';

/** An option of the command line: the parser and the help follow from this. */
export interface CommandLineOption {
  readonly type: 'boolean' | 'string';
  readonly multiple?: true;
  readonly short?: string;
  /** In the help below this title; absent for what stands in the lines on usage. */
  readonly section?: HelpSection;
  /** What follows the option, such as `URL`. */
  readonly value?: string;
  readonly help?: string;
  /** Listed under the help: a word and what it means. */
  readonly choices?: readonly (readonly [word: string, meaning: string])[];
}

export type HelpSection = (typeof helpSections)[number];

/** In the order of the help. */
export const helpSections = [
  'Options of scan: the report',
  'Options of scan: what counts',
  'Options of scan: where the advisories come from',
  'Options of scan: what is kept between runs',
  'Option of db update',
] as const;

const [theReport, whatCounts, theAdvisories, whatIsKept, ofUpdate] = helpSections;
const { offlineMaxDataAgeDays, osvUrl, indexUrl, osvConcurrency, osvTimeoutSeconds } = defaultSettings;
const { cacheTtlMinutes, cacheMaxDiskMegabytes, cacheMaxEntries } = defaultSettings;

export const logFormats = ['text', 'json'] as const;

/** Each has those before it, too. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

export const options = {
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  jsonl: { type: 'boolean' },

  format: {
    type: 'string',
    section: theReport,
    value: 'FORMAT',
    help: 'how to report (default text):',
    choices: reportFormatIds.map((id) => [id, reportFormat(id).description] as const),
  },
  output: {
    type: 'string',
    multiple: true,
    section: theReport,
    value: '[FORMAT=]FILE',
    help:
      'write the report to FILE instead of standard output; can be given several times, each with a format of its own. ' +
      'FILE - is standard output. A file is written whole or not at all',
  },
  'metrics-out': {
    type: 'string',
    section: theReport,
    value: 'FILE',
    help: 'write figures of the scan to FILE, as Prometheus text',
  },
  log: {
    type: 'string',
    section: theReport,
    value: 'text|json',
    help: 'how to log to standard error (default text)',
  },
  'log-level': {
    type: 'string',
    section: theReport,
    value: 'LEVEL',
    help: `what to log: ${logLevels.join(', ')} (default info)`,
  },

  'fail-on': {
    type: 'string',
    section: whatCounts,
    value: 'LEVEL',
    help:
      `exit with 1 at this severity or above: ${thresholds.join(', ')} (default any, or what the configuration says); ` +
      'malicious packages and unknown severity always count, except with none',
  },
  strict: {
    type: 'boolean',
    section: whatCounts,
    help: 'anything skipped makes the scan incomplete (exit code 3)',
  },
  'max-data-age': {
    type: 'string',
    section: whatCounts,
    value: 'DAYS',
    help:
      `advisory data older than this make the scan incomplete (default ${offlineMaxDataAgeDays}): the local database, ` +
      'and answers kept between runs',
  },
  baseline: {
    type: 'string',
    section: whatCounts,
    value: 'REPORT.json',
    help: 'a JSON report of an earlier scan: what it has already is marked as known and does not count',
  },
  config: {
    type: 'string',
    section: whatCounts,
    value: 'FILE',
    help:
      'a pinwatch.toml, or a pyproject.toml with [tool.pinwatch]; without this option the nearest one at or above each ' +
      'PATH, below the root of its repository. Options win over it (see "pinwatch init" and "pinwatch config")',
  },
  include: {
    type: 'string',
    multiple: true,
    section: whatCounts,
    value: 'GLOB',
    help: 'read these files too, as requirements files; can be given several times',
  },
  environment: {
    type: 'string',
    multiple: true,
    section: whatCounts,
    value: 'PATH',
    help: 'check the packages that are installed in a virtual environment or site-packages folder, too',
  },
  scope: {
    type: 'string',
    multiple: true,
    section: whatCounts,
    value: 'NAME',
    help:
      'check only requirements of this scope: main, dev (every group), optional (every extra), build, or one by its ' +
      'name, such as group:docs or docs; can be given several times. What is left out is counted in the last line',
  },
  exclude: {
    type: 'string',
    multiple: true,
    section: whatCounts,
    value: 'GLOB',
    help: 'leave these files of a folder out; can be given several times. They are counted and named',
  },
  vex: {
    type: 'string',
    multiple: true,
    section: whatCounts,
    value: 'FILE',
    help: 'an OpenVEX document: what it says is not affected or fixed is ignored, with its justification',
  },
  'ignore-file': {
    type: 'string',
    section: whatCounts,
    value: 'FILE',
    help:
      'an osv-scanner.toml, or a pyproject.toml with [tool.uv.audit]; without this option the nearest of each above ' +
      'every requirements file is read. What is ignored is shown as ignored and does not count; a malicious package is ' +
      'ignored by its own id only',
  },
  fix: {
    type: 'boolean',
    section: whatCounts,
    help:
      'write the nearest fixes into the files: pins with their hashes, ranges, constraints. Each file is written whole ' +
      'or not at all; report and exit code are about what is left',
  },
  'dry-run': {
    type: 'boolean',
    section: whatCounts,
    help: 'print what --fix would change, as a diff, and write nothing; implies --fix. Where a report goes to standard output, the diff goes to standard error',
  },

  'osv-url': {
    type: 'string',
    section: theAdvisories,
    value: 'URL',
    help: `the advisory service (default ${osvUrl}); https, or http on this machine`,
  },
  offline: {
    type: 'boolean',
    section: theAdvisories,
    help: 'use only the local advisory database and send nothing (see "pinwatch db")',
  },
  database: {
    type: 'string',
    section: theAdvisories,
    value: 'DIR',
    help: 'the folder of that database; implies --offline',
  },
  'index-url': {
    type: 'string',
    section: theAdvisories,
    value: 'URL',
    help:
      `the package index that fixes are checked against (default ${indexUrl}; none switches it off, and so does ` +
      '--offline)',
  },
  concurrency: {
    type: 'string',
    section: theAdvisories,
    value: 'N',
    help: `the most requests at a time (default ${osvConcurrency})`,
  },
  'request-timeout': {
    type: 'string',
    section: theAdvisories,
    value: 'SECONDS',
    help: `how long one request may take without a byte (default ${osvTimeoutSeconds}); it is tried again then`,
  },
  timeout: {
    type: 'string',
    section: theAdvisories,
    value: 'SECONDS',
    help: 'give up on the whole scan after this long',
  },

  'cache-dir': {
    type: 'string',
    section: whatIsKept,
    value: 'DIR',
    help: 'the folder for answers; without it nothing is kept',
  },
  'cache-ttl': {
    type: 'string',
    section: whatIsKept,
    value: 'MINUTES',
    help: `how long an answer is used without asking again (default ${cacheTtlMinutes})`,
  },
  'cache-size': {
    type: 'string',
    section: whatIsKept,
    value: 'MB',
    help: `how large the folder may grow (default ${cacheMaxDiskMegabytes}); what was used longest ago makes room`,
  },
  'cache-entries': {
    type: 'string',
    section: whatIsKept,
    value: 'N',
    help: `how many answers and advisories are held in memory (default ${cacheMaxEntries})`,
  },
  'redis-url': {
    type: 'string',
    section: whatIsKept,
    value: 'URL',
    help:
      'answers shared by a team; better in the environment variable PINWATCH_REDIS_URL, since a command line can be ' +
      'read by others. Used only with PINWATCH_CACHE_KEY',
  },
  'no-cache': {
    type: 'boolean',
    section: whatIsKept,
    help: 'neither use nor keep answers; overrides the other options',
  },

  'osv-bucket-url': {
    type: 'string',
    section: ofUpdate,
    value: 'URL',
    help: `where OSV keeps its exports (default ${osvBucketUrl})`,
  },
} as const satisfies Readonly<Record<string, CommandLineOption>>;

/** Variables of the environment, which others cannot read as they can a command line. */
export const variables = {
  PINWATCH_CACHE_KEY: {
    section: whatIsKept,
    help:
      'in the environment: a secret that stored answers are authenticated with. Without it a folder is used only if it ' +
      'is yours and no one else can write to it',
  },
} as const satisfies Readonly<Record<string, { readonly section: HelpSection; readonly help: string }>>;
