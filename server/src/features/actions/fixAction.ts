import type { Settings } from '../../../../protocol/settings.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { CodeAction } from 'vscode-languageserver-types';
import type { FixPlan } from '../../core/fixes/fixPlan.ts';
import type { FixContext } from '../../core/fixes/fixPlan.ts';
import type { NameToken } from '../../core/manifests/requirement.ts';
import type { FileId } from '../../project/fileId.ts';
import type { RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import { type DocumentChange, type EditAbilities, type EditedDocument, workspaceEdit } from './workspaceEdit.ts';

export interface CodeActionContext {
  /** Of the document, as `fix.scope` names it. */
  readonly id: FileId;
  readonly document: EditedDocument;
  /** The requirements of the document as it is here. */
  readonly lines: readonly LineState[];
  /** The files that may be changed, as `fix.scope` names them. */
  readonly documents: ReadonlyMap<string, EditedDocument>;
  readonly fix: FixContext;
  /** What has to be raised for a package that comes with a line; absent where that is not known. */
  readonly raiseOf?: (comes: ComesWith, coming: LineState) => RaiseAdvice | undefined;
  /** Whether the files of a package may be asked for later: an edit that needs them is then left out of its action. */
  readonly canAskForFiles: (name: PackageName) => boolean;
  /** The client's command that asks why an advisory is to be ignored; `undefined` where it has none. */
  readonly ignoreCommand: string | undefined;
  /** The client's command that types something into a terminal; `undefined` where it has none. */
  readonly terminalCommand: string | undefined;
  /** What comes with a requirement counts from here on. */
  readonly minimumSeverity: Settings['minimumSeverity'];
  readonly abilities: ActionAbilities;
}

export interface ActionAbilities extends EditAbilities {
  readonly disabledActions: boolean;
}

/** A requirement with a name, and where it is in its file. */
export interface Found {
  readonly index: number;
  readonly name: NameToken;
}

export interface Candidate {
  /** With neither an edit nor a reason against it: the edit is still to be made. */
  readonly action: CodeAction;
  readonly canBePreferred: boolean;
}

export function disabledAction(title: string, reason: string): Candidate {
  return { action: { title, disabled: { reason } }, canBePreferred: false };
}

/** Its edit, or why there is none. */
export function planAction(context: CodeActionContext, title: string, { edit }: FixPlan): CodeAction {
  if (edit.kind === 'disabled') {
    return { title, disabled: { reason: edit.reason } };
  }
  const { document, documents, abilities } = context;
  const changes = [...new Set(edit.edits.map(({ source }) => source))].flatMap((source): readonly DocumentChange[] => {
    const one = documents.get(source);
    const own = edit.edits.filter((each) => each.source === source);
    return one === undefined ? [] : [{ document: one, changes: own.flatMap((each) => each.changes) }];
  });
  return { title, edit: workspaceEdit(changes, { here: document.uri, label: title, abilities }) };
}
