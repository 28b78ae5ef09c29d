import type { Range } from '../../text/position.ts';
import { policyCodes } from '../../assessment/policyFinding.ts';
import type { Finding } from '../../assessment/finding.ts';
import { findingText } from '../findingText.ts';
import { fingerprint } from '../fingerprint.ts';
import { ageInDays } from '../freshness.ts';
import type { Headline } from '../headline.ts';
import { JsonList, JsonObject, jsonPieces } from './jsonPieces.ts';
import { type Level, levelOf, policyLevel } from '../levels.ts';
import { plainText } from '../../text/plainText.ts';
import { percentEncode } from '../../packages/purl.ts';
import type { ReportContext } from '../reportContext.ts';
import {
  missingText,
  type ReportedFinding,
  reportedFindings,
  reportedPolicies,
  type ReportedPolicy,
} from '../reportedFindings.ts';
import { worstFirst } from '../worstFirst.ts';
import { sarifRule } from './sarifRule.ts';
import { reportHeadline } from '../reportCoverage.ts';
import { type ScanReport, summarize } from '../scanReport.ts';
import { skippedPathText } from '../skippedPaths.ts';
import { type UncheckedLine, uncheckedLines } from '../uncheckedLines.ts';

/**
 * SARIF 2.1.0: one rule for each vulnerability, one result for each requirement that has it. What could not be checked
 * is a notification, and the run is then not successful, so that no reader takes it for a clean one.
 *
 * Readers refuse more than `limits`: beyond them the least severe results are left out, and a notification says so.
 */
export function sarifReport(report: ScanReport, context: ReportContext, limits = sarifLimits): string {
  return [...sarifPieces(report, context, limits)].join('');
}

