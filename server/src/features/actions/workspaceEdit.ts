import { positionAt } from '../../core/manifests/places.ts';
import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { TextChange } from '../../core/manifests/rewrite.ts';
import { fileId, nameOf } from '../../project/fileId.ts';

/** A file as it was when an edit was made for it. */
export interface EditedDocument {
  readonly uri: string;
  /** `null` for a file that is not open: the edit is for what is on the disk. */
  readonly version: number | null;
  readonly file: Manifest;
}

export interface DocumentChange {
  readonly document: EditedDocument;
  readonly changes: readonly TextChange[];
}

/** What the client says it can do with edits. */
export interface EditAbilities {
  readonly documentChanges: boolean;
  readonly changeAnnotations: boolean;
}

/**
 * The changes as LSP has them: for the version they were made for, so that a client refuses them for any other. A change of
 * a file other than the one at `here` is asked about first, where the client can: nobody sees it happen.
 */
export function workspaceEdit(
  documents: readonly DocumentChange[],
  { here, label, abilities }: { readonly here: string; readonly label: string; readonly abilities: EditAbilities },
): WorkspaceEdit {
  if (!abilities.documentChanges) {
    return { changes: Object.fromEntries(documents.map((change) => [change.document.uri, textEdits(change)])) };
  }
  if (!isAskedAbout(documents, { here, abilities })) {
    return { documentChanges: documents.map((change) => documentEdit(change, textEdits(change))) };
  }
  return {
    documentChanges: documents.map((change) => {
      const annotationId = change.document.uri;
      return documentEdit(
        change,
        textEdits(change).map((edit) => ({ ...edit, annotationId })),
      );
    }),
    changeAnnotations: Object.fromEntries(
      documents.map(({ document: { uri } }) => [
        uri,
        { label, description: fileName(uri), needsConfirmation: uri !== here },
      ]),
    ),
  };
}

/** Whether the client shows the edit first, for the user to choose what of it is made. */
export function isAskedAbout(
  documents: readonly DocumentChange[],
  { here, abilities }: { readonly here: string; readonly abilities: EditAbilities },
): boolean {
  const isElsewhere = documents.some(({ document }) => document.uri !== here);
  return isElsewhere && abilities.documentChanges && abilities.changeAnnotations;
}

/** The last part of a URI, for people. */
export function fileName(uri: string): string {
  return nameOf(fileId(uri.replace(/[?#].*$/su, '')));
}

function documentEdit({ document: { uri, version } }: DocumentChange, edits: TextEdit[]): TextDocumentEdit {
  return { textDocument: { uri, version }, edits };
}

export function textEdits({
  document: { file },
  changes,
}: {
  readonly document: Pick<EditedDocument, 'file'>;
  readonly changes: readonly TextChange[];
}): TextEdit[] {
  return changes.map(({ start, end, text }) => ({
    range: { start: positionAt(file, start), end: positionAt(file, end) },
    newText: text,
  }));
}
