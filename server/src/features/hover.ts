import { listText } from '../core/text/plainText.ts';
import type { Position, Range } from '../core/text/position.ts';
import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { Hover } from 'vscode-languageserver-types';
import { decidedText } from '../core/assessment/decided/decidedVersions.ts';
import type { Finding } from '../core/assessment/finding.ts';
import type { Assessed, Outcome } from '../core/assessment/outcome.ts';
import type { FixAdvice, PassedOver } from '../core/assessment/fixAdvice.ts';
import { dataAgeText } from '../core/report/dataAge.ts';
import { ignoredText, localText, remedyText, severityText } from '../core/report/findingText.ts';
import { freshnessOf, isOld } from '../core/report/freshness.ts';
import { ageText } from './ageText.ts';
import type { AgeContext } from './lineCoverage.ts';
import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';
import type { LineState } from '../project/workspace/lineState.ts';
import { escapeMarkdown, link } from '../core/text/markdownText.ts';

/** Where the data come from, and how old they may be. */
export type HoverContext = AgeContext;

// A hover is read at a glance; the Problems panel and the report have the rest.
const mostFindings = 10;

/** What is known of the requirement whose name or version is at `position`; `undefined` anywhere else. */
export function hoverFor(
  { lines }: Pick<FileSnapshot, 'lines'>,
  position: Position,
  context: HoverContext,
): Hover | undefined {
  for (const line of lines) {
    const { nameRange, tokenRange } = line.requirement;
    const range = [tokenRange, nameRange].find((candidate) => contains(candidate, position));
    if (range !== undefined) {
      return { contents: { kind: 'markdown', value: hoverText(line, context) }, range };
    }
  }
  return undefined;
}

function hoverText({ requirement, state }: LineState, context: HoverContext): string {
  if (state.kind === 'settled') {
    return outcomeText(requirement, state.outcome, context);
  }
  const checking = `${heading(requirement)}\n\nBeing checked …`;
  return state.before === undefined
    ? checking
    : `${checking}\n\nBefore, for ${escapeMarkdown(state.before.version, 60)}:\n\n${findingsText(state.before.outcome, context)}`;
}

function outcomeText(requirement: PlacedRequirement, outcome: Outcome, context: HoverContext): string {
  const asks = outcome.kind === 'assessed' || (outcome.kind === 'failed' && outcome.reason !== 'invalid');
  const head = heading(requirement, asks ? 'any version' : '');
  switch (outcome.kind) {
    case 'assessed':
      return `${head}\n\n${findingsText(outcome, context)}`;
    case 'skipped':
      return `${head}\n\n**Not assessed:** ${escapeMarkdown(outcome.message, 500)}`;
    case 'failed': {
      const failure = `${head}\n\n**Could not be checked:** ${escapeMarkdown(outcome.message, 500)}`;
      return outcome.lastKnown === undefined
        ? `${failure}\n\nNothing is known about it: it may be vulnerable.`
        : `${failure}\n\nWhat was known before:\n\n${findingsText(outcome.lastKnown, context)}`;
    }
  }
}

/** What is not read as a requirement for versions asks for none, not for any: `unversioned` is empty then. */
function heading(requirement: PlacedRequirement, unversioned = 'any version'): string {
  const { name, specifier, version, decidedBy } = requirement;
  const which = version ?? (specifier === '' ? unversioned : specifier);
  const what = [escapeMarkdown(name, 100), escapeMarkdown(which, 60)].filter(Boolean).join(' ');
  const by = decidedBy === undefined ? '' : ` (${escapeMarkdown(decidedText(decidedBy), 120)})`;
  return `**${what}**${by}${outOfDateText(requirement)}`;
}

/** Why a lock does not decide the version, where it has one. */
function outOfDateText({ outOfDate }: PlacedRequirement): string {
  if (outOfDate === undefined) {
    return '';
  }
  const has = `${escapeMarkdown(outOfDate.source, 100)} has ${escapeMarkdown(outOfDate.version, 60)}`;
  return `\n\n${has}, which this line does not allow, so any version that it allows may be installed.`;
}

function findingsText(outcome: Assessed, context: HoverContext): string {
  const { findings, verdict, fix } = outcome;
  if (findings.length === 0) {
    return [...oldText(outcome, context), 'No known advisories.', sourceText(outcome, context)].join('\n\n');
  }
  const shown = findings.slice(0, mostFindings);
  const rest = findings.length - shown.length;
  const count = findings.length === 1 ? '1 known vulnerability' : `${findings.length} known vulnerabilities`;
  return [
    ...oldText(outcome, context),
    ...brokenOffLines(outcome),
    verdict === 'possiblyVulnerable' ? `${count} in some of the releases that it allows` : count,
    ...remedy(findings, fix), // what to type comes first
    table(shown),
    ...(rest > 0 ? [`… and ${rest} more, all in the Problems panel.`] : []),
    ...shown.flatMap(disagreement),
    ...lowerVersions(findings, fix),
    sourceText(outcome, context),
  ].join('\n\n');
}

