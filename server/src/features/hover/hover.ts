import type { Position, Range } from '../../core/text/position.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Hover } from 'vscode-languageserver-types';
import { editorCommands } from '../../../../protocol/ids.ts';
import { decidedText } from '../../core/assessment/decided/decidedVersions.ts';
import type { Outcome } from '../../core/assessment/outcome.ts';
import { requiredByText } from '../../core/assessment/requiredBy.ts';
import { unrecordedText } from '../../core/report/words/unrecordedText.ts';
import { commandLink, escapeMarkdown } from '../../core/text/markdownText.ts';
import { comingParagraphs } from './hoverComing.ts';
import { assessedText, type HoverContext } from './hoverFindings.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { LineState } from '../../project/workspace/lineState.ts';

/** What is known of the requirement whose name or version is at `position`; `undefined` anywhere else. */
export function hoverFor(
  { lines, file }: Pick<FileSnapshot, 'lines'> & Partial<Pick<FileSnapshot, 'file'>>,
  position: Position,
  context: HoverContext,
): Hover | undefined {
  for (const line of lines) {
    const { nameRange, tokenRange } = line.requirement;
    const range = [tokenRange, nameRange].find((candidate) => contains(candidate, position));
    if (range !== undefined) {
      const requirements = lines.map(({ requirement }) => requirement);
      const remark = file && unrecordedText(file.kind.id, requirements);
      return { contents: { kind: 'markdown', value: hoverText(line, context, remark) }, range };
    }
  }
  return undefined;
}

/** The line whose name or version is at a position. */
export function lineAt(lines: readonly LineState[], position: Position): LineState | undefined {
  return lines.find(({ requirement: { tokenRange, nameRange } }) =>
    [tokenRange, nameRange].some((candidate) => contains(candidate, position)),
  );
}

function hoverText(line: LineState, context: HoverContext, remark: string | undefined): string {
  const more = remark === undefined ? [] : [escapeMarkdown(context.words.said(remark), 200)];
  return [...paragraphs(line, context), ...comingParagraphs(line, context), ...more].join('\n\n');
}

function paragraphs({ requirement, state }: LineState, context: HoverContext): readonly string[] {
  if (state.kind === 'settled') {
    return outcomeParagraphs(requirement, state.outcome, context);
  }
  const checking = [
    heading(requirement, context),
    ...outOfDateText(requirement, context),
    context.words.t('Being checked …'),
  ];
  const { before } = state;
  if (before === undefined) {
    return checking;
  }
  const version = requirement.version === null ? null : before.version;
  return [
    ...checking,
    context.words.t('Before, for {0}:', escapeMarkdown(before.version, 60)),
    assessedText(version, before.outcome, context),
  ];
}

function outcomeParagraphs(requirement: PlacedRequirement, outcome: Outcome, context: HoverContext): readonly string[] {
  const asks = outcome.kind === 'assessed' || (outcome.kind === 'failed' && outcome.reason !== 'invalid');
  const { t, said } = context.words;
  const subject = heading(requirement, context, asks ? t('any version') : '');
  const head = [subject, ...outOfDateText(requirement, context)];
  const { version } = requirement;
  switch (outcome.kind) {
    case 'assessed':
      return outcome.findings.length === 0
        ? [...head, assessedText(version, outcome, context)]
        : [assessedText(version, outcome, context, subject), ...outOfDateText(requirement, context)];
    case 'skipped':
      return [...head, t('**Not assessed:** {0}', escapeMarkdown(said(outcome.message), 500))];
    case 'failed': {
      const again = outcome.reason === 'invalid' ? '' : retryLink(context);
      const why = escapeMarkdown(said(outcome.message), 500);
      const failure = [...head, t('**Could not be checked:** {0}', why) + again];
      const { lastKnown } = outcome;
      return lastKnown === undefined
        ? [...failure, t('Nothing is known about it: it may be vulnerable.')]
        : [...failure, t('What was known before:'), assessedText(version, lastKnown, context)];
    }
  }
}

function retryLink({ commands, uri, words: { t } }: HoverContext): string {
  return commands ? ` ${commandLink(t('Try again'), editorCommands.rescan, uri)}` : '';
}

/** What is not read as a requirement for versions asks for none, not for any: `unversioned` is empty then. */
function heading(
  requirement: PlacedRequirement,
  { words }: HoverContext,
  unversioned = words.t('any version'),
): string {
  const { name, specifier, version, decidedBy, requiredBy } = requirement;
  const which = version ?? (specifier === '' ? unversioned : specifier);
  const what = [escapeMarkdown(name, 100), escapeMarkdown(which, 60)].filter(Boolean).join(' ');
  const by = decidedBy === undefined ? '' : ` (${escapeMarkdown(words.part(decidedText(decidedBy)), 120)})`;
  const why = escapeMarkdown(words.part(requiredByText(requiredBy)), 300);
  return `**${what}**${by}${why === '' ? '' : ` ${why}`}`;
}

/** Why a lock does not decide the version, where it has one. */
function outOfDateText(
  { outOfDate, oneOf, version: own }: PlacedRequirement,
  { words: { t } }: HoverContext,
): readonly string[] {
  const lock = outOfDate ?? oneOf;
  if (lock === undefined) return [];
  const source = escapeMarkdown(lock.source, 100);
  const versions = escapeMarkdown(lock.versions.join(', '), 100);
  if (outOfDate === undefined) {
    return [t('{0} has several versions that this line allows: {1}. One of them is installed.', source, versions)];
  }
  return own === null
    ? [
        t(
          '{0} has {1}, which this line does not allow, so any version that it allows may be installed.',
          source,
          versions,
        ),
      ]
    : [t('{0} is out of date: it has {1}, which this line does not allow.', source, versions)];
}

function contains(range: Range, position: Position): boolean {
  return (
    range.start.line === position.line &&
    range.end.line === position.line &&
    range.start.character <= position.character &&
    position.character <= range.end.character
  );
}