/** The same in pieces. */
export function* sarifPieces(
  report: ScanReport,
  { tool, time }: ReportContext,
  limits = sarifLimits,
): Generator<string> {
  const { shown, policies, total } = shownResults(report, limits);
  const rules = rulesOf(shown);
  const policyRules = Object.entries(policyCodes).filter(([code]) =>
    policies.some(({ finding }) => finding.code === code),
  );
  const ruleIndexes = indexes([...rules.map(({ finding }) => finding.id), ...policyRules.map(([code]) => code)]);
  const headline = reportHeadline(report);
  const dataAge = report.freshness?.dataAgeSeconds;
  const paths = indexes(report.files.map(({ path }) => path));
  const log = new JsonObject({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: new JsonList([
      new JsonObject({
        tool: {
          driver: {
            name: 'Pinwatch',
            fullName: `Pinwatch ${tool.version}`,
            informationUri: 'https://www.npmjs.com/package/pinwatch',
            shortDescription: { text: 'Known vulnerabilities of Python requirements.' },
            version: tool.version,
            semanticVersion: tool.version,
            rules: [
              ...rules.map(({ finding, level }) => sarifRule(finding, level)),
              ...policyRules.map(([code, text]) => policyRule(code, text)),
            ],
            notifications: notificationKinds.map(([id, text]) => ({
              id,
              name: id,
              shortDescription: { text },
              fullDescription: { text },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: headline.isComplete,
            endTimeUtc: time,
            toolExecutionNotifications: [
              ...limitNotifications(shown.length + policies.length, total),
              ...executionNotifications(report, paths, limits),
              ...headlineNotifications(headline),
            ],
            toolConfigurationNotifications: (report.ignoreFiles ?? []).flatMap(({ path, problems }) =>
              problems.map(({ code, message, range }) =>
                notification('ignore', 'warning', plainText(message), code, [location(path, range, paths)]),
              ),
            ),
          },
        ],
        artifacts: [...paths.keys()].map((path) => ({
          location: artifactLocation(path, paths),
          roles: ['analysisTarget'],
        })),
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [sourceRoot]: { description: { text: 'The folder that was scanned from.' } } },
        results: new JsonList(
          results(shown, policies, { rules: ruleIndexes, paths, hasBaseline: report.hasBaseline === true }),
        ),
        properties: {
          source: report.source,
          summary: summarize(report.files),
          headline: headline.text,
          ...(dataAge === undefined ? {} : { dataAgeDays: ageInDays(dataAge) }),
        },
      }),
    ]),
  });
  yield* jsonPieces(log);
  yield '\n';
}

export interface SarifLimits {
  readonly results: number;
  /** Of the file as it is sent, compressed. */
  readonly bytes: number;
  /** Of lines that were not assessed. */
  readonly notifications: number;
}

/**
 * GitHub refuses a run of more than 25,000 results or rules and a file of more than 10 MB, compressed; it shows 5,000
 * results. See "SARIF support for code scanning", "Validating your SARIF file", in its documentation.
 */
export const sarifLimits: SarifLimits = { results: 25_000, bytes: 9_500_000, notifications: 5_000 };

/** What the report leaves out, for people; `undefined` where it is complete. Exit code and summary count everything. */
export function leftOutOfSarif(report: ScanReport, limits = sarifLimits): string | undefined {
  const { shown, policies, total } = shownResults(report, limits);
  const count = shown.length + policies.length;
  return total > count ? leftOutText(count, total) : undefined;
}

function leftOutText(shown: number, total: number): string {
  const rest = total - shown;
  return `The SARIF report has ${shown} of ${total} results, the most severe ones: code scanning refuses more. The ${rest} least severe are left out; the JSON report has all.`;
}

/** A result, and which one of its place, package and vulnerability it is. */
interface NumberedFinding extends ReportedFinding {
  readonly nth: number;
}

function shownResults(
  report: ScanReport,
  limits: SarifLimits,
): {
  readonly shown: readonly NumberedFinding[];
  readonly policies: readonly ReportedPolicy[];
  readonly total: number;
} {
  const seen = new Map<string, number>();
  let path: string | undefined;
  const all = reportedFindings(report).map((one) => {
    if (one.path !== path) {
      path = one.path;
      seen.clear();
    }
    const key = `${one.requirement.normalizedName}\n${one.finding.id}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return { ...one, nth };
  });
  const allPolicies = reportedPolicies(report);
  const policies = allPolicies
    .toSorted((a, b) => loudness[policyLevel(b.finding)] - loudness[policyLevel(a.finding)])
    .slice(0, Math.ceil(limits.results / 5));
  const shown = all.sort(worstFirst).slice(0, limits.results - policies.length);
  return { shown: fitting(shown, limits.bytes), policies, total: all.length + allPolicies.length };
}

/** As many as fit into a compressed file of so many bytes, by what their texts come to: what repeats itself takes next to nothing. */
function fitting(all: readonly NumberedFinding[], mostBytes: number): readonly NumberedFinding[] {
  const seen = new Set<string>();
  let bytes = 0;
  const end = all.findIndex(({ finding }) => {
    bytes += bytesOfResult;
    if (!seen.has(finding.id)) {
      seen.add(finding.id);
      bytes +=
        bytesOfRule + 4 * Math.min(finding.summary.length, 300) + finding.url.length + finding.aliases.join().length;
    }
    return bytes > mostBytes;
  });
  return end < 0 ? all : all.slice(0, end);
}

// Measured with texts that nothing is like.
const bytesOfResult = 220;
const bytesOfRule = 300;

/** Where each text stands in the list; of equal ones the first. */
function indexes(texts: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    if (!places.has(text)) {
      places.set(text, index);
    }
  }
  return places;
}

const sourceRoot = '%SRCROOT%';

const notificationKinds = [
  ['failed', 'A requirement could not be checked.'],
  ['skipped', 'A requirement was not assessed.'],
  ['unread', 'A line or a file could not be read.'],
  ['ignored', 'A text has no effect.'],
  ['ignore', 'An ignore does nothing, or could not be read.'],
  ['incomplete', 'The scan is incomplete.'],
  ['skippedPath', 'A file or folder was left out of the search.'],
  ['limit', 'The report would be longer than code scanning takes.'],
] as const;

const notificationLevels: Readonly<Record<UncheckedLine['kind'], Level>> = {
  failed: 'error',
  unread: 'error',
  skipped: 'note',
  ignored: 'warning',
};

/** The loudest of each id's findings stands for its rule. */
function rulesOf(
  reported: readonly ReportedFinding[],
): readonly { readonly finding: Finding; readonly level: Level }[] {
  const rules = new Map<string, { readonly finding: Finding; readonly level: Level }>();
  for (const { finding, verdict } of reported) {
    const level = levelOf({ finding: { ...finding, ignored: undefined }, verdict });
    const before = rules.get(finding.id);
    if (before === undefined || loudness[level] > loudness[before.level]) {
      rules.set(finding.id, { finding, level });
    }
  }
  return [...rules.values()];
}

const loudness: Readonly<Record<Level, number>> = { note: 0, warning: 1, error: 2 };

function* results(
  shown: readonly NumberedFinding[],
  policies: readonly ReportedPolicy[],
  { rules, paths, hasBaseline }: Indexed,
): Generator<object> {
  for (const one of shown) {
    const { path, requirement, finding, verdict, nth } = one;
    // Neither line nor version: an alert stays the same one when its line moves or the pin changes to no avail.
    const identity = fingerprint(path, requirement.normalizedName, finding.id);
    yield {
      ruleId: finding.id,
      ruleIndex: rules.get(finding.id) ?? -1,
      kind: 'fail',
      level: levelOf(one),
      message: { text: messageText(findingText(requirement, requirement.version, finding)) },
      locations: [location(path, requirement.tokenRange, paths)],
      ...(hasBaseline ? { baselineState: finding.known === true ? 'unchanged' : 'new' } : {}),
      ...fixOf(one, paths),
      partialFingerprints: {
        primaryLocationLineHash: `${identity}:${nth}`,
        'pinwatchFinding/v1': `${identity}:${nth}`,
      },
      // Present on all or on none.
      suppressions:
        finding.ignored === undefined
          ? []
          : [{ kind: 'external', status: 'accepted', justification: justification(finding.ignored) }],
      properties: {
        package: requirement.normalizedName,
        version: requirement.version,
        verdict,
        severity: finding.severity,
        records: finding.records,
        fixedVersions: finding.fixedVersions,
      },
    };
  }
  for (const one of policies) {
    yield policyResult(one, { rules, paths, hasBaseline });
  }
}

interface Indexed {
  readonly rules: ReadonlyMap<string, number>;
  readonly paths: ReadonlyMap<string, number>;
  readonly hasBaseline: boolean;
}

function policyRule(code: string, text: string): object {
  return {
    id: code,
    name: code,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: `${text} The rules are those of pinwatch.toml or of the settings.` },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['policy', 'dependency'], precision: 'high' },
  };
}

function policyResult({ path, requirement, finding }: ReportedPolicy, { rules, paths, hasBaseline }: Indexed): object {
  const identity = fingerprint(path, requirement.normalizedName, finding.code);
  const line = requirement.normalizedName === '' ? `:${requirement.range.start.line + 1}` : '';
  return {
    ruleId: finding.code,
    ruleIndex: rules.get(finding.code) ?? -1,
    kind: 'fail',
    level: policyLevel(finding),
    message: { text: messageText(plainText(finding.message)) },
    locations: [location(path, requirement.tokenRange, paths)],
    ...(hasBaseline ? { baselineState: finding.known === true ? 'unchanged' : 'new' } : {}),
    partialFingerprints: { 'pinwatchPolicy/v1': `${identity}${line}` },
    suppressions: [],
    properties: {
      package: requirement.normalizedName,
      version: requirement.version,
      ...(finding.license === undefined ? {} : { license: finding.license }),
    },
  };
}

/** The nearest fix as an edit, where it is no more than another version: nothing stands behind it, as a hash would. */
function fixOf({ path, requirement, finding, verdict }: ReportedFinding, paths: ReadonlyMap<string, number>): object {
  const { range, tokenRange, specifier, version, decidedBy } = requirement;
  const { nearestFix, ignored } = finding;
  const isPlain =
    verdict === 'vulnerable' &&
    version !== null &&
    decidedBy === undefined &&
    /^\(?\s*==\s*[^\s=,*]+\s*\)?$/u.test(specifier) &&
    range.end.line === tokenRange.end.line &&
    range.end.character === tokenRange.end.character;
  if (!isPlain || nearestFix === undefined || ignored !== undefined) {
    return {};
  }
  const { artifactLocation: artifact, region } = placeParts(path, tokenRange, paths);
  const text = `Update ${requirement.normalizedName} to ${nearestFix}.`;
  return {
    fixes: [
      {
        description: { text },
        artifactChanges: [
          {
            artifactLocation: artifact,
            replacements: [{ deletedRegion: region, insertedContent: { text: nearestFix } }],
          },
        ],
      },
    ],
  };
}

function justification({ reason, until }: NonNullable<Finding['ignored']>): string {
  const why = reason === '' ? 'No reason given.' : reason;
  return until === null ? why : `${why} (until ${until})`;
}

/** What the scan as a whole cannot vouch for. */
function headlineNotifications({ isComplete, gaps }: Headline): readonly object[] {
  if (!isComplete) {
    return [notification('incomplete', 'error', `This scan is incomplete: ${gaps.join(', ')}.`, 'incomplete', [])];
  }
  return gaps.length === 0 ? [] : [notification('skipped', 'warning', `${gaps.join(', ')}.`, 'skipped', [])];
}

function limitNotifications(shown: number, total: number): readonly object[] {
  return shown === total ? [] : [notification('limit', 'warning', leftOutText(shown, total), 'limit.results', [])];
}

/** What could not be checked comes before what was skipped or has no effect. */
function noise({ kind }: UncheckedLine): number {
  return kind === 'skipped' || kind === 'ignored' ? 1 : 0;
}

function executionNotifications(
  report: ScanReport,
  paths: ReadonlyMap<string, number>,
  limits: SarifLimits,
): readonly object[] {
  const lines = uncheckedLines(report);
  const rest = lines.length - limits.notifications;
  // What failed is worse than what was skipped; else in the order of the files.
  const ordered = rest > 0 ? lines.toSorted((a, b) => noise(a) - noise(b)) : lines;
  const more = `${rest} more lines were not assessed or not read; the JSON report has all.`;
  return [
    ...ordered
      .slice(0, limits.notifications)
      .map(({ kind, path, range, code, message }) =>
        notification(kind, notificationLevels[kind], message, code, [location(path, range, paths)]),
      ),
    ...(rest > 0 ? [notification('limit', 'warning', more, 'limit.notifications', [])] : []),
    ...missingText(report).map((message) => notification('unread', 'error', plainText(message), 'file', [])),
    ...(report.skippedPaths ?? []).map((one) => notification('skippedPath', 'note', skippedPathText(one), 'path', [])),
  ];
}

function notification(
  kind: (typeof notificationKinds)[number][0],
  level: Level,
  text: string,
  code: string,
  locations: readonly object[],
): object {
  const index = notificationKinds.findIndex(([id]) => id === kind);
  return {
    descriptor: { id: kind, index },
    level,
    message: { text: messageText(text) },
    ...(locations.length === 0 ? {} : { locations }),
    properties: { code },
  };
}

function location(path: string, range: Range, paths: ReadonlyMap<string, number>): object {
  return { physicalLocation: placeParts(path, range, paths) };
}

function placeParts(
  path: string,
  { start, end }: Range,
  paths: ReadonlyMap<string, number>,
): { readonly artifactLocation: object; readonly region: object } {
  return {
    artifactLocation: artifactLocation(path, paths),
    region: {
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    },
  };
}

/** A relative path stays below the scanned folder; an absolute one becomes a file address. */
function artifactLocation(path: string, paths: ReadonlyMap<string, number>): object {
  const index = paths.get(path);
  const known = index === undefined ? {} : { index };
  if (path === '-') {
    return { uri: 'stdin', ...known };
  }
  const slashed = path.replaceAll('\\', '/').replace(/^(\.\/)+/u, '');
  const encoded = slashed.split('/').map(percentEncode).join('/');
  if (/^[A-Za-z]:\//u.test(slashed)) {
    return { uri: `file:///${slashed.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}`, ...known };
  }
  return slashed.startsWith('/')
    ? { uri: `file://${encoded}`, ...known }
    : { uri: encoded, uriBaseId: sourceRoot, ...known };
}

/** In a message, brackets make a link and braces stand for an argument (SARIF 2.1.0, 3.11.5 and 3.11.6). */
function messageText(text: string): string {
  return text.replace(/[[\]\\]/gu, '\\$&').replace(/[{}]/gu, '$&$&');
}
