import type { FileReport } from '../../assessment/fileReport.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Assessed } from '../../assessment/outcome.ts';
import type { Finding } from '../../assessment/finding.ts';
import { counted } from '../../text/counted.ts';
import { findingDetails, releaseText, severityText } from '../words/findingText.ts';
import { listText, plainText } from '../../text/plainText.ts';
import { isOpen, type ScanReport } from '../scanReport.ts';
import { brokenOffText } from '../words/brokenOffText.ts';
import { condaTogether } from '../words/condaPackages.ts';
import { compareSeverities } from '../../advisories/severityOrder.ts';
import { condaLines, notAssessedText, placeText, policyText } from './concise.ts';
import { unrecordedText } from '../words/unrecordedText.ts';
import { summaryLines } from './summaryLines.ts';
import { advisoryText } from '../words/requirementText.ts';
import { fixLine } from '../words/fixLine.ts';
import { levelOf } from '../levels.ts';
import { type Paint, withoutColour } from '../paint.ts';
import { isRemark } from '../scanReport.ts';
import type { PlacedProblem } from '../../text/position.ts';

/**
 * The report for a person at a terminal: by file and requirement, for each what to type first, then what was found; then
 * totals and what they come to.
 */
export function textReport(report: ScanReport, paint: Paint = withoutColour): string {
  const ignoreFiles = (report.ignoreFiles ?? []).map((file) => ({ ...file, requirements: [] }));
  const blocks = [...report.files, ...ignoreFiles].map((file) => fileText(file, paint)).filter((block) => block !== '');
  return `${[...blocks, summaryLines(report, paint).join('\n')].join('\n\n')}\n`;
}

interface Block {
  readonly line: number;
  readonly text: string;
}

function fileText(file: FileReport, paint: Paint): string {
  const { path, kind, problems } = file;
  const { requirements, conda } = condaTogether(file.requirements);
  const blocks = [
    ...condaLines(path, conda, paint),
    ...requirements.flatMap((requirement) => requirementBlock(path, requirement, paint)),
    ...problems.map((problem) => ({
      line: problem.range.start.line,
      text: `${paint('strong', placeText(path, problem.range.start))}: ${problemText(problem, paint)}`,
    })),
  ];
  const remark = blocks.length === 0 ? undefined : unrecordedText(kind, requirements);
  return [
    ...blocks.sort((a, b) => a.line - b.line).map(({ text }) => text),
    ...(remark === undefined ? [] : [paint('quiet', `${plainText(path)}: ${remark}`)]),
  ].join('\n');
}

function requirementBlock(path: string, requirement: AssessedRequirement, paint: Paint): readonly Block[] {
  const { outcome, policy = [], tokenRange } = requirement;
  const rules = policy.map((one) => policyText(one, paint));
  const [head, ...details] =
    outcome.kind === 'assessed'
      ? [
          ...assessedLines(requirement, outcome, paint),
          ...(outcome.findings.length === 0 ? rules : rules.map(indented)),
        ]
      : [
          ...notAssessedText(requirement, outcome).map((text) =>
            paint(outcome.kind === 'failed' ? 'error' : 'warning', text),
          ),
          ...rules,
        ];
  return head === undefined
    ? []
    : [
        {
          line: tokenRange.start.line,
          text: [`${paint('strong', placeText(path, tokenRange.start))}: ${head}`, ...details].join('\n'),
        },
      ];
}

// Nobody reads thirty sentences about one pin. The other ids are named, and other formats have them in full.
const mostInWords = 5;
const mostIds = 100;

function assessedLines(requirement: AssessedRequirement, outcome: Assessed, paint: Paint): readonly string[] {
  const { findings, verdict } = outcome;
  const brokenOff = brokenOffText(requirement.name, outcome);
  if (findings.length === 0) {
    return brokenOff === undefined ? [] : [paint('error', brokenOff)];
  }
  // What does not count must not push an open one off the list.
  const ordered = findings.toSorted(
    (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || compareSeverities(a.severity, b.severity),
  );
  const shown = ordered.slice(0, ordered.length === mostInWords + 1 ? undefined : mostInWords);
  const rest = ordered.slice(shown.length);
  const fix = fixLine(requirement, outcome);
  const detailsOf = (finding: Finding): string => {
    // The fix is said once.
    const text = fix === undefined ? findingDetails(requirement, finding) : advisoryText(requirement.version, finding);
    const { id } = finding;
    return isOpen(finding)
      ? paint(levelOf({ finding, verdict }), text.slice(0, id.length)) + text.slice(id.length)
      : paint('quiet', text);
  };
  return [
    headText(requirement, outcome, ordered, paint),
    ...(fix === undefined ? [] : [indented(paint('good', `Fix: ${fix}`))]),
    ...shown.map((finding) => indented(detailsOf(finding))),
    ...(rest.length > 0
      ? [
          indented(
            `${rest.length} more: ${listText(
              rest.map(({ id }) => id),
              mostIds,
            )}`,
          ),
        ]
      : []),
    ...(brokenOff === undefined ? [] : [indented(brokenOff)]),
  ];
}

/** "django 3.2.0 has 2 known vulnerabilities (worst: high 8.1, CVE-2021-35042)." */
function headText(
  requirement: AssessedRequirement,
  { verdict }: Assessed,
  [worst, ...others]: readonly Finding[],
  paint: Paint,
): string {
  const release = paint('strong', releaseText(requirement, requirement.version));
  const count = counted(others.length + 1, 'known vulnerability', 'known vulnerabilities');
  const open = [worst, ...others].filter((one) => one !== undefined && isOpen(one)).length;
  const verb = verdict === 'possiblyVulnerable' ? 'allows releases with' : 'has';
  const bad = worst === undefined ? '' : `${others.length === 0 ? '' : 'worst: '}${severityText(worst)}, ${worst.id}`;
  const level = worst === undefined || open === 0 ? 'quiet' : levelOf({ finding: worst, verdict });
  return `${release} ${verb} ${paint(level, `${count} (${open === 0 ? 'none of them counts' : bad})`)}`;
}

/** What has no effect is a warning; what could not be read is worse. */
function problemText(problem: PlacedProblem, paint: Paint): string {
  const isMinor = isRemark(problem) || problem.code.startsWith('ignore.');
  return paint(isMinor ? 'warning' : 'error', plainText(problem.message));
}

function indented(text: string): string {
  return `    ${text}`;
}
