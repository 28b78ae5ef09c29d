import type { Range } from '../../text/position.ts';
import type { FileReport } from '../../assessment/fileReport.ts';
import type { RaiseAdvice } from '../../assessment/advice/raise.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { PolicyFinding } from '../../assessment/policyFinding.ts';
import type { Finding } from '../../assessment/finding.ts';
import { ageInDays } from '../freshness.ts';
import { indented, JsonList, JsonObject, jsonPieces, JsonText } from './jsonPieces.ts';
import { jsonText } from './jsonText.ts';
import { outcomeReason } from '../words/outcomeReason.ts';
import type { ReportContext } from '../reportContext.ts';
import { coverageOf, reportHeadline } from '../reportCoverage.ts';
import { type ScanReport, summarize } from '../scanReport.ts';

/** The JSON report, version 1: lines and columns from 1, columns in UTF-16 units, ends exclusive. */
export function jsonReport(report: ScanReport, context: JsonContext): string {
  return [...jsonReportPieces(report, context)].join('');
}

/** The same in pieces. */
export function jsonReportPieces(report: ScanReport, { tool, below }: JsonContext): Iterable<string> {
  const { text, isComplete } = reportHeadline(report);
  const { skippedPaths = [], freshness } = report;
  return jsonPieces(
    new JsonObject({
      schemaVersion: 1,
      tool,
      ...(report.scanId === undefined ? {} : { scanId: report.scanId }),
      source: {
        ...report.source,
        ...(freshness?.dataAgeSeconds === undefined ? {} : { dataAgeDays: ageInDays(freshness.dataAgeSeconds) }),
      },
      headline: text,
      complete: isComplete,
      files: new JsonList(filesJson(report, below)),
      ...((report.unread ?? []).length === 0 ? {} : { unread: report.unread }),
      ...((report.unjudged ?? []).length === 0 ? {} : { unjudged: report.unjudged }),
      ...((report.unknownScopes ?? []).length === 0 ? {} : { unknownScopes: report.unknownScopes }),
      ...(skippedPaths.length === 0 ? {} : { skippedPaths }),
      ...(report.leftOut === undefined ? {} : { leftOut: report.leftOut }),
      summary: {
        ...summarize(report.files),
        ...(report.hasBaseline === true ? { known: coverageOf(report).known } : {}),
      },
      statistics: report.statistics,
    }),
  );
}

type JsonContext = Pick<ReportContext, 'tool' | 'below'>;

function* filesJson({ files, ignoreFiles = [] }: ScanReport, below: ReportContext['below']): Generator<object> {
  const findings: FindingTexts = new WeakMap();
  for (const file of files) {
    yield fileJson(file, findings, below);
  }
  for (const file of ignoreFiles) {
    yield fileJson({ ...file, requirements: [] }, findings, below);
  }
}

function fileJson(file: FileReport, findings: FindingTexts, below: ReportContext['below']): object {
  const inRepository = below?.(file.path) ?? file.path;
  return new JsonObject({
    path: file.path,
    // What was typed may be another way to say it; a baseline knows the file by this.
    ...(inRepository === file.path ? {} : { repositoryPath: inRepository }),
    ...(file.kind === undefined ? {} : { kind: file.kind }),
    requirements: new JsonList(requirementsJson(file.requirements, findings)),
    problems: file.problems.map((problem) => ({
      ...placeJson(problem.range),
      message: problem.message,
      code: problem.code,
    })),
  });
}

function* requirementsJson(requirements: readonly AssessedRequirement[], findings: FindingTexts): Generator<JsonText> {
  for (const requirement of requirements) {
    yield new JsonText((newLine) => requirementText(requirement, findings, newLine));
  }
}

/** Requirements with the same answer share their findings: these are written out once. All stand at the same depth. */
type FindingTexts = WeakMap<readonly Finding[], string>;

function requirementText(requirement: AssessedRequirement, texts: FindingTexts, newLine: string): string {
  const { outcome } = requirement;
  const findings = outcome.kind === 'assessed' ? outcome.findings : [];
  const inner = `${newLine}  `;
  const { name, normalizedName, specifier, version, range } = requirement;
  const { start, end } = range;
  const place = `"line": ${start.line + 1},${inner}"column": ${start.character + 1},${inner}"endLine": ${end.line + 1},${inner}"endColumn": ${end.character + 1}`;
  const verdict = outcome.kind === 'assessed' ? outcome.verdict : null;
  const text =
    `{${inner}"name": ${valueText(name)},${inner}"normalizedName": ${valueText(normalizedName)},${inner}${place},` +
    `${inner}"specifier": ${valueText(specifier)},${inner}"version": ${valueText(version)},${inner}"outcome": "${outcome.kind}",` +
    `${inner}"reason": ${valueText(outcomeReason(outcome))},${inner}"verdict": ${verdict === null ? 'null' : `"${verdict}"`},${moreText(requirement, inner)}`;
  let written = texts.get(findings);
  if (written === undefined) {
    written = findingsText(findings, inner);
    texts.set(findings, written);
  }
  const { policy: found = [] } = requirement;
  const policy = found.length === 0 ? '[]' : indented(found.map(policyJson), inner);
  return `${text}${inner}"findings": ${written},${inner}"policy": ${policy}${newLine}}`;
}

