import type { Range } from '../../text/position.ts';
import { findingText } from '../words/findingText.ts';
import { type Level, levelOf, policyLevel } from '../levels.ts';
import { plainText } from '../../text/plainText.ts';
import {
  type MissingNote,
  missingNotes,
  type ReportedFinding,
  reportedFindings,
  reportedPolicies,
  type ReportedPolicy,
} from '../reportedFindings.ts';
import { reportHeadline } from '../reportCoverage.ts';
import { worstFirst } from '../worstFirst.ts';
import type { ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';
import { totalsText } from '../totals.ts';
import { type UncheckedLine, uncheckedLines } from '../words/uncheckedLines.ts';

/**
 * Workflow commands of GitHub Actions, one annotation a line, the worst first: GitHub shows only the first ten of each
 * level. What could not be checked is a notice at its line. One warning says that the result is incomplete, or one notice that
 * something was skipped.
 */
export function githubReport(report: ScanReport): string {
  const findings = reportedFindings(report)
    .toSorted(worstFirst)
    .map((reported) => ({ level: levelOf(reported), reported }));
  const policies = reportedPolicies(report);
  const unchecked = uncheckedLines(report);
  return [
    ...findings.filter(({ level }) => level === 'error').map(annotation),
    ...policies.filter(({ finding }) => policyLevel(finding) === 'error').map(policyAnnotation),
    ...coverageNotes(report),
    ...findings.filter(({ level }) => level === 'warning').map(annotation),
    ...policies.filter(({ finding }) => policyLevel(finding) === 'warning').map(policyAnnotation),
    ...unchecked.filter(({ kind }) => kind !== 'skipped').map(uncheckedNotice),
    ...missingNotes(report).map(({ kind, message }) =>
      command('notice', { title: `Pinwatch: ${missingTitles[kind]}` }, message),
    ),
    ...(report.ignoreFiles ?? []).flatMap(({ path, problems }) =>
      problems.map(({ range, code, message }) =>
        command('warning', { ...placeOf(path, range), title: `Pinwatch: ${code}` }, message),
      ),
    ),
    ...findings.filter(({ level }) => level === 'note').map(annotation),
    ...policies.filter(({ finding }) => policyLevel(finding) === 'note').map(policyAnnotation),
    totalsText(report),
    '',
  ].join('\n');
}

const missingTitles: Readonly<Record<MissingNote['kind'], string>> = {
  unread: 'not read',
  unjudged: 'rules not checked',
  unknownScope: 'unknown scope',
};

/** What the result cannot vouch for, before the notices at the lines: GitHub would cut it off behind them. */
function coverageNotes(report: ScanReport): readonly string[] {
  const { kind, isComplete, gaps } = reportHeadline(report);
  const skippedPaths = skippedPathsText(report);
  return [
    ...(isComplete
      ? []
      : [command('warning', { title: 'Pinwatch: incomplete' }, `${gaps.join(', ')}: this result is incomplete.`)]),
    ...(isComplete && gaps.length > 0
      ? [command('notice', { title: 'Pinwatch: skipped' }, `${gaps.join(', ')}.`)]
      : []),
    ...(kind === 'empty' ? [command('notice', { title: 'Pinwatch' }, 'There was nothing to scan.')] : []),
    ...(skippedPaths === undefined
      ? []
      : [command('notice', { title: 'Pinwatch: skipped paths' }, `${skippedPaths}.`)]),
  ];
}

function annotation({ level, reported }: { readonly level: Level; readonly reported: ReportedFinding }): string {
  const { path, requirement, finding } = reported;
  return command(
    level === 'note' ? 'notice' : level,
    { ...placeOf(path, requirement.tokenRange), title: finding.id },
    findingText(requirement, requirement.version, finding),
  );
}

function policyAnnotation({ path, requirement, finding }: ReportedPolicy): string {
  const level = policyLevel(finding);
  return command(
    level === 'note' ? 'notice' : level,
    { ...placeOf(path, requirement.tokenRange), title: `Pinwatch: ${finding.code}` },
    finding.message,
  );
}

function uncheckedNotice({ kind, path, range, code, message }: UncheckedLine): string {
  return command(
    'notice',
    {
      ...placeOf(path, range),
      title: kind === 'ignored' ? `Pinwatch: no effect (${code})` : `Pinwatch: not checked (${code})`,
    },
    message,
  );
}

function placeOf(path: string, { start, end }: Range): Readonly<Record<string, string | number>> {
  return {
    // Standard input is no file that could be annotated.
    ...(path === '-' ? {} : { file: path.replaceAll('\\', '/') }),
    line: start.line + 1,
    endLine: end.line + 1,
    // GitHub takes columns only where the range is on one line.
    ...(start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : {}),
  };
}

function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapeProperty(plainText(String(value), 1000))}`,
  );
  return `::${name} ${list.join(',')}::${escapeData(plainText(message, 1000))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
