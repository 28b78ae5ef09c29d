import type { Position, Range } from '../../core/text/position.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';
import { diagnosticCodes, diagnosticSource } from '../../../../protocol/ids.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { compileAgainText } from '../../core/fixes/words/compiledText.ts';
import { fixFiles } from '../../core/fixes/fixFiles.ts';
import type { FixPlan, FixSubject } from '../../core/fixes/fixPlan.ts';
import { planFixes } from '../../core/fixes/planFixes.ts';
import { lastAtOrBefore } from '../../core/text/lineIndex.ts';
import { askedName } from '../../core/manifests/manifest.ts';
import { offsetAt } from '../../core/manifests/offsetAt.ts';
import { lastFirst } from '../../core/manifests/rewrite.ts';
import { correctionActions } from './correctionActions.ts';
import { type Candidate, type CodeActionContext, disabledAction, type Found, planAction } from './fixAction.ts';
import { fixTitle, shownName, unknownFixTitle } from './fixTitles.ts';
import { lockActions } from './lockActions.ts';
import { ignoreActions, stopIgnoringActions } from './ignoreActions.ts';
import { raiseActions } from './raiseActions.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { type EditedDocument, fileName, workspaceEdit } from './workspaceEdit.ts';

/** What the editor asks for. */
export interface CodeActionRequest {
  readonly range: Range;
  readonly diagnostics: readonly Diagnostic[];
  /** Kinds; one stands for all below it. */
  readonly only?: readonly string[];
}

export const fixAllKind = 'source.fixAll.pinwatch';

/**
 * The fixes at a place of a document, the nearest safe version of each requirement first and preferred; and all pins of the
 * document at once, where just that is asked for. An edit comes with its action, but for those that need the digests of files
 * which may still be asked for.
 */
export function codeActionsFor(context: CodeActionContext, request: CodeActionRequest): CodeAction[] {
  const { only, range, diagnostics } = request;
  const quick =
    only === undefined || only.some((kind) => includesKind(kind, 'quickfix'))
      ? [
          ...correctionActions(context.document, range, { diagnostics, abilities: context.abilities }),
          ...context.lines
            .filter(({ requirement }) => touches(requirement.range, range))
            .flatMap((line) => [
              ...quickFixes(context, line, diagnostics),
              ...raiseActions(context, line),
              ...terminalActions(context, line),
            ]),
        ]
      : [];
  const all = only?.some((kind) => includesKind(kind, fixAllKind)) === true ? fixAll(context) : [];
  const actions = [...quick, ...all];
  return context.abilities.disabledActions ? actions : actions.filter(({ disabled }) => disabled === undefined);
}

function terminalActions(
  { terminalCommand, document, minimumSeverity }: CodeActionContext,
  line: LineState,
): readonly CodeAction[] {
  return terminalCommand === undefined ? [] : lockActions(document.uri, line, minimumSeverity, terminalCommand);
}

function quickFixes(context: CodeActionContext, line: LineState, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const { requirement } = line;
  const outcome = vulnerableOutcome(line);
  const found = outcome && namedAt(context.document, requirement.range.start);
  if (outcome === undefined || found === undefined) {
    return [];
  }
  const actions = fixActions(context, requirement, outcome, found);
  const solved = diagnostics.filter((diagnostic) => isAbout(diagnostic, requirement));
  const preferred = actions.findIndex(({ action, canBePreferred }) => canBePreferred && action.disabled === undefined);
  const fixes = actions.map(({ action }, at) => ({
    ...action,
    kind: 'quickfix',
    ...(solved.length === 0 ? {} : { diagnostics: solved }),
    ...(at === preferred ? { isPreferred: true } : {}),
  }));
  const { ignoreCommand } = context;
  return ignoreCommand === undefined
    ? fixes
    : [
        ...fixes,
        ...ignoreActions(context.document.uri, requirement, outcome, diagnostics, ignoreCommand),
        ...stopIgnoringActions(context.document.uri, requirement, outcome),
      ];
}

/** Only what is known now: an answer that is out of date or about another version is no ground for an edit. */
function vulnerableOutcome({ state }: LineState): Assessed | undefined {
  return state.kind === 'settled' && state.outcome.kind === 'assessed' && state.outcome.findings.length > 0
    ? state.outcome
    : undefined;
}

function namedAt({ file }: EditedDocument, start: Position): Found | undefined {
  const index = lastAtOrBefore(file.starts, offsetAt(file, start));
  const name = askedName(file.contentOf(index));
  return name && { index, name };
}

