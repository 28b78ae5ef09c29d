import type { Position, Range } from '../../core/text/position.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';
import { diagnosticCodes, diagnosticSource } from '../../../../protocol/ids.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { type FixPlan, planFixes } from '../../core/fixes/planFixes.ts';
import { isWhollyIgnored } from '../../core/ignores/markIgnored.ts';
import { plainText } from '../../core/text/plainText.ts';
import { fromFileText } from '../../core/fixes/fromFileText.ts';
import { lastAtOrBefore } from '../../core/text/lineIndex.ts';
import { askedName } from '../../core/manifests/manifest.ts';
import { offsetAt } from '../../core/manifests/offsetAt.ts';
import type { TextChange } from '../../core/manifests/rewrite.ts';
import { compiledText } from '../../core/fixes/compiledText.ts';
import { compiledActions } from './compiledActions.ts';
import {
  type Candidate,
  type CodeActionContext,
  disabledAction,
  type Found,
  planAction,
  toSourced,
} from './fixAction.ts';
import { fixTitle, noSafeVersionText, shownName, unknownFixTitle } from './fixTitles.ts';
import { lineFix } from './lineFix.ts';
import { ignoreActions } from './ignoreActions.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { type EditedDocument, workspaceEdit } from './workspaceEdit.ts';

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
  const { only } = request;
  const quick =
    only === undefined || only.some((kind) => includesKind(kind, 'quickfix'))
      ? context.lines
          .filter(({ requirement }) => touches(requirement.range, request.range))
          .flatMap((line) => quickFixes(context, line, request.diagnostics))
      : [];
  const all = only?.some((kind) => includesKind(kind, fixAllKind)) === true ? fixAll(context) : [];
  const actions = [...quick, ...all];
  return context.abilities.disabledActions ? actions : actions.filter(({ disabled }) => disabled === undefined);
}

function quickFixes(context: CodeActionContext, line: LineState, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const { requirement } = line;
  const outcome = vulnerableOutcome(line);
  const found = outcome && namedAt(context.document, requirement.range.start);
  if (outcome === undefined || found === undefined) {
    return [];
  }
  const actions = [...compiledActions(context, found, outcome), ...ownActions(context, requirement, outcome, found)];
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
    : [...fixes, ...ignoreActions(context.document.uri, requirement, outcome, diagnostics, ignoreCommand)];
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

/** The edits of the requirement where it stands, or of the constraints that decide it. */
function ownActions(
  context: CodeActionContext,
  requirement: PlacedRequirement,
  outcome: Assessed,
  found: Found,
): readonly Candidate[] {
  const name = shownName(requirement.name);
  const isMalicious = outcome.findings.some(({ severity }) => severity === 'malicious');
  if (isMalicious && requirement.version !== null) {
    const version = plainText(requirement.version, 60);
    return [
      disabledAction(
        `Remove ${name}`,
        `${name} ${version} is malicious: remove it and rotate every secret it could read.`,
      ),
    ];
  }
  const title = unknownFixTitle(requirement.name);
  if (requirement.decidedBy?.kind === 'fileName') {
    return [disabledAction(title, fromFileText(outcome.fix?.nearest))];
  }
  if (outcome.fix === undefined) {
    return [disabledAction(title, `The safe versions of ${name} are not known yet.`)];
  }
  const plans = plansFor(context, requirement, outcome, found);
  return plans.length === 0
    ? [disabledAction(title, noSafeVersionText(requirement.name, outcome.fix.passedOver))]
    : plans.map((plan) => ({
        action: lacksFiles(context, found, plan)
          ? { title: fixTitle(requirement.name, plan, isMalicious, context.document.uri) }
          : planAction(context, fixTitle(requirement.name, plan, isMalicious, context.document.uri), plan),
        canBePreferred: plan.kind !== 'latest',
      }));
}

function plansFor(
  { document, constraints, filesOf }: Pick<CodeActionContext, 'document' | 'constraints' | 'filesOf'>,
  requirement: PlacedRequirement,
  { fix }: Assessed,
  { index, name }: Found,
): readonly FixPlan[] {
  const place = { source: document.uri, file: document.file, index };
  const decided = requirement.decidedBy?.kind === 'constraint' ? { constraints: constraints.map(toSourced) } : {};
  return fix === undefined
    ? []
    : planFixes(place, fix, { ...decided, filesOf: (version) => filesOf(name.normalized, version) });
}

/** The nearest fix of a line as changes of its own document alone; `undefined` where that is not what it takes. */
export function nearestChanges(
  context: Pick<CodeActionContext, 'document' | 'filesOf'>,
  line: LineState,
): readonly TextChange[] | undefined {
  const { document, filesOf } = context;
  const { requirement } = line;
  const outcome = vulnerableOutcome(line);
  const found = outcome && namedAt(document, requirement.range.start);
  if (outcome === undefined || found === undefined || requirement.decidedBy !== undefined) {
    return undefined;
  }
  if (lineFix(outcome) === undefined || document.file.compiled !== undefined) {
    return undefined;
  }
  const [nearest] = plansFor({ document, filesOf, constraints: [] }, requirement, outcome, found);
  return nearest?.edit.kind === 'edit' ? nearest.edit.edits.flatMap(({ changes }) => changes) : undefined;
}

/** It fails for want of digests only, and these may still be asked for. */
function lacksFiles({ canAskForFiles }: CodeActionContext, { name }: Found, { edit }: FixPlan): boolean {
  return edit.kind === 'disabled' && edit.wantsFiles === true && canAskForFiles(name.normalized);
}

/** Pins of this document alone, to their nearest safe versions: no range, nothing malicious or ignored, no other file. */
function fixAll(context: CodeActionContext): CodeAction[] {
  const { document, abilities } = context;
  const changes = context.lines.flatMap((line) => {
    const { requirement } = line;
    const outcome = vulnerableOutcome(line);
    const isOwnPin = requirement.version !== null && requirement.decidedBy === undefined;
    const found = outcome && isOwnPin ? namedAt(document, requirement.range.start) : undefined;
    if (outcome === undefined || found === undefined) return [];
    if (isWhollyIgnored(outcome) || outcome.findings.some(({ severity }) => severity === 'malicious')) return [];
    const [nearest] = plansFor(context, requirement, outcome, found);
    return nearest?.kind === 'nearest' && nearest.edit.kind === 'edit'
      ? [nearest.edit.edits.flatMap((one) => one.changes)]
      : [];
  });
  if (changes.length === 0) {
    return [];
  }
  const title =
    changes.length === 1
      ? 'Change 1 vulnerable pin to its nearest safe version'
      : `Change ${changes.length} vulnerable pins to their nearest safe versions`;
  const { compiled } = document.file;
  if (compiled !== undefined) {
    return [{ title, kind: fixAllKind, disabled: { reason: compiledText(compiled) } }];
  }
  const edit = workspaceEdit([{ document, changes: changes.flat() }], { here: document.uri, label: title, abilities });
  return [{ title, kind: fixAllKind, edit }];
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
