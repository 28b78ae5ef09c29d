import type { FileReport } from '../../assessment/fileReport.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Assessed } from '../../assessment/outcome.ts';
import type { Finding } from '../../assessment/finding.ts';
import { counted } from '../../text/counted.ts';
import { findingDetails, releaseText, severityText } from '../findingText.ts';
import { listText, plainText } from '../../text/plainText.ts';
import { isOpen, type ScanReport } from '../scanReport.ts';
import { brokenOffText } from '../brokenOffText.ts';
import { compareSeverities } from '../../advisories/severityOrder.ts';
import { notAssessedText, placeText } from './concise.ts';
import { summaryLines } from './summaryLines.ts';
import { advisoryText } from '../requirementText.ts';

/**
 * The report for a person at a terminal: by file and requirement, for each what to type first, then what was found; then
 * totals and what they come to.
 */
export function textReport(report: ScanReport): string {
  const ignoreFiles = (report.ignoreFiles ?? []).map((file) => ({ ...file, requirements: [] }));
  const blocks = [...report.files, ...ignoreFiles].map(fileText).filter((block) => block !== '');
  return `${[...blocks, summaryLines(report).join('\n')].join('\n\n')}\n`;
}

interface Block {
  readonly line: number;
  readonly text: string;
}

function fileText({ path, requirements, problems }: FileReport): string {
  const blocks = [
    ...requirements.flatMap((requirement) => requirementBlock(path, requirement)),
    ...problems.map(({ range: { start }, message }) => ({
      line: start.line,
      text: `${placeText(path, start)}: ${plainText(message)}`,
    })),
  ];
  return blocks
    .sort((a, b) => a.line - b.line)
    .map(({ text }) => text)
    .join('\n');
}

function requirementBlock(path: string, requirement: AssessedRequirement): readonly Block[] {
  const { outcome, policy = [], tokenRange } = requirement;
  const rules = policy.map(({ level, message }) => `${level}: ${plainText(message)}`);
  const [head, ...details] =
    outcome.kind === 'assessed'
      ? [...assessedLines(requirement, outcome), ...(outcome.findings.length === 0 ? rules : rules.map(indented))]
      : [...notAssessedText(requirement, outcome), ...rules];
  return head === undefined
    ? []
    : [
        {
          line: tokenRange.start.line,
          text: [`${placeText(path, tokenRange.start)}: ${head}`, ...details].join('\n'),
        },
      ];
}

// Nobody reads thirty sentences about one pin. The other ids are named, and other formats have them in full.
const mostInWords = 5;
const mostIds = 100;

function assessedLines(requirement: AssessedRequirement, outcome: Assessed): readonly string[] {
  const { findings } = outcome;
  const brokenOff = brokenOffText(requirement.name, outcome);
  if (findings.length === 0) {
    return brokenOff === undefined ? [] : [brokenOff];
  }
  // What does not count must not push an open one off the list.
  const ordered = findings.toSorted(
    (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || compareSeverities(a.severity, b.severity),
  );
  const shown = ordered.slice(0, ordered.length === mostInWords + 1 ? undefined : mostInWords);
  const rest = ordered.slice(shown.length);
  const fix = fixText(requirement, findings);
  return [
    headText(requirement, outcome, ordered),
    ...(fix === undefined ? [] : [indented(`Fix: ${fix}`)]),
    // The fix is said once.
    ...shown.map((finding) =>
      indented(fix === undefined ? findingDetails(finding) : advisoryText(requirement.version, finding)),
    ),
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
): string {
  const release = releaseText(requirement, requirement.version);
  const count = counted(others.length + 1, 'known vulnerability', 'known vulnerabilities');
  const open = [worst, ...others].filter((one) => one !== undefined && isOpen(one)).length;
  const verb = verdict === 'possiblyVulnerable' ? 'allows releases with' : 'has';
  const bad = worst === undefined ? '' : `${others.length === 0 ? '' : 'worst: '}${severityText(worst)}, ${worst.id}`;
  return `${release} ${verb} ${count} (${open === 0 ? 'none of them counts' : bad})`;
}

/** What to type in place of what is there: the version that all of its findings call the nearest safe one. */
function fixText(
  { normalizedName, version, outcome }: AssessedRequirement,
  findings: readonly Finding[],
): string | undefined {
  const open = findings.filter(isOpen);
  const { barred, note } = (outcome.kind === 'assessed' ? outcome.fix : undefined) ?? {};
  if (barred !== undefined && open.length > 0) {
    return `none fits. ${plainText(barred, 300)}`;
  }
  const versions = new Set(open.map(({ nearestFix }) => nearestFix));
  const [fix] = versions;
  return version === null || fix === undefined || versions.size !== 1
    ? undefined
    : `${normalizedName}==${plainText(fix, 60)}${note === undefined ? '' : ` (${plainText(note, 200).replace(/\.$/u, '')})`}`;
}

function indented(text: string): string {
  return `    ${text}`;
}