/** The edits of the requirement, wherever they are to be made. */
function fixActions(
  context: CodeActionContext,
  requirement: PlacedRequirement,
  outcome: Assessed,
  found: Found,
): readonly Candidate[] {
  const subject: FixSubject = { source: context.id, requirement, outcome };
  const planned = planFixes(subject, context.fix);
  if (planned.kind === 'plans') {
    return planned.plans.map((plan) => planCandidate(context, requirement, found, plan));
  }
  const { reason, outside } = planned;
  return [
    disabledAction(titleOfNone(context, requirement, outcome), reason),
    ...(outside === undefined ? [] : [planCandidate(context, requirement, found, outside)]),
  ];
}

function planCandidate(
  context: CodeActionContext,
  { name }: PlacedRequirement,
  found: Found,
  plan: FixPlan,
): Candidate {
  const { edit, kind } = plan;
  const sources = edit.kind === 'edit' ? edit.edits.map(({ source }) => source) : [];
  const elsewhere = [...new Set(sources)].flatMap((source) =>
    source === context.id ? [] : [fileName(context.documents.get(source)?.uri ?? source)],
  );
  const title = fixTitle(name, plan, elsewhere);
  return {
    action: lacksFiles(context, found, plan) ? { title } : planAction(context, title, plan),
    canBePreferred: kind !== 'latest' && kind !== 'outside',
  };
}

function titleOfNone({ document }: CodeActionContext, { name }: PlacedRequirement, { findings }: Assessed): string {
  if (findings.some(({ severity }) => severity === 'malicious')) {
    return `Remove ${shownName(name)}`;
  }
  return document.file.compiled === undefined
    ? unknownFixTitle(name)
    : `Change ${shownName(name)} where it is asked for`;
}

/** It fails for want of digests only, and these may still be asked for. */
function lacksFiles({ canAskForFiles }: CodeActionContext, { name }: Found, { edit }: FixPlan): boolean {
  return edit.kind === 'disabled' && edit.wantsFiles === true && canAskForFiles(name.normalized);
}

/**
 * Pins of this document alone, to their nearest safe versions: no range, nothing malicious or ignored, no other file, and no
 * major update unless the settings allow those.
 */
function fixAll(context: CodeActionContext): CodeAction[] {
  const { document, abilities, id, fix } = context;
  const pins = context.lines.flatMap(({ requirement, state }) => {
    const isOwnPin = requirement.version !== null && requirement.decidedBy === undefined;
    return isOwnPin && state.kind === 'settled' ? [{ requirement, outcome: state.outcome }] : [];
  });
  const { edits, fixed } = fixFiles([{ source: id, requirements: pins }], fix, fix.policy.allowMajor !== true);
  const { compiled } = document.file;
  if (compiled !== undefined) {
    const reason = fix.scope.get(id);
    return fixed.length === 0 || reason === undefined
      ? []
      : [{ title: fixAllTitle(fixed.length), kind: fixAllKind, disabled: { reason: compileAgainText(reason) } }];
  }
  const here = edits.filter(({ source }) => source === id);
  if (here.length === 0) {
    return [];
  }
  const title = fixAllTitle(here.length);
  const changes = lastFirst(here.flatMap((one) => one.changes));
  const edit = workspaceEdit([{ document, changes }], { here: document.uri, label: title, abilities });
  return [{ title, kind: fixAllKind, edit }];
}

function fixAllTitle(count: number): string {
  return count === 1
    ? 'Change 1 vulnerable pin to its nearest safe version'
    : `Change ${count} vulnerable pins to their nearest safe versions`;
}

/** `source` includes `source.fixAll`; the empty kind includes all. */
export function includesKind(asked: string, kind: string): boolean {
  return asked === '' || asked === kind || kind.startsWith(`${asked}.`);
}

function isAbout({ source, code, range }: Diagnostic, { tokenRange }: PlacedRequirement): boolean {
  return (
    source === diagnosticSource &&
    code !== diagnosticCodes.couldNotCheck &&
    isBefore(range.start, tokenRange.start) &&
    isBefore(tokenRange.start, range.start) &&
    isBefore(range.end, tokenRange.end) &&
    isBefore(tokenRange.end, range.end)
  );
}

/** Also where only the ends meet: a cursor is an empty range. */
function touches(a: Range, b: Range): boolean {
  return isBefore(a.start, b.end) && isBefore(b.start, a.end);
}

/** Or at the same place. */
function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}
