import { severityRank } from '../advisories/severityOrder.ts';
import type { IgnoreFileReport } from '../assessment/fileReport.ts';
import { escapeMarkdown, link } from '../text/markdownText.ts';
import { stepSize } from '../versions/stepSize.ts';
import { english, type Words } from '../words/words.ts';
import { dataAgeText } from './words/dataAge.ts';
import { outOfDateTexts } from './words/outOfDateTexts.ts';
import { releaseText, remedyFor, severityText } from './words/findingText.ts';
import { maskReport } from './maskReport.ts';
import type { ReportContext } from './reportContext.ts';
import { reportHeadline } from './reportCoverage.ts';
import { type ReportedFinding, reportedFindings } from './reportedFindings.ts';
import type { ScanReport } from './scanReport.ts';
import { skippedPathsText } from './skippedPaths.ts';
import { totalsText } from './totals.ts';
import { uncheckedLines, type UncheckedLine } from './words/uncheckedLines.ts';

/** Where a line of a file is, as the target of a link; `undefined` where there is none. The line counts from 1. */
export type LinkOf = (path: string, line: number) => string | undefined;

/**
 * The report as a Markdown page to read in an editor: what it comes to, one row for each vulnerable release with its places as
 * links, every advisory, then what could not be checked. Nothing is cut off but very long texts.
 */
export function reportPage(
  unmasked: ScanReport,
  { time }: ReportContext,
  linkOf: LinkOf,
  words: Words = english,
): string {
  const { t, said, part } = words;
  const report = maskReport(unmasked);
  const reported = reportedFindings(report);
  const releases = releasesOf(reported.filter(({ finding }) => finding.ignored === undefined));
  const unchecked = uncheckedLines(report);
  const uncheckedHeader = [t('Where'), t('Why')];
  const place = placeCell(linkOf);
  const ofKind = (...kinds: readonly UncheckedLine['kind'][]): readonly Cells[] =>
    unchecked.filter(({ kind }) => kinds.includes(kind)).map((line) => uncheckedCells(line, place, words));
  const blocks = [
    t('# Pinwatch report'),
    `**${cell(sentenceOf(part(reportHeadline(report).text)))}**`,
    cell(t('{0}. Scanned {1}{2}.', totalsText(report, words), timeText(time), dataText(report, words)), 1000),
    ...outOfDateTexts(report).map((text) => cell(said(text), 1000)),
    ...section(
      t('To fix'),
      [t('Severity'), t('Package'), t('Safe version'), t('Advisories'), t('Where')],
      releases.map((one) => releaseCells(one, place, words)),
    ),
    ...section(t('Could not be checked'), uncheckedHeader, [
      ...ofKind('failed', 'unread'),
      ...(report.unread ?? []).map((message) => ['', cell(said(message))]),
    ]),
    ...advisories(releases, words),
    ...section(
      t('Ignored'),
      [t('Severity'), t('Package'), t('Where'), t('Advisory'), t('Why'), t('Until')],
      reported.filter(({ finding }) => finding.ignored !== undefined).map((one) => ignoredCells(one, place, words)),
    ),
    ...section(
      t('Ignores that need a look'),
      uncheckedHeader,
      (report.ignoreFiles ?? []).flatMap((file) => ignoreFileCells(file, place, words)),
    ),
    ...section(t('Not assessed'), uncheckedHeader, ofKind('skipped')),
    ...section(t('Without effect'), uncheckedHeader, ofKind('ignored')),
    ...skippedPaths(report, words),
  ];
  return `${blocks.join('\n\n')}\n`;
}

type Cells = readonly string[];
type PlaceCell = (path: string, line: number) => string;

const mostPlaces = 12;

/** A package at one version, wherever it is required. */
interface Release {
  readonly worst: ReportedFinding;
  readonly findings: readonly ReportedFinding[];
  readonly places: readonly Pick<ReportedFinding, 'path' | 'requirement'>[];
}

