import { TextDocumentEdit, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver-types';
import { offsetAt } from '../../server/src/core/manifests/offsetAt.ts';
import { pipKind } from '../../server/src/core/manifests/pip/pipManifest.ts';

/** A document's text after an edit, as a client makes it. */
export function applyTextEdits(edit: WorkspaceEdit, uri: string, text: string): string {
  const file = pipKind.parse(text);
  return editsOf(edit, uri)
    .map(({ range, newText }) => ({ start: offsetAt(file, range.start), end: offsetAt(file, range.end), newText }))
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
}

function editsOf({ changes, documentChanges = [] }: WorkspaceEdit, uri: string): readonly TextEdit[] {
  return [
    ...(changes?.[uri] ?? []),
    ...documentChanges
      .filter((change) => TextDocumentEdit.is(change))
      .filter(({ textDocument }) => textDocument.uri === uri)
      .flatMap(({ edits }) => edits.filter((one): one is TextEdit => 'newText' in one)),
  ];
}
