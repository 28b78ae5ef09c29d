import { listText } from '../../text/plainText.ts';
import type { IgnoreFileReport } from '../../assessment/fileReport.ts';
import type { PolicyFinding } from '../../assessment/policyFinding.ts';
import { releaseText, remedyFor, severityText } from '../words/findingText.ts';
import { escapeMarkdown, link } from '../../text/markdownText.ts';
import {
  missingNotes,
  type ReportedFinding,
  reportedFindings,
  reportedPolicies,
  type ReportedPolicy,
} from '../reportedFindings.ts';
import { reportHeadline } from '../reportCoverage.ts';
import { isOpen, type ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';
import { worstFirst } from '../worstFirst.ts';
import { outOfDateTexts } from '../words/outOfDateTexts.ts';
import { totalsText } from '../totals.ts';
import { uncheckedLines, type UncheckedLine } from '../words/uncheckedLines.ts';

/** A summary for a comment on a pull request: a heading that says the worst, tables, totals. */
export function markdownReport(report: ScanReport): string {
  const reported = reportedFindings(report);
  const open = reported.filter(({ finding }) => isOpen(finding)).sort(pinsFirst);
  const known = reported
    .filter(({ finding }) => finding.known === true && finding.ignored === undefined)
    .sort(pinsFirst);
  const ignored = reported.filter(({ finding }) => finding.ignored !== undefined).sort(pinsFirst);
  const unchecked = uncheckedLines(report);
  const first = overview(open);
  const blocks = [
    `## Pinwatch: ${reportHeadline(report).text}`,
    ...first,
    ...section(
      '',
      ['Severity', 'Package', 'Where', 'Advisory', 'What to do'],
      open.map(findingCells),
      first.length === 0 ? mostRows : mostRowsOfTwo,
    ),
    ...section('### Could not be checked', uncheckedHeader, [
      ...unchecked.filter(({ kind }) => kind !== 'skipped' && kind !== 'ignored').map(uncheckedCells),
      ...missingNotes(report).map(({ message }) => ['', cell(message)]),
    ]),
    ...section(
      '### Policy',
      ['Level', 'Package', 'Where', 'What'],
      reportedPolicies(report).toSorted(loudestFirst).map(policyCells),
    ),
    ...section(
      '### Known already',
      ['Severity', 'Package', 'Where', 'Advisory', 'What to do'],
      known.map(findingCells),
    ),
    ...section('### Ignored', ['Severity', 'Package', 'Where', 'Advisory', 'Why', 'Until'], ignored.map(ignoredCells)),
    ...section('### Ignores that need a look', uncheckedHeader, (report.ignoreFiles ?? []).flatMap(ignoreFileCells)),
    ...section(
      '### Not assessed',
      uncheckedHeader,
      unchecked.filter(({ kind }) => kind === 'skipped').map(uncheckedCells),
    ),
    ...section(
      '### Without effect',
      uncheckedHeader,
      unchecked.filter(({ kind }) => kind === 'ignored').map(uncheckedCells),
    ),
    ...outOfDateTexts(report).map((text) => cell(text, 1000)),
    ...skippedPathsLine(report),
    cell(totalsText(report), 1000),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const uncheckedHeader = ['Where', 'Why'];

// Together they stay below the 65,536 characters that GitHub takes for a comment.
const mostRows = 60;
const mostRowsOfTwo = 40;
const mostCellLength = 160;
const mostAdviceLength = 500;

function skippedPathsLine(report: ScanReport): readonly string[] {
  const text = skippedPathsText(report);
  return text === undefined ? [] : [cell(`${text}.`, 2000)];
}

/** A table with its heading; nothing where there are no rows. */
function section(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  most = mostRows,
): readonly string[] {
  if (rows.length === 0) {
    return [];
  }
  const lines = [header, header.map(() => '---'), ...rows.slice(0, most)].map((cells) => `| ${cells.join(' | ')} |`);
  return [
    ...(title === '' ? [] : [title]),
    lines.join('\n'),
    ...(rows.length > most ? [`… and ${rows.length - most} more.`] : []),
  ];
}

/** One row for each package, with its worst finding, where the rows for each finding are more: they hide what is to be done. */
function overview(open: readonly ReportedFinding[]): readonly string[] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const one of open) {
    const key = packageCell(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()].map(overviewCells);
  return rows.length === open.length
    ? []
    : [
        ...section('', ['Worst', 'Package', 'Where', 'Advisories', 'Safe version'], rows, mostRowsOfTwo),
        '### Every advisory',
      ];
}

function overviewCells(group: readonly ReportedFinding[]): readonly string[] {
  const [worst] = group;
  if (worst === undefined) {
    return [];
  }
  const { severity, nearestFix, barred } = worst.finding;
  const none = barred === undefined ? 'none known' : 'none fits';
  const safe = severity === 'malicious' ? 'remove it' : (nearestFix ?? none);
  const places = [...new Set(group.map(whereCell))];
  const where = `${places.slice(0, mostPlaces).join(', ')}${places.length > mostPlaces ? ` and ${places.length - mostPlaces} more` : ''}`;
  const advisories = new Set(group.map(({ finding }) => finding.id)).size;
  return [severityCell(worst), packageCell(worst), where, String(advisories), cell(safe)];
}

const mostPlaces = 3;

function findingCells(one: ReportedFinding): readonly string[] {
  const remedy = one.finding.fixedVersions.length > 4 ? `Fixed in ${listText(one.finding.fixedVersions, 4)}.` : '';
  const isPlain = one.finding.severity !== 'malicious';
  const { finding, requirement } = one;
  const advice = requirement.raise?.text;
  const most = advice === undefined ? mostCellLength : mostAdviceLength;
  const short = advice === undefined ? remedy : `${remedy} ${advice}`;
  return [...commonCells(one), cell(isPlain && remedy !== '' ? short : remedyFor(requirement, finding), most)];
}

function ignoredCells(one: ReportedFinding): readonly string[] {
  const { ignored } = one.finding;
  return [...commonCells(one), cell(ignored?.reason ?? ''), cell(ignored?.until ?? '')];
}

function policyCells({ path, requirement, finding }: ReportedPolicy): readonly string[] {
  const level = finding.known === true ? `${finding.level} (known)` : finding.level;
  const where = place(path, requirement.tokenRange.start.line);
  return [cell(level), cell(releaseText(requirement, requirement.version)), where, cell(finding.message, 400)];
}

function loudestFirst({ finding: a }: ReportedPolicy, { finding: b }: ReportedPolicy): number {
  const loudness = (one: PolicyFinding): number => (one.known === true ? 4 : policyLevels.indexOf(one.level));
  return loudness(a) - loudness(b);
}

const policyLevels: readonly PolicyFinding['level'][] = ['error', 'warning', 'information', 'hint'];

function commonCells(one: ReportedFinding): readonly string[] {
  return [severityCell(one), packageCell(one), whereCell(one), link(one.finding.id, one.finding.url)];
}

function severityCell({ finding, verdict }: ReportedFinding): string {
  return cell(`${severityText(finding)}${verdict === 'possiblyVulnerable' ? ' (possibly)' : ''}`);
}

function packageCell({ requirement }: ReportedFinding): string {
  return cell(releaseText(requirement, requirement.version));
}

function whereCell({ path, requirement }: ReportedFinding): string {
  return place(path, requirement.tokenRange.start.line);
}

function uncheckedCells({ path, range, message }: UncheckedLine): readonly string[] {
  return [place(path, range.start.line), cell(message)];
}

function ignoreFileCells({ path, problems }: IgnoreFileReport): readonly (readonly string[])[] {
  return problems.map(({ range, message }) => [place(path, range.start.line), cell(message)]);
}

function place(path: string, line: number): string {
  return cell(`${path === '-' ? 'standard input' : path}:${line + 1}`);
}

/** Escaped, and such that GitHub neither notifies a person nor links an issue: it looks for those after the escapes. */
function cell(text: string, maxLength = mostCellLength): string {
  return escapeMarkdown(text, maxLength).replace(/\\[@#]/gu, '$&\u2060');
}

/** What a range only allows comes last: it must not push a pin off the table. */
function pinsFirst(a: ReportedFinding, b: ReportedFinding): number {
  const possibly = (one: ReportedFinding): number => (one.verdict === 'possiblyVulnerable' ? 1 : 0);
  return possibly(a) - possibly(b) || worstFirst(a, b);
}