/** Worst first. Each advisory counts once, whatever the number of places. */
function releasesOf(open: readonly ReportedFinding[]): readonly Release[] {
  const groups = new Map<string, ReportedFinding[]>();
  for (const one of [...open].sort(worstFirst)) {
    const { normalizedName } = one.requirement;
    const key = JSON.stringify([normalizedName, releaseOf(one), one.verdict]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((all) => {
    const [worst] = all;
    const places = new Map(all.map((one) => [placeKey(one), one]));
    const findings = new Map([...all].reverse().map((one) => [one.finding.id, one]));
    return worst === undefined
      ? []
      : [{ worst, findings: [...findings.values()].sort(worstFirst), places: [...places.values()] }];
  });
}

/** What a range only allows comes last. */
function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  const possibly = (one: ReportedFinding): number => (one.verdict === 'possiblyVulnerable' ? 1 : 0);
  return (
    possibly(a) - possibly(b) ||
    severityRank[b.finding.severity] - severityRank[a.finding.severity] ||
    (b.finding.score ?? 0) - (a.finding.score ?? 0)
  );
}

function releaseOf({ requirement }: ReportedFinding): string {
  return requirement.version ?? requirement.specifier;
}

function placeKey({ path, requirement }: Pick<ReportedFinding, 'path' | 'requirement'>): string {
  return `${path}:${requirement.tokenRange.start.line}:${requirement.tokenRange.start.character}`;
}

function releaseCells({ worst, findings, places }: Release, place: PlaceCell, words: Words): Cells {
  const shown = places
    .slice(0, mostPlaces)
    .map(({ path, requirement }) => place(path, requirement.tokenRange.start.line));
  const more = places.length > mostPlaces ? [words.t('and {0} more', places.length - mostPlaces)] : [];
  return [
    severityCell(worst, words),
    packageCell(worst, words),
    cell(safeText(worst, words)),
    String(findings.length),
    [...shown, ...more].join(', '),
  ];
}

function safeText(
  { finding: { severity, nearestFix, barred }, requirement: { version } }: ReportedFinding,
  { t }: Words,
): string {
  if (severity === 'malicious') {
    return t('remove it');
  }
  if (nearestFix === undefined) {
    return barred === undefined ? t('none known') : t('none fits');
  }
  return version !== null && stepSize(version, nearestFix) === 'major' ? t('{0} (major)', nearestFix) : nearestFix;
}

function advisories(releases: readonly Release[], words: Words): readonly string[] {
  const { t, said } = words;
  const header = [t('Severity'), t('Advisory'), t('What'), t('What to do')];
  const tables = releases.flatMap(({ worst, findings }) => [
    `### ${packageCell(worst, words)}`,
    table(
      header,
      findings.map((one) => [
        severityCell(one, words),
        link(one.finding.id, one.finding.url),
        cell(one.finding.summary),
        cell(said(remedyFor(one.requirement, one.finding))),
      ]),
    ),
  ]);
  return releases.length === 0 ? [] : [`## ${t('Advisories')}`, ...tables];
}

function ignoredCells(one: ReportedFinding, place: PlaceCell, words: Words): Cells {
  const { finding, path, requirement } = one;
  return [
    severityCell(one, words),
    packageCell(one, words),
    place(path, requirement.tokenRange.start.line),
    link(finding.id, finding.url),
    cell(finding.ignored?.reason ?? ''),
    cell(finding.ignored?.until ?? ''),
  ];
}

function uncheckedCells({ path, range, message }: UncheckedLine, place: PlaceCell, { said }: Words): Cells {
  return [place(path, range.start.line), cell(said(message))];
}

function ignoreFileCells({ path, problems }: IgnoreFileReport, place: PlaceCell, { said }: Words): readonly Cells[] {
  return problems.map(({ range, message }) => [place(path, range.start.line), cell(said(message))]);
}

function severityCell({ finding, verdict }: ReportedFinding, { part }: Words): string {
  return cell(part(`${severityText(finding)}${verdict === 'possiblyVulnerable' ? ' (possibly)' : ''}`));
}

function packageCell({ requirement }: ReportedFinding, { part }: Words): string {
  return cell(part(releaseText(requirement, requirement.version)));
}

function placeCell(linkOf: LinkOf): PlaceCell {
  return (path, line) => {
    const text = cell(`${path}:${line + 1}`);
    const target = linkOf(path, line + 1);
    return target === undefined ? text : `[${text}](${target})`;
  };
}

function section(title: string, header: Cells, rows: readonly Cells[]): readonly string[] {
  return rows.length === 0 ? [] : [`## ${title}`, table(header, rows)];
}

function table(header: Cells, rows: readonly Cells[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function skippedPaths(report: ScanReport, { said }: Words): readonly string[] {
  const text = skippedPathsText(report);
  return text === undefined ? [] : [cell(said(`${text}.`), 2000)];
}

/** "2026-11-28 15:04 UTC". */
function timeText(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

function dataText({ freshness, source }: ScanReport, { t, part }: Words): string {
  // Of a local database the totals say it.
  return freshness === undefined || source.kind === 'database'
    ? ''
    : t('; its oldest answer is {0}', part(dataAgeText(freshness.dataAgeSeconds)));
}

function sentenceOf(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!]$/u.test(text) ? '' : '.'}`;
}

function cell(text: string, maxLength = 300): string {
  return escapeMarkdown(text, maxLength);
}
