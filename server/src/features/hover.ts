import type { Hover } from 'vscode-languageserver-types';
import type { Finding } from '../core/assessment/finding.ts';
import type { Assessed, Outcome } from '../core/assessment/outcome.ts';
import { listText, remedyText, severityText } from '../core/report/findingText.ts';
import type { PlacedRequirement } from '../core/report/scanReport.ts';
import type { Position, Range } from '../core/requirements/model.ts';
import { ageText } from './ageText.ts';
import type { LineState } from './lineState.ts';
import { escapeMarkdown, link } from '../core/report/markdownText.ts';

export interface HoverContext {
  readonly now: number;
  /** Where the data come from, as the user set it. */
  readonly sourceUrl: string;
}

// A hover is read at a glance; the Problems panel and the report have the rest.
const mostFindings = 10;

/** What is known of the requirement whose name or version is at `position`; `undefined` anywhere else. */
export function hoverFor(lines: readonly LineState[], position: Position, context: HoverContext): Hover | undefined {
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
  const checking = `${title(requirement)}\n\nBeing checked …`;
  return state.before === undefined
    ? checking
    : `${checking}\n\nBefore, for ${escapeMarkdown(state.before.version, 60)}:\n\n${findingsText(state.before.outcome, context)}`;
}

function outcomeText(requirement: PlacedRequirement, outcome: Outcome, context: HoverContext): string {
  const heading = title(requirement);
  switch (outcome.kind) {
    case 'assessed':
      return `${heading}\n\n${findingsText(outcome, context)}`;
    case 'skipped':
      return `${heading}\n\n**Not assessed:** ${escapeMarkdown(outcome.message, 500)}`;
    case 'failed': {
      const failure = `${heading}\n\n**Could not be checked:** ${escapeMarkdown(outcome.message, 500)}`;
      return outcome.lastKnown === undefined
        ? `${failure}\n\nNothing is known of it: it may be vulnerable.`
        : `${failure}\n\nWhat was known before:\n\n${findingsText(outcome.lastKnown, context)}`;
    }
  }
}

function title(requirement: PlacedRequirement): string {
  const version = requirement.version === null ? '' : ` ${escapeMarkdown(requirement.version, 60)}`;
  const by = requirement.decidedBy === undefined ? '' : ` (pinned by ${escapeMarkdown(requirement.decidedBy, 100)})`;
  return `**${escapeMarkdown(requirement.name, 100)}${version}**${by}`;
}

function findingsText(outcome: Assessed, context: HoverContext): string {
  const age = `Checked ${ageText(outcome.checkedAt, context.now)} against ${escapeMarkdown(context.sourceUrl.replace(/^https?:\/\//u, ''), 200)}`;
  if (outcome.findings.length === 0) {
    return `No known advisories.\n\n${age}`;
  }
  const shown = outcome.findings.slice(0, mostFindings).map(findingItem);
  const rest = outcome.findings.length - shown.length;
  const more = rest > 0 ? [`… and ${rest} more, all in the Problems panel.`] : [];
  const count =
    outcome.findings.length === 1 ? '1 known vulnerability' : `${outcome.findings.length} known vulnerabilities`;
  return [count, shown.join('\n'), ...more, age].join('\n\n');
}

function findingItem(finding: Finding): string {
  const aliases = finding.aliases.length === 0 ? '' : ` (also ${escapeMarkdown(listText(finding.aliases, 4), 200)})`;
  const summary = finding.summary === '' ? '' : `  \n  ${escapeMarkdown(finding.summary)}`;
  return `- ${link(finding.id, finding.url)} · **${escapeMarkdown(severityText(finding))}**${aliases}${summary}  \n  ${escapeMarkdown(remedyText(finding))}`;
}

function contains(range: Range, position: Position): boolean {
  return (
    range.start.line === position.line &&
    range.end.line === position.line &&
    range.start.character <= position.character &&
    position.character <= range.end.character
  );
}
