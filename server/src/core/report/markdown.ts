import { listText, releaseText, remedyText, severityText } from './findingText.ts';
import { escapeMarkdown, link } from './markdownText.ts';
import { type ReportedFinding, reportedFindings } from './reportedFindings.ts';
import { type IgnoreFileReport, isIncomplete, type ScanReport, summarize } from './scanReport.ts';
import { severityRank } from '../advisories/severityOrder.ts';
import { totalsText } from './totals.ts';
import { uncheckedLines, type UncheckedLine } from './uncheckedLines.ts';

/** A summary for a comment on a pull request: a heading that says the worst, tables, totals. */
export function markdownReport(report: ScanReport): string {
  const reported = reportedFindings(report);
  const open = reported.filter(({ finding }) => finding.ignored === undefined).sort(worstFirst);
  const ignored = reported.filter(({ finding }) => finding.ignored !== undefined).sort(worstFirst);
  const unchecked = uncheckedLines(report);
  const blocks = [
    `## ${heading(report, open.length)}`,
    ...section('', ['Severity', 'Package', 'Where', 'Advisory', 'What to do'], open.map(findingCells)),
    ...section('### Could not be checked', uncheckedHeader, [
      ...unchecked.filter(({ kind }) => kind !== 'skipped').map(uncheckedCells),
      ...(report.unread ?? []).map((message) => ['', cell(message)]),
    ]),
    ...section('### Ignored', ['Severity', 'Package', 'Where', 'Advisory', 'Why', 'Until'], ignored.map(ignoredCells)),
    ...section('### Ignores that need a look', uncheckedHeader, (report.ignoreFiles ?? []).flatMap(ignoreFileCells)),
    ...section(
      '### Not assessed',
      uncheckedHeader,
      unchecked.filter(({ kind }) => kind === 'skipped').map(uncheckedCells),
    ),
    cell(totalsText(report), 1000),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const uncheckedHeader = ['Where', 'Why'];

// Together they stay below the 65,536 characters that GitHub takes for a comment.
const mostRows = 60;
const mostCellLength = 160;

function heading(report: ScanReport, open: number): string {
  const { requirements, ignored } = summarize(report.files);
  const findings = open === 1 ? '1 finding' : `${open} findings`;
  if (isIncomplete(report)) {
    return open === 0 ? 'Pinwatch: incomplete' : `Pinwatch: ${findings}, and incomplete`;
  }
  if (open > 0) {
    return `Pinwatch: ${findings}`;
  }
  if (requirements === 0) {
    return 'Pinwatch: nothing to scan';
  }
  return ignored === 0 ? 'Pinwatch: no known vulnerabilities' : 'Pinwatch: only ignored findings';
}

/** A table with its heading; nothing where there are no rows. */
function section(title: string, header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) {
    return [];
  }
  const lines = [header, header.map(() => '---'), ...rows.slice(0, mostRows)].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  return [
    ...(title === '' ? [] : [title]),
    lines.join('\n'),
    ...(rows.length > mostRows ? [`… and ${rows.length - mostRows} more.`] : []),
  ];
}

function findingCells(one: ReportedFinding): readonly string[] {
  const remedy = one.finding.fixedVersions.length > 4 ? `Fixed in ${listText(one.finding.fixedVersions, 4)}.` : '';
  const isPlain = one.finding.severity !== 'malicious';
  return [...commonCells(one), cell(isPlain && remedy !== '' ? remedy : remedyText(one.finding))];
}

function ignoredCells(one: ReportedFinding): readonly string[] {
  const { ignored } = one.finding;
  return [...commonCells(one), cell(ignored?.reason ?? ''), cell(ignored?.until ?? '')];
}

function commonCells({ path, requirement, finding, verdict }: ReportedFinding): readonly string[] {
  const possibly = verdict === 'possiblyVulnerable' ? ' (possibly)' : '';
  return [
    cell(severityText(finding) + possibly),
    cell(releaseText(requirement, requirement.version)),
    place(path, requirement.tokenRange.start.line),
    link(finding.id, finding.url),
  ];
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

/** What a range only admits comes last: it must not push a pin off the table. */
function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  const possibly = (one: ReportedFinding): number => (one.verdict === 'possiblyVulnerable' ? 1 : 0);
  return possibly(a) - possibly(b) || severityRank[b.finding.severity] - severityRank[a.finding.severity];
}
