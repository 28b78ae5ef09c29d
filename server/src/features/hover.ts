import type { Position, Range } from '../core/text/position.ts';
import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { Hover } from 'vscode-languageserver-types';
import { editorCommands } from '../../../protocol/ids.ts';
import { decidedText } from '../core/assessment/decided/decidedVersions.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import { requiredByText } from '../core/assessment/requiredBy.ts';
import { commandLink, escapeMarkdown } from '../core/text/markdownText.ts';
import { assessedText, type HoverContext } from './hoverFindings.ts';
import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';
import type { LineState } from '../project/workspace/lineState.ts';

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

function hoverText(line: LineState, context: HoverContext): string {
  return paragraphs(line, context).join('\n\n');
}

function paragraphs({ requirement, state }: LineState, context: HoverContext): readonly string[] {
  if (state.kind === 'settled') {
    return outcomeParagraphs(requirement, state.outcome, context);
  }
  const checking = [heading(requirement), ...outOfDateText(requirement), 'Being checked …'];
  const { before } = state;
  if (before === undefined) {
    return checking;
  }
  const version = requirement.version === null ? null : before.version;
  return [
    ...checking,
    `Before, for ${escapeMarkdown(before.version, 60)}:`,
    assessedText(version, before.outcome, context),
  ];
}

function outcomeParagraphs(requirement: PlacedRequirement, outcome: Outcome, context: HoverContext): readonly string[] {
  const asks = outcome.kind === 'assessed' || (outcome.kind === 'failed' && outcome.reason !== 'invalid');
  const subject = heading(requirement, asks ? 'any version' : '');
  const head = [subject, ...outOfDateText(requirement)];
  const { version } = requirement;
  switch (outcome.kind) {
    case 'assessed':
      return outcome.findings.length === 0
        ? [...head, assessedText(version, outcome, context)]
        : [assessedText(version, outcome, context, subject), ...outOfDateText(requirement)];
    case 'skipped':
      return [...head, `**Not assessed:** ${escapeMarkdown(outcome.message, 500)}`];
    case 'failed': {
      const again = outcome.reason === 'invalid' ? '' : retryLink(context);
      const failure = [...head, `**Could not be checked:** ${escapeMarkdown(outcome.message, 500)}${again}`];
      const { lastKnown } = outcome;
      return lastKnown === undefined
        ? [...failure, 'Nothing is known about it: it may be vulnerable.']
        : [...failure, 'What was known before:', assessedText(version, lastKnown, context)];
    }
  }
}

function retryLink({ commands, uri }: HoverContext): string {
  return commands ? ` ${commandLink('Try again', editorCommands.rescan, uri)}` : '';
}

/** What is not read as a requirement for versions asks for none, not for any: `unversioned` is empty then. */
function heading(requirement: PlacedRequirement, unversioned = 'any version'): string {
  const { name, specifier, version, decidedBy, requiredBy } = requirement;
  const which = version ?? (specifier === '' ? unversioned : specifier);
  const what = [escapeMarkdown(name, 100), escapeMarkdown(which, 60)].filter(Boolean).join(' ');
  const by = decidedBy === undefined ? '' : ` (${escapeMarkdown(decidedText(decidedBy), 120)})`;
  const why = escapeMarkdown(requiredByText(requiredBy), 300);
  return `**${what}**${by}${why === '' ? '' : ` ${why}`}`;
}

/** Why a lock does not decide the version, where it has one. */
function outOfDateText({ outOfDate }: PlacedRequirement): readonly string[] {
  if (outOfDate === undefined) {
    return [];
  }
  const has = `${escapeMarkdown(outOfDate.source, 100)} has ${escapeMarkdown(outOfDate.version, 60)}`;
  return [`${has}, which this line does not allow, so any version that it allows may be installed.`];
}

function contains(range: Range, position: Position): boolean {
  return (
    range.start.line === position.line &&
    range.end.line === position.line &&
    range.start.character <= position.character &&
    position.character <= range.end.character
  );
}