function brokenOffLines({ brokenOff }: Assessed): readonly string[] {
  return brokenOff === undefined
    ? []
    : [`**The answer broke off, so there may be more.** ${escapeMarkdown(brokenOff, 300)}`];
}

/** Before everything else: what is known may not be all there is. */
function oldText(outcome: Assessed, { now, source, maxDataAgeDays }: HoverContext): readonly string[] {
  const freshness = freshnessOf(source, [outcome], { nowMs: now, maxDataAgeDays });
  return freshness === undefined || !isOld(freshness)
    ? []
    : [`**The advisory data are ${dataAgeText(freshness.dataAgeSeconds)}.** Newer advisories are missing.`];
}

/** Worst first. A range has a column for what it allows of each. */
function table(findings: readonly Finding[]): string {
  const admits = findings.some(({ admitted }) => admitted !== undefined);
  const columns = ['Advisory', 'Severity', ...(admits ? ['Allows'] : []), 'Fixed in', 'What'];
  const rows = findings.map((finding) => [
    `${link(finding.id, finding.url)}${also(finding)}`,
    `**${escapeMarkdown(severityText(finding))}**`,
    ...(admits ? [escapeMarkdown(finding.admitted ?? '', 120)] : []),
    escapeMarkdown(fixedText(finding), 120),
    [escapeMarkdown(finding.summary, 160), escapeMarkdown(ignoredText(finding), 160)].filter(Boolean).join(' '),
  ]);
  return [columns, columns.map(() => ':---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function also({ aliases }: Finding): string {
  return aliases.length === 0 ? '' : ` (also ${escapeMarkdown(listText(aliases, 3), 150)})`;
}

function fixedText({ severity, fixedVersions, missingDetails }: Finding): string {
  if (severity === 'malicious') {
    return 'remove it';
  }
  return fixedVersions.length > 0
    ? listText(fixedVersions, 4)
    : missingDetails.length > 0
      ? 'not known yet'
      : 'none known';
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

function remedy(findings: readonly Finding[], fix: FixAdvice | undefined): readonly string[] {
  const malicious = findings.find(({ severity }) => severity === 'malicious');
  if (malicious !== undefined) {
    return [`**${escapeMarkdown(remedyText(malicious))}**`];
  }
  if (fix === undefined) {
    return ['What is safe could not be worked out: not all advisories of the package could be had.'];
  }
  return [fixAdviceText(fix)];
}

/** Why the fix is not a lower version: of interest to some, after all the rest. */
function lowerVersions(findings: readonly Finding[], fix: FixAdvice | undefined): readonly string[] {
  const isMalicious = findings.some(({ severity }) => severity === 'malicious');
  return isMalicious || fix?.nearest === undefined || fix.passedOver.length === 0 ? [] : [passedOverText(fix)];
}

function fixAdviceText(fix: FixAdvice): string {
  const { nearest, latest, verified, requiresPython } = fix;
  if (nearest === undefined) {
    const passedOver = fix.passedOver.length === 0 ? '' : ` ${passedOverText(fix)}`;
    const safe = fix.change?.kind === 'none' ? fix.change.highestSafe : undefined;
    return safe === undefined
      ? `**No version is known that is free of all advisories.**${passedOver}`
      : `**No later version than ${escapeMarkdown(safe, 60)} is known to be safe.** Cap the range there.${passedOver}`;
  }
  const outside = fix.change?.kind === 'none' ? ', outside of what the line allows' : '';
  const python = requiresPython === undefined ? '' : `, needs Python ${escapeMarkdown(requiresPython, 60)}`;
  const check = verified ? 'on the package index' : 'not verified with the package index';
  const highest = latest === undefined || latest === nearest ? '' : ` Latest: ${escapeMarkdown(latest, 60)}.`;
  return `Nearest version without known advisories: **${escapeMarkdown(nearest, 60)}** (${check}${python}${outside}).${highest}`;
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

function contains(range: Range, position: Position): boolean {
  return (
    range.start.line === position.line &&
    range.end.line === position.line &&
    range.start.character <= position.character &&
    position.character <= range.end.character
  );
}
