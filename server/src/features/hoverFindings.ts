import type { Finding } from '../core/assessment/finding.ts';
import type { FixAdvice, PassedOver } from '../core/assessment/fixAdvice.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import { editorCommands } from '../../../protocol/ids.ts';
import type { Severity } from '../core/advisories/advisory.ts';
import { dataAgeText } from '../core/report/dataAge.ts';
import { ignoredText, localText, remedyText, severityText } from '../core/report/findingText.ts';
import { adviceText, fixedFor } from '../core/report/requirementText.ts';
import { freshnessOf, isOld } from '../core/report/freshness.ts';
import { commandLink, escapeMarkdown, link } from '../core/text/markdownText.ts';
import { listText } from '../core/text/plainText.ts';
import { stepSize } from '../core/versions/stepSize.ts';
import { ageText } from './ageText.ts';
import type { AgeContext } from './lineCoverage.ts';

/** Where the data come from, how old they may be, and what the reader can do from the hover. */
export interface HoverContext extends AgeContext {
  /** Of the file. */
  readonly uri: string;
  /** The client runs the commands of our own extension from links. */
  readonly commands: boolean;
}

// A hover is read at a glance; the report has the rest.
const mostFindings = 5;

/**
 * What is known of a release, or of all that a range allows (`version` is `null`): how much and how bad, what to type, the
 * worst advisories, and then how old that is. `subject` is Markdown for what has the findings.
 */
export function assessedText(version: string | null, outcome: Assessed, context: HoverContext, subject = 'It'): string {
  const { findings, fix } = outcome;
  const old = oldText(outcome, context);
  if (findings.length === 0) {
    return [...old, 'No known advisories.', sourceText(outcome, context)].join('\n\n');
  }
  const shown = findings.slice(0, mostFindings);
  const rest = findings.length - shown.length;
  return [
    `${subject} ${countText(version, outcome)}`,
    ...old,
    ...brokenOffLines(outcome),
    ...remedy(version, findings, fix),
    table(version, shown),
    ...(rest > 0 ? [moreText(rest, context)] : []),
    ...shown.flatMap(disagreement),
    ...lowerVersions(findings, fix),
    sourceText(outcome, context),
  ].join('\n\n');
}

const worstFirst: readonly Severity[] = ['malicious', 'critical', 'high', 'medium', 'unknown', 'low', 'none'];

const severityWords: Partial<Record<Severity, string>> = { unknown: 'of unknown severity', none: 'without impact' };

/** "has 31 known vulnerabilities: 2 critical, 29 high", and how many of them are ignored. */
function countText(version: string | null, { findings, verdict }: Assessed): string {
  const count = findings.length === 1 ? '1 known vulnerability' : `${findings.length} known vulnerabilities`;
  const allows = verdict === 'vulnerable' ? 'allows only versions with' : 'allows versions with';
  const open = findings.filter(({ ignored }) => ignored === undefined);
  const ignored = findings.length - open.length;
  const severities = worstFirst.flatMap((severity) => {
    const number = open.filter((finding) => finding.severity === severity).length;
    const word = severityWords[severity] ?? severity;
    return number === 0 ? [] : [findings.length === 1 ? word : `${number} ${word}`];
  });
  const note = ignored === 0 ? [] : [open.length === 0 ? 'ignored' : `${ignored} ignored`];
  return `${version === null ? allows : 'has'} **${count}**: ${[...severities, ...note].join(', ')}`;
}

function brokenOffLines({ brokenOff }: Assessed): readonly string[] {
  return brokenOff === undefined
    ? []
    : [`**The answer broke off, so there may be more.** ${escapeMarkdown(brokenOff, 300)}`];
}

/** What is known may not be all there is. */
function oldText(outcome: Assessed, context: HoverContext): readonly string[] {
  const { now, source, maxDataAgeDays, commands, uri } = context;
  const freshness = freshnessOf(source, [outcome], { nowMs: now, maxDataAgeDays });
  if (freshness === undefined || !isOld(freshness)) {
    return [];
  }
  const update =
    source.kind === 'osv'
      ? commandLink('Check again', editorCommands.rescan, uri)
      : commandLink('Update', editorCommands.updateDatabase);
  return [
    `**The advisory data are ${dataAgeText(freshness.dataAgeSeconds)}.** Newer advisories are missing.${commands ? ` ${update}` : ''}`,
  ];
}

