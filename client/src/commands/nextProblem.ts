import { commands, languages, Range, type TextEditor, Uri, window } from 'vscode';
import { diagnosticSource } from '../../../protocol/ids.ts';
import type { Translate } from '../texts/translate.ts';
import { nextPlace, type TextPlace } from './nextPlace.ts';

/** Goes to the next problem of Pinwatch, of whatever file, and shows what it is. */
export async function nextProblem(t: Translate): Promise<void> {
  const places = languages
    .getDiagnostics()
    .flatMap(([uri, found]) =>
      found
        .filter(({ source }) => source === diagnosticSource)
        .map(({ range: { start } }) => ({ uri: uri.toString(), line: start.line, character: start.character })),
    );
  const next = nextPlace(places, cursorIn(window.activeTextEditor));
  if (next === undefined) {
    window.setStatusBarMessage(t('Pinwatch: there is no problem to show.'), 5_000);
    return;
  }
  const { line, character } = next;
  await window.showTextDocument(Uri.parse(next.uri), { selection: new Range(line, character, line, character) });
  await commands.executeCommand('editor.action.showHover');
}

function cursorIn(editor: TextEditor | undefined): TextPlace | undefined {
  if (editor === undefined) {
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), line, character };
}
