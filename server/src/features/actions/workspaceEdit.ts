import { positionAt } from '../../core/manifests/places.ts';
import type { ChangeAnnotation, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
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

export interface EditManner {
  /** The document that the user looks at; empty where there is none. */
  readonly here: string;
  readonly label: string;
  readonly abilities: EditAbilities;
  /** Whether a change is asked about first, where the client can; where absent, one of another document than `here`. */
  readonly asks?: (document: EditedDocument, change: TextChange) => boolean;
}

/**
 * The changes as LSP has them: for the version they were made for, so that a client refuses them for any other. A change of
 * a file other than the one at `here` is asked about first, where the client can: nobody sees it happen.
 */
export function workspaceEdit(documents: readonly DocumentChange[], manner: EditManner): WorkspaceEdit {
  const { label, abilities, asks = asksElsewhere(manner.here) } = manner;
  if (!abilities.documentChanges) {
    return { changes: Object.fromEntries(documents.map((change) => [change.document.uri, textEdits(change)])) };
  }
  if (!isAskedAbout(documents, manner)) {
    return { documentChanges: documents.map((change) => documentEdit(change, textEdits(change))) };
  }
  const annotations = new Map<string, ChangeAnnotation>();
  const documentChanges = documents.map((one) => {
    const { document, changes } = one;
    const asked = changes.map((change) => asks(document, change));
    const isMixed = asked.includes(true) && asked.includes(false);
    const edits = textEdits(one).map((edit, at) => {
      const needsConfirmation = asked[at] === true;
      const annotationId = isMixed && needsConfirmation ? `${document.uri}#review` : document.uri;
      annotations.set(annotationId, { label, description: fileName(document.uri), needsConfirmation });
      return { ...edit, annotationId };
    });
    return documentEdit(one, edits);
  });
  return { documentChanges, changeAnnotations: Object.fromEntries(annotations) };
}

/** Whether the client shows the edit first, for the user to choose what of it is made. */
export function isAskedAbout(
  documents: readonly DocumentChange[],
  { here, abilities, asks = asksElsewhere(here) }: Omit<EditManner, 'label'>,
): boolean {
  const isAsked = documents.some(({ document, changes }) => changes.some((change) => asks(document, change)));
  return isAsked && abilities.documentChanges && abilities.changeAnnotations;
}

function asksElsewhere(here: string): (document: EditedDocument) => boolean {
  return ({ uri }) => uri !== here;
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
