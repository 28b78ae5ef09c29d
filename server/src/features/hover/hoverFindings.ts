import type { Finding } from '../../core/assessment/finding.ts';
import type { FixAdvice, PassedOver } from '../../core/assessment/advice/fixAdvice.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { editorCommands } from '../../../../protocol/ids.ts';
import type { Severity } from '../../core/advisories/advisory.ts';
import { dataAgeText } from '../../core/report/words/dataAge.ts';
import { ignoredText, localText, remedyText, severityText } from '../../core/report/words/findingText.ts';
import { adviceText, fixedFor } from '../../core/report/words/requirementText.ts';
import { freshnessOf, isOld } from '../../core/report/freshness.ts';
import { commandLink, escapeMarkdown, link } from '../../core/text/markdownText.ts';
import { listText } from '../../core/text/plainText.ts';
import { type StepSize, stepSize } from '../../core/versions/stepSize.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import type { RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { Words } from '../../core/words/words.ts';
import { ageText } from '../ageText.ts';
import type { AgeContext } from '../lineCoverage.ts';

/** Where the data come from, how old they may be, and what the reader can do from the hover. */
export interface HoverContext extends AgeContext {
  /** Of the file. */
  readonly uri: string;
  /** The client runs the commands of our own extension from links. */
  readonly commands: boolean;
  readonly words: Words;
  /** What has to be raised for a package that comes with a line; absent where that is not known. */
  readonly raiseOf?: (comes: ComesWith, coming: LineState) => RaiseAdvice | undefined;
}

// A hover is read at a glance; the report has the rest.
const mostFindings = 5;

/**
 * What is known of a release, or of all that a range allows (`version` is `null`): how much and how bad, what to type, the
 * worst advisories, and then how old that is. `subject` is Markdown for what has the findings.
 */
export function assessedText(
  version: string | null,
  outcome: Assessed,
  context: HoverContext,
  subject?: string,
): string {
  const { findings, fix } = outcome;
  const { words } = context;
  const old = oldText(outcome, context);
  if (findings.length === 0) {
    return [...old, words.t('No known advisories.'), sourceText(outcome, context)].join('\n\n');
  }
  const shown = findings.slice(0, mostFindings);
  const rest = findings.length - shown.length;
  return [
    `${subject ?? words.t('It')} ${countText(version, outcome, words)}`,
    ...old,
    ...brokenOffLines(outcome, words),
    ...remedy(version, findings, fix, words),
    table(version, shown, words),
    ...(rest > 0 ? [moreText(rest, context)] : []),
    ...shown.flatMap((finding) => disagreement(finding, words)),
    ...lowerVersions(findings, fix, words),
    sourceText(outcome, context),
  ].join('\n\n');
}

const worstFirst: readonly Severity[] = ['malicious', 'critical', 'high', 'medium', 'unknown', 'low', 'none'];

/** "has 31 known vulnerabilities: 2 critical, 29 high", and how many of them are ignored. */
function countText(version: string | null, { findings, verdict }: Assessed, { t }: Words): string {
  const { length } = findings;
  const count = length === 1 ? t('1 known vulnerability') : t('{0} known vulnerabilities', length);
  const open = findings.filter(({ ignored }) => ignored === undefined);
  const ignored = findings.length - open.length;
  const severities = worstFirst.flatMap((severity) => {
    const number = open.filter((finding) => finding.severity === severity).length;
    const word = severityWord(severity, t);
    return number === 0 ? [] : [length === 1 ? word : `${number} ${word}`];
  });
  const note = ignored === 0 ? [] : [open.length === 0 ? t('ignored') : t('{0} ignored', ignored)];
  const which = [...severities, ...note].join(', ');
  if (version !== null) {
    return t('has **{0}**: {1}', count, which);
  }
  return verdict === 'vulnerable'
    ? t('allows only versions with **{0}**: {1}', count, which)
    : t('allows versions with **{0}**: {1}', count, which);
}

function severityWord(severity: Severity, t: Words['t']): string {
  switch (severity) {
    case 'malicious':
      return t('malicious');
    case 'critical':
      return t('critical');
    case 'high':
      return t('high');
    case 'medium':
      return t('medium');
    case 'low':
      return t('low');
    case 'unknown':
      return t('of unknown severity');
    case 'none':
      return t('without impact');
  }
}

function brokenOffLines({ brokenOff }: Assessed, { t, said }: Words): readonly string[] {
  return brokenOff === undefined
    ? []
    : [`${t('**The answer broke off, so there may be more.**')} ${escapeMarkdown(said(brokenOff), 300)}`];
}

/** What is known may not be all there is. */
function oldText(outcome: Assessed, context: HoverContext): readonly string[] {
  const { now, source, maxDataAgeDays, commands, uri, words } = context;
  const freshness = freshnessOf(source, [outcome], { nowMs: now, maxDataAgeDays });
  if (freshness === undefined || !isOld(freshness)) {
    return [];
  }
  const update =
    source.kind === 'osv'
      ? commandLink(words.t('Check again'), editorCommands.rescan, uri)
      : commandLink(words.t('Update'), editorCommands.updateDatabase);
  const age = words.part(dataAgeText(freshness.dataAgeSeconds));
  const missing = words.t('**The advisory data are {0}.** Newer advisories are missing.', age);
  return [commands ? `${missing} ${update}` : missing];
}

