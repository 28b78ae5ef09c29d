import { decidedText } from '../../core/assessment/decided/decidedVersions.ts';
import { lastAssessed } from '../findings.ts';
import { severityText } from '../../core/report/words/findingText.ts';
import { adviceText } from '../../core/report/words/requirementText.ts';
import { escapeMarkdown, link } from '../../core/text/markdownText.ts';
import { unknownText } from '../../core/fixes/words/raiseText.ts';
import type { RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import { lockCommand } from '../actions/lockActions.ts';
import { type ComingPackage, comingOf, packageText } from '../coming.ts';
import { directText } from '../diagnostics/comingDiagnostic.ts';
import type { HoverContext } from './hoverFindings.ts';

// A hover is read at a glance; the lock has the rest.
const mostListed = 8;

/** The vulnerable packages that come with a requirement, each with its way; what could not be checked; how many there are. */
export function comingParagraphs(line: LineState, { words, raiseOf }: HoverContext): readonly string[] {
  const { comes } = line;
  if (comes === undefined) {
    return [];
  }
  const { t, part } = words;
  const { vulnerable, failed } = comingOf(comes, 'none');
  const direct = escapeMarkdown(directText(line, comes), 160);
  const by = escapeMarkdown(part(decidedText(comes.source)), 120);
  const open = comes.lines.length - comes.lines.filter(isChecked).length - failed.length;
  const rest = vulnerable.length - mostListed;
  const command = lockCommand(line, 'none');
  const again = command === undefined ? '' : `\n\n${t('Lock again with {0}', `\`${command}\``)}`;
  const listed = vulnerable.slice(0, mostListed).map((one) => [one, raiseOf?.(comes, one.line)] as const);
  // One command locks all of them again.
  const doubt = command === undefined ? undefined : commonDoubt(listed.map(([, advice]) => advice));
  const list = [
    ...listed.map(
      ([one, advice]) => `- ${packageLine(one, words)}${doubt === undefined ? raiseText(advice, words) : ''}`,
    ),
    ...(rest > 0 ? [`- ${t('{0} more', rest)}`] : []),
  ];
  const unknown = doubt === undefined ? '' : `\n\n${escapeMarkdown(words.said(unknownText(doubt)), 500)}`;
  return [
    ...(vulnerable.length === 0
      ? []
      : [`${title(vulnerable.length, direct, words)} (${by})\n\n${list.join('\n')}${unknown}${again}`]),
    ...(failed.length === 0 ? [] : [t('**Could not be checked:** {0}', names(failed))]),
    ...(open === 0 ? [] : [t('Being checked: {0} of {1} packages that come with it', open, comes.lines.length)]),
    ...(vulnerable.length + failed.length + open > 0 ? [] : [cleanText(comes, by, words)]),
  ];
}

function title(count: number, direct: string, { t }: HoverContext['words']): string {
  return count === 1
    ? t('**1 vulnerable package comes with {0}:**', direct)
    : t('**{0} vulnerable packages come with {1}:**', count, direct);
}

function cleanText({ lines }: ComesWith, by: string, { t }: HoverContext['words']): string {
  return lines.length === 1
    ? t('1 package comes with it ({0}): no known advisories.', by)
    : t('{0} packages come with it ({1}): no known advisories.', lines.length, by);
}

/** "**werkzeug 0.16**, through jinja2: high 7.5, CVE-1 and 2 more. Update to 2.0." */
function packageLine({ line, outcome, findings }: ComingPackage, { t, said, part }: HoverContext['words']): string {
  const { requirement } = line;
  const [worst, ...others] = findings;
  const between = (requirement.requiredBy?.chain ?? []).slice(1).map((name) => escapeMarkdown(name, 60));
  const way = between.length === 0 ? '' : `, ${t('through {0}', between.join(' → '))}`;
  const more = others.length === 0 ? '' : ` ${t('and {0} more', others.length)}`;
  const advice =
    outcome.fix === undefined || worst.severity === 'malicious'
      ? ''
      : ` ${escapeMarkdown(said(adviceText(requirement.version, outcome.fix)), 200)}`;
  const which = `${escapeMarkdown(part(severityText(worst)))}, ${link(worst.id, worst.url)}${more}.`;
  return `**${escapeMarkdown(packageText(line), 160)}**${way}: ${which}${advice}`;
}

/** What has to change so that it can have a safe version. */
function raiseText(advice: RaiseAdvice | undefined, { said }: HoverContext['words']): string {
  return advice === undefined ? '' : ` ${escapeMarkdown(said(advice.text), 500)}`;
}

/** Why it is not known what to raise for any of several packages; `undefined` where that differs. */
function commonDoubt(all: readonly (RaiseAdvice | undefined)[]): string | undefined {
  const [first, ...others] = all.map((advice) => (advice?.raise.kind === 'unknown' ? advice.raise.why : undefined));
  return others.length > 0 && others.every((why) => why === first) ? first : undefined;
}

function isChecked(line: LineState): boolean {
  return line.state.kind === 'settled' && lastAssessed(line) !== undefined && line.state.outcome.kind === 'assessed';
}

function names(lines: readonly LineState[]): string {
  const shown = lines.slice(0, mostListed).map((line) => escapeMarkdown(packageText(line), 160));
  return lines.length > mostListed ? `${shown.join(', ')} …` : shown.join(', ');
}
