import type { Finding } from '../assessment/finding.ts';
import type { Range } from '../requirements/model.ts';
import { findingText } from './findingText.ts';
import { fingerprint } from './fingerprint.ts';
import { ageInDays } from './freshness.ts';
import type { Headline } from './headline.ts';
import { type Level, levelOf } from './levels.ts';
import { jsonText } from './jsonText.ts';
import { plainText } from './plainText.ts';
import { percentEncode } from './purl.ts';
import type { ReportContext } from './reportContext.ts';
import { type ReportedFinding, reportedFindings } from './reportedFindings.ts';
import { sarifRule } from './sarifRule.ts';
import { reportHeadline } from './reportCoverage.ts';
import { type ScanReport, summarize } from './scanReport.ts';
import { skippedPathText } from './skippedPaths.ts';
import { type UncheckedLine, uncheckedLines } from './uncheckedLines.ts';

/**
 * SARIF 2.1.0: one rule for each vulnerability, one result for each requirement that has it. What could not be checked
 * is a notification, and the run is then not successful, so that no reader takes it for a clean one.
 */
export function sarifReport(report: ScanReport, { tool, time }: ReportContext): string {
  const reported = reportedFindings(report);
  const rules = rulesOf(reported);
  const headline = reportHeadline(report);
  const dataAge = report.freshness?.dataAgeSeconds;
  const paths = report.files.map(({ path }) => path);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Pinwatch',
            version: tool.version,
            semanticVersion: tool.version,
            rules: rules.map(({ finding, level }) => sarifRule(finding, level)),
            notifications: notificationKinds.map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        invocations: [
          {
            executionSuccessful: headline.isComplete,
            endTimeUtc: time,
            toolExecutionNotifications: [...executionNotifications(report, paths), ...headlineNotifications(headline)],
            toolConfigurationNotifications: (report.ignoreFiles ?? []).flatMap(({ path, problems }) =>
              problems.map(({ code, message, range }) =>
                notification('ignore', 'warning', plainText(message), code, [location(path, range, paths)]),
              ),
            ),
          },
        ],
        artifacts: paths.map((path) => ({ location: artifactLocation(path, paths), roles: ['analysisTarget'] })),
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [sourceRoot]: { description: { text: 'The folder that was scanned from.' } } },
        results: results(
          reported,
          rules.map(({ finding }) => finding.id),
          paths,
        ),
        properties: {
          source: report.source,
          summary: summarize(report.files),
          headline: headline.text,
          ...(dataAge === undefined ? {} : { dataAgeDays: ageInDays(dataAge) }),
        },
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
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

function results(
  reported: readonly ReportedFinding[],
  ruleIds: readonly string[],
  paths: readonly string[],
): readonly object[] {
  const seen = new Map<string, number>();
  return reported.map((one) => {
    const { path, requirement, finding, verdict } = one;
    // Neither line nor version: an alert stays the same one when its line moves or the pin changes to no avail.
    const identity = fingerprint(path, requirement.normalizedName, finding.id);
    const nth = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, nth);
    return {
      ruleId: finding.id,
      ruleIndex: ruleIds.indexOf(finding.id),
      kind: 'fail',
      level: levelOf(one),
      message: { text: messageText(findingText(requirement, requirement.version, finding)) },
      locations: [location(path, requirement.tokenRange, paths)],
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
  });
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

function executionNotifications(report: ScanReport, paths: readonly string[]): readonly object[] {
  return [
    ...uncheckedLines(report).map(({ kind, path, range, code, message }) =>
      notification(kind, notificationLevels[kind], message, code, [location(path, range, paths)]),
    ),
    ...(report.unread ?? []).map((message) => notification('unread', 'error', plainText(message), 'file', [])),
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

function location(path: string, { start, end }: Range, paths: readonly string[]): object {
  return {
    physicalLocation: {
      artifactLocation: artifactLocation(path, paths),
      region: {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    },
  };
}

/** A relative path stays below the scanned folder; an absolute one becomes a file address. */
function artifactLocation(path: string, paths: readonly string[]): object {
  const index = paths.indexOf(path);
  const known = index < 0 ? {} : { index };
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