/** Most texts need no escape, and are written as they are. */
function valueText(value: string | null): string {
  if (value === null) return 'null';
  return /^[\x20!#-[\]-~]*$/.test(value) ? `"${value}"` : jsonText(value);
}

/** What only some requirements have. */
function moreText(requirement: AssessedRequirement, newLine: string): string {
  const { scope, requiredBy, outOfDate, places = [], raise } = requirement;
  if (scope === undefined && requiredBy === undefined && outOfDate === undefined && places.length === 0) {
    return '';
  }
  const more = {
    ...(scope === undefined ? {} : { scope }),
    ...reasonJson(requirement),
    ...(outOfDate === undefined ? {} : { outOfDate: { source: outOfDate.source, versions: outOfDate.versions } }),
    ...placesJson(requirement),
    ...(raise === undefined ? {} : { raise: raiseJson(raise) }),
  };
  return Object.entries(more)
    .map(([key, value]) => `${newLine}"${key}": ${jsonText(value)},`)
    .join('');
}

/** Who requires it, and the shortest way to it from what the project asks for. */
function reasonJson({ requiredBy }: AssessedRequirement): object {
  if (requiredBy === undefined) return {};
  const { parents, chain } = requiredBy;
  return { via: parents, ...(chain.length === 0 ? {} : { chain }) };
}

/** What has to be raised for it: `name` and `version`, and the version of its own that is allowed then. */
function raiseJson({ raise, text }: RaiseAdvice): object {
  switch (raise.kind) {
    case 'none':
      return { kind: raise.kind, allows: raise.allows, text };
    case 'raise':
      return { kind: raise.kind, name: raise.name, version: raise.version, allows: raise.allows, text };
    case 'barred':
    case 'unknown':
      return { kind: raise.kind, reason: raise.why, text };
  }
}

/** Where else it stands: its lock. */
function placesJson({ places = [] }: AssessedRequirement): object {
  return places.length === 0 ? {} : { places: places.map(({ path, range }) => ({ path, ...placeJson(range) })) };
}

/** `newLine` begins each line of the list but the first. Joined, since V8 keeps what is added up as a tree of its parts. */
function findingsText(findings: readonly Finding[], newLine: string): string {
  if (findings.length === 0) return '[]';
  const inner = `${newLine}  `;
  const texts = findings.map((finding) => findingText(finding, inner));
  return ['[', inner, texts.join(`,${inner}`), newLine, ']'].join('');
}

function findingText(finding: Finding, newLine: string): string {
  const inner = `${newLine}  `;
  const { score, nearestFix = null, barred, ignored, known } = finding;
  return (
    `{${inner}"id": ${valueText(finding.id)},${inner}"aliases": ${textsText(finding.aliases, inner)},` +
    `${inner}"records": ${textsText(finding.records, inner)},${inner}"severity": "${finding.severity}",` +
    `${inner}"score": ${score === null ? 'null' : jsonText(score)},${inner}"vector": ${valueText(finding.vector)},` +
    `${inner}"summary": ${valueText(finding.summary)},${inner}"fixedVersions": ${textsText(finding.fixedVersions, inner)},` +
    `${inner}"nearestFix": ${valueText(nearestFix)},${barred === undefined ? '' : `${inner}"barred": ${valueText(barred)},`}` +
    `${inner}"url": ${valueText(finding.url)},` +
    `${inner}"ignored": ${ignored === undefined ? 'null' : indented({ reason: ignored.reason, until: ignored.until }, inner)}` +
    `${known === true ? `,${inner}"known": true` : ''}${newLine}}`
  );
}

function textsText(texts: readonly string[], newLine: string): string {
  if (texts.length === 0) return '[]';
  const inner = `${newLine}  `;
  return `[${inner}${texts.map(valueText).join(`,${inner}`)}${newLine}]`;
}

function policyJson({ code, message, level, license, known }: PolicyFinding): object {
  return { code, message, level, ...(license === undefined ? {} : { license }), ...(known === true ? { known } : {}) };
}

function placeJson(range: Range): object {
  return {
    line: range.start.line + 1,
    column: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
  };
}
