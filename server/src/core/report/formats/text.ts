import type { FileReport } from '../../assessment/fileReport.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Assessed, Outcome } from '../../assessment/outcome.ts';
import { findingText, mostOfARange, moreFindingsText } from '../findingText.ts';
import { outcomeReason } from '../outcomeReason.ts';
import { plainText } from '../../text/plainText.ts';
import { reportHeadline } from '../reportCoverage.ts';
import { isIgnored, type ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';
import { totalsText } from '../totals.ts';
import { brokenOffText } from '../brokenOffText.ts';

/** The report for a person at a terminal: what was found, what could not be checked, then totals and what they come to. */
export function textReport(report: ScanReport): string {
  const ignoreFiles = (report.ignoreFiles ?? []).map((file) => ({ ...file, requirements: [] }));
  const blocks = [...report.files, ...ignoreFiles].map(fileText).filter((block) => block !== '');
  return `${[...blocks, summaryLines(report).join('\n')].join('\n\n')}\n`;
}

function summaryLines(report: ScanReport): readonly string[] {
  const skippedPaths = skippedPathsText(report);
  return [
    totalsText(report),
    ...(skippedPaths === undefined ? [] : [`${skippedPaths}.`]),
    `Result: ${reportHeadline(report).text}.`,
  ];
}

function fileText(file: FileReport): string {
  const lines = [
    ...file.requirements.flatMap((requirement) => requirementLines(file.path, requirement)),
    ...file.problems.map((problem) => ({
      line: problem.range.start.line,
      text: `${place(file.path, problem.range.start)}: ${plainText(problem.message)}`,
    })),
  ];
  return lines
    .sort((a, b) => a.line - b.line)
    .map((line) => line.text)
    .join('\n');
}

function requirementLines(path: string, requirement: AssessedRequirement): readonly { line: number; text: string }[] {
  const { line } = requirement.tokenRange.start;
  const at = place(path, requirement.tokenRange.start);
  return statements(requirement, requirement.outcome).map((text) => ({ line, text: `${at}: ${text}` }));
}

function statements(requirement: AssessedRequirement, outcome: Outcome): readonly string[] {
  switch (outcome.kind) {
    case 'assessed':
      return findingLines(requirement, outcome);
    case 'skipped':
      return [`${subject(requirement)} was not assessed (${plainText(outcomeReason(outcome) ?? '')})`];
    case 'failed':
      // A line that could not be read is said once, as a problem.
      return outcome.reason === 'invalid'
        ? []
        : [`${subject(requirement)} could not be checked (${plainText(outcomeReason(outcome) ?? '')})`];
  }
}

function subject({ name, specifier, version }: AssessedRequirement): string {
  return `${plainText(name, 100)} ${plainText(version ?? specifier, 60)}`.trim();
}

function findingLines(requirement: AssessedRequirement, outcome: Assessed): readonly string[] {
  const { verdict, findings } = outcome;
  const most = verdict === 'possiblyVulnerable' ? mostOfARange : findings.length;
  // An ignored finding must not push an open one off the list.
  const open = findings.filter((finding) => !isIgnored(finding));
  const ordered = most < findings.length ? [...open, ...findings.filter(isIgnored)] : findings;
  const shown = ordered.slice(0, most).map((finding) => findingText(requirement, requirement.version, finding));
  const rest = findings.length - shown.length;
  const brokenOff = brokenOffText(requirement.name, outcome);
  return [
    ...shown,
    ...(rest > 0 ? [moreFindingsText(requirement, rest)] : []),
    ...(brokenOff === undefined ? [] : [brokenOff]),
  ];
}

function place(path: string, start: { readonly line: number; readonly character: number }): string {
  return `${plainText(path, 1000)}:${start.line + 1}:${start.character + 1}`;
}
