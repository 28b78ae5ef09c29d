import type { FileReport } from '../../assessment/fileReport.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { PolicyFinding } from '../../assessment/policyFinding.ts';
import type { Assessed, Outcome } from '../../assessment/outcome.ts';
import { findingText, mostOfARange, moreFindingsText } from '../words/findingText.ts';
import { outcomeReason } from '../words/outcomeReason.ts';
import { plainText } from '../../text/plainText.ts';
import { levelOf, policyLevel } from '../levels.ts';
import { type Paint, withoutColour } from '../paint.ts';
import { brokenOffText } from '../words/brokenOffText.ts';
import { condaTogether, type ShownRequirements } from '../words/condaPackages.ts';
import { isOpen, type ScanReport } from '../scanReport.ts';
import { summaryLines } from './summaryLines.ts';

/** One line for each finding and for each thing that could not be checked, then the totals. */
export function conciseReport(report: ScanReport, paint: Paint = withoutColour): string {
  const ignoreFiles = (report.ignoreFiles ?? []).map((file) => ({ ...file, requirements: [] }));
  const blocks = [...report.files, ...ignoreFiles].map((file) => fileText(file, paint)).filter((block) => block !== '');
  return `${[...blocks, summaryLines(report, paint).join('\n')].join('\n')}\n`;
}

function fileText(file: FileReport, paint: Paint): string {
  const { requirements, conda } = condaTogether(file.requirements);
  const lines = [
    ...condaLines(file.path, conda, paint),
    ...requirements.flatMap((requirement) => requirementLines(file.path, requirement, paint)),
    ...file.problems.map((problem) => ({
      line: problem.range.start.line,
      text: `${paint('strong', placeText(file.path, problem.range.start))}: ${plainText(problem.message)}`,
    })),
  ];
  return lines
    .sort((a, b) => a.line - b.line)
    .map((line) => line.text)
    .join('\n');
}

/** The line for all conda packages of a file. */
export function condaLines(
  path: string,
  conda: ShownRequirements['conda'],
  paint: Paint,
): readonly { readonly line: number; readonly text: string }[] {
  if (conda === undefined) return [];
  const { start } = conda.range;
  return [{ line: start.line, text: `${paint('strong', placeText(path, start))}: ${paint('warning', conda.message)}` }];
}

function requirementLines(
  path: string,
  requirement: AssessedRequirement,
  paint: Paint,
): readonly { line: number; text: string }[] {
  const { line } = requirement.tokenRange.start;
  const at = paint('strong', placeText(path, requirement.tokenRange.start));
  const policies = (requirement.policy ?? []).map((one) => policyText(one, paint));
  return [...statements(requirement, requirement.outcome, paint), ...policies].map((text) => ({
    line,
    text: `${at}: ${text}`,
  }));
}

function statements(requirement: AssessedRequirement, outcome: Outcome, paint: Paint): readonly string[] {
  switch (outcome.kind) {
    case 'assessed':
      return findingLines(requirement, outcome, paint);
    case 'skipped':
    case 'failed':
      return notAssessedText(requirement, outcome).map((text) =>
        paint(outcome.kind === 'failed' ? 'error' : 'warning', text),
      );
  }
}

/** Nothing for a line that could not be read: it is said once, as a problem. */
export function notAssessedText(
  { name, specifier, version }: AssessedRequirement,
  outcome: Exclude<Outcome, Assessed>,
): readonly string[] {
  const subject = `${plainText(name, 100)} ${plainText(version ?? specifier, 60)}`.trim();
  const why = plainText(outcomeReason(outcome) ?? '');
  if (outcome.kind === 'skipped') {
    return [`${subject} was not assessed (${why})`];
  }
  return outcome.reason === 'invalid' ? [] : [`${subject} could not be checked (${why})`];
}

function findingLines(requirement: AssessedRequirement, outcome: Assessed, paint: Paint): readonly string[] {
  const { verdict, findings } = outcome;
  const most = verdict === 'possiblyVulnerable' ? mostOfARange : findings.length;
  // One that does not count must not push an open one off the list.
  const ordered =
    most < findings.length ? [...findings.filter(isOpen), ...findings.filter((one) => !isOpen(one))] : findings;
  const shown = ordered
    .slice(0, most)
    .map((finding) =>
      paint(
        isOpen(finding) ? levelOf({ finding, verdict }) : 'quiet',
        findingText(requirement, requirement.version, finding),
      ),
    );
  const rest = findings.length - shown.length;
  const brokenOff = brokenOffText(requirement.name, outcome);
  return [
    ...shown,
    ...(rest > 0 ? [moreFindingsText(requirement, rest)] : []),
    ...(brokenOff === undefined ? [] : [brokenOff]),
  ];
}

export function placeText(path: string, start: { readonly line: number; readonly character: number }): string {
  return `${plainText(path, 1000)}:${start.line + 1}:${start.character + 1}`;
}

/** "error: The licence of …"; what the baseline has is marked. */
export function policyText(policy: PolicyFinding, paint: Paint): string {
  const level = policy.known === true ? `${policy.level} (known)` : policy.level;
  return `${paint(policyLevel(policy), level)}: ${plainText(policy.message)}`;
}