/** Worst first. A range has a column for what it allows of each. */
function table(version: string | null, findings: readonly Finding[]): string {
  const hasAllowed = findings.some(({ admitted }) => admitted !== undefined);
  const columns = ['Advisory', 'Severity', ...(hasAllowed ? ['Allows'] : []), 'Fixed in', 'What'];
  const rows = findings.map((finding) => [
    link(finding.id, finding.url),
    `**${escapeMarkdown(severityText(finding))}**`,
    ...(hasAllowed ? [escapeMarkdown(finding.admitted ?? '', 120)] : []),
    escapeMarkdown(fixedText(version, finding), 120),
    [escapeMarkdown(finding.summary, 160), escapeMarkdown(ignoredText(finding), 160)].filter(Boolean).join(' '),
  ]);
  return [columns, columns.map(() => ':---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function fixedText(version: string | null, finding: Finding): string {
  if (finding.severity === 'malicious') {
    return 'remove it';
  }
  return finding.fixedVersions.length > 0
    ? listText(fixedFor(version, finding), 4)
    : finding.missingDetails.length > 0
      ? 'not known yet'
      : 'none known';
}

function moreText(rest: number, { commands }: HoverContext): string {
  return commands
    ? commandLink(`${rest} more in the report`, editorCommands.showReport)
    : `${rest} more: the report has them all.`;
}

/** Which record says what, where the records of one vulnerability differ. */
function disagreement({ id, fixesDisagree }: Finding): readonly string[] {
  if (fixesDisagree.length === 0) {
    return [];
  }
  const claims = fixesDisagree.map(
    ({ record, fixed }) => `${record} says ${fixed.length === 0 ? 'none' : listText(fixed, 4)}`,
  );
  return [escapeMarkdown(`The records of ${id} differ on the fix: ${listText(claims, 4)}.`, 400)];
}

function remedy(version: string | null, findings: readonly Finding[], fix: FixAdvice | undefined): readonly string[] {
  const malicious = findings.find(({ severity }) => severity === 'malicious');
  if (malicious !== undefined) {
    return [`**${escapeMarkdown(remedyText(malicious))}**`];
  }
  if (fix === undefined) {
    return ['The safe versions are not known: not all advisories of the package could be fetched.'];
  }
  return [fixAdviceText(version, fix)];
}

/** What to type, how large a step that is, and what is known of that version. */
function fixAdviceText(version: string | null, fix: FixAdvice): string {
  const { nearest, latest, verified, requiresPython } = fix;
  const advice = `**${escapeMarkdown(adviceText(version, fix))}**`;
  if (fix.barred !== undefined) {
    return advice;
  }
  if (nearest === undefined) {
    return fix.passedOver.length === 0 ? advice : `${advice} ${passedOverText(fix)}`;
  }
  const size = version === null ? undefined : stepSize(version, nearest);
  const notes = [
    ...(size === undefined ? [] : [size === 'major' ? '**major** update' : `${size} update`]),
    verified ? 'on the package index' : 'not verified with the package index',
    ...(requiresPython === undefined ? [] : [`needs Python ${escapeMarkdown(requiresPython, 60)}`]),
  ];
  const highest =
    latest === undefined || latest === nearest ? '' : ` Latest safe version: ${escapeMarkdown(latest, 60)}.`;
  return `${advice} (${notes.join(', ')})${highest}`;
}

/** Why the fix is not a lower version: of interest to some, after all the rest. */
function lowerVersions(findings: readonly Finding[], fix: FixAdvice | undefined): readonly string[] {
  const isMalicious = findings.some(({ severity }) => severity === 'malicious');
  return isMalicious || fix?.nearest === undefined || fix.passedOver.length === 0 ? [] : [passedOverText(fix)];
}

function passedOverText({ passedOver }: FixAdvice): string {
  const reasons = passedOver.map(({ version, reason, affectedBy }) => `${version} (${reasonText(reason, affectedBy)})`);
  return escapeMarkdown(`Not suggested: ${listText(reasons, 4)}.`, 300);
}

function reasonText(reason: PassedOver['reason'], affectedBy: readonly string[]): string {
  switch (reason) {
    case 'affected':
      return `affected by ${listText(affectedBy, 2)}`;
    case 'prerelease':
      return 'a pre-release';
    case 'yanked':
      return 'yanked';
    case 'missing':
      return 'not on the index';
  }
}

function sourceText(outcome: Assessed, { now, source }: HoverContext): string {
  if (outcome.local !== undefined) {
    return escapeMarkdown(localText(outcome), 400);
  }
  const asked = `Checked ${ageText(outcome.checkedAt, now)} against`;
  return source.kind === 'osv'
    ? `${asked} ${escapeMarkdown(source.url.replace(/^https?:\/\//u, ''), 200)}`
    : `${asked} the local advisory database, whose data are ${dataAgeText(source.dataAge)}`;
}