/** Worst first. A range has a column for what it allows of each. */
function table(version: string | null, findings: readonly Finding[], { t, said, part }: Words): string {
  const hasAllowed = findings.some(({ admitted }) => admitted !== undefined);
  const allows = hasAllowed ? [t('Allows')] : [];
  const columns = [t('Advisory'), t('Severity'), ...allows, t('Fixed in'), t('What')];
  const rows = findings.map((finding) => [
    link(finding.id, finding.url),
    `**${escapeMarkdown(part(severityText(finding)))}**`,
    ...(hasAllowed ? [escapeMarkdown(part(finding.admitted ?? ''), 120)] : []),
    escapeMarkdown(fixedText(version, finding, { t, part }), 120),
    [escapeMarkdown(finding.summary, 160), escapeMarkdown(said(ignoredText(finding).trim()), 160)]
      .filter(Boolean)
      .join(' '),
  ]);
  return [columns, columns.map(() => ':---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function fixedText(version: string | null, finding: Finding, { t, part }: Pick<Words, 't' | 'part'>): string {
  if (finding.severity === 'malicious') {
    return t('remove it');
  }
  return finding.fixedVersions.length > 0
    ? part(listText(fixedFor(version, finding), 4))
    : finding.missingDetails.length > 0
      ? t('not known yet')
      : t('none known');
}

function moreText(rest: number, { commands, words: { t } }: HoverContext): string {
  return commands
    ? commandLink(t('{0} more in the report', rest), editorCommands.showReport)
    : t('{0} more: the report has them all.', rest);
}

/** Which record says what, where the records of one vulnerability differ. */
function disagreement({ id, fixesDisagree }: Finding, { t, part }: Words): readonly string[] {
  if (fixesDisagree.length === 0) {
    return [];
  }
  const claims = fixesDisagree.map(({ record, fixed }) =>
    t('{0} says {1}', record, fixed.length === 0 ? t('none') : part(listText(fixed, 4))),
  );
  return [escapeMarkdown(t('The records of {0} differ on the fix: {1}.', id, part(listText(claims, 4))), 400)];
}

function remedy(
  version: string | null,
  findings: readonly Finding[],
  fix: FixAdvice | undefined,
  words: Words,
): readonly string[] {
  const malicious = findings.find(({ severity }) => severity === 'malicious');
  if (malicious !== undefined) {
    return [`**${escapeMarkdown(words.said(remedyText(malicious)))}**`];
  }
  if (fix === undefined) {
    return [words.t('The safe versions are not known: not all advisories of the package could be fetched.')];
  }
  return [fixAdviceText(version, fix, words)];
}

/** What to type, how large a step that is, and what is known of that version. */
function fixAdviceText(version: string | null, fix: FixAdvice, words: Words): string {
  const { t, said } = words;
  const { nearest, latest, verified, requiresPython } = fix;
  const advice = `**${escapeMarkdown(said(adviceText(version, fix)))}**`;
  if (fix.barred !== undefined) {
    return advice;
  }
  if (nearest === undefined) {
    return fix.passedOver.length === 0 ? advice : `${advice} ${passedOverText(fix, words)}`;
  }
  const size = version === null ? undefined : stepSize(version, nearest);
  const notes = [
    ...(size === undefined ? [] : [stepText(size, t)]),
    verified ? t('on the package index') : t('not verified with the package index'),
    ...(requiresPython === undefined ? [] : [t('needs Python {0}', escapeMarkdown(requiresPython, 60))]),
  ];
  const highest =
    latest === undefined || latest === nearest ? '' : ` ${t('Latest safe version: {0}.', escapeMarkdown(latest, 60))}`;
  return `${advice} (${notes.join(', ')})${highest}`;
}

function stepText(size: StepSize, t: Words['t']): string {
  switch (size) {
    case 'major':
      return t('**major** update');
    case 'minor':
      return t('minor update');
    case 'patch':
      return t('patch update');
  }
}

/** Why the fix is not a lower version: of interest to some, after all the rest. */
function lowerVersions(findings: readonly Finding[], fix: FixAdvice | undefined, words: Words): readonly string[] {
  const isMalicious = findings.some(({ severity }) => severity === 'malicious');
  return isMalicious || fix?.nearest === undefined || fix.passedOver.length === 0 ? [] : [passedOverText(fix, words)];
}

function passedOverText({ passedOver }: FixAdvice, words: Words): string {
  const reasons = passedOver.map(
    ({ version, reason, affectedBy }) => `${version} (${reasonText(reason, affectedBy, words)})`,
  );
  return escapeMarkdown(words.t('Not suggested: {0}.', words.part(listText(reasons, 4))), 300);
}

function reasonText(reason: PassedOver['reason'], affectedBy: readonly string[], { t, part }: Words): string {
  switch (reason) {
    case 'affected':
      return t('affected by {0}', part(listText(affectedBy, 2)));
    case 'prerelease':
      return t('a pre-release');
    case 'yanked':
      return t('yanked');
    case 'missing':
      return t('not on the index');
  }
}

function sourceText(outcome: Assessed, { now, source, words }: HoverContext): string {
  const { t, said, part } = words;
  if (outcome.local !== undefined) {
    return escapeMarkdown(said(localText(outcome)), 400);
  }
  const age = ageText(outcome.checkedAt, now, words);
  return source.kind === 'osv'
    ? t('Checked {0} against {1}', age, escapeMarkdown(source.url.replace(/^https?:\/\//u, ''), 200))
    : t('Checked {0} against the local advisory database, whose data are {1}', age, part(dataAgeText(source.dataAge)));
}
