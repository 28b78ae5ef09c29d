import type { PackageName } from '../../core/packages/packageName.ts';
import type { CodeAction } from 'vscode-languageserver-types';
import type { SourcedFile } from '../../core/fixes/fixEdit.ts';
import type { FixPlan } from '../../core/fixes/planFixes.ts';
import type { ReleaseFile } from '../../core/packages/release.ts';
import type { NameToken } from '../../core/manifests/requirement.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { type DocumentChange, type EditAbilities, type EditedDocument, workspaceEdit } from './workspaceEdit.ts';

export interface CodeActionContext {
  readonly document: EditedDocument;
  /** The requirements of the document as it is here. */
  readonly lines: readonly LineState[];
  /** The constraints files that hold for the document. */
  readonly constraints: readonly EditedDocument[];
  /** The files the document was compiled from, as far as they could be read. */
  readonly sources: readonly EditedDocument[];
  /** What the package index knows of a release's files; `undefined` where it was not asked. */
  readonly filesOf: (name: PackageName, version: string) => readonly ReleaseFile[] | undefined;
  /** Whether the files of a package may be asked for later: an edit that needs them is then left out of its action. */
  readonly canAskForFiles: (name: PackageName) => boolean;
  /** The client's command that asks why an advisory is to be ignored; `undefined` where it has none. */
  readonly ignoreCommand: string | undefined;
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

export function toSourced({ uri, file }: EditedDocument): SourcedFile {
  return { source: uri, file };
}

export function disabledAction(title: string, reason: string): Candidate {
  return { action: { title, disabled: { reason } }, canBePreferred: false };
}

/** Its edit, or why there is none. */
export function planAction(context: CodeActionContext, title: string, { edit }: FixPlan): CodeAction {
  if (edit.kind === 'disabled') {
    return { title, disabled: { reason: edit.reason } };
  }
  const { document, constraints, sources, abilities } = context;
  const documents = new Map([document, ...constraints, ...sources].map((one) => [one.uri, one]));
  const changes = [...documents.values()].flatMap((one): readonly DocumentChange[] => {
    const own = edit.edits.filter(({ source }) => source === one.uri);
    return own.length === 0 ? [] : [{ document: one, changes: own.flatMap((each) => each.changes) }];
  });
  return { title, edit: workspaceEdit(changes, { here: document.uri, label: title, abilities }) };
}
