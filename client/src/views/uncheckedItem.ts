import { type Disposable, languages, LanguageStatusSeverity, window, workspace } from 'vscode';
import { languageId } from '../../../protocol/ids.ts';
import type { PinwatchClient } from '../languageClient.ts';
import type { Translate } from '../texts/translate.ts';

/** Says of a requirements file that is not looked at that it is not: no underline must not read as an answer. */
export function createUncheckedItem(client: PinwatchClient, t: Translate): Disposable {
  const item = languages.createLanguageStatusItem('pinwatch.unchecked', []);
  item.name = 'Pinwatch';
  item.text = t('Not checked');
  item.detail = t('This is a read-only copy outside of the workspace folders.');
  item.severity = LanguageStatusSeverity.Warning;
  const draw = (): void => {
    const document = window.activeTextEditor?.document;
    const isUnchecked = document?.languageId === languageId && languages.match(client.filters, document) === 0;
    item.selector = isUnchecked ? { language: languageId, scheme: document.uri.scheme } : [];
  };
  const subscriptions = [
    item,
    window.onDidChangeActiveTextEditor(draw),
    // A change of language closes and opens the document without a change of editor.
    workspace.onDidOpenTextDocument(draw),
    client.onDidChangeStatus(draw),
  ];
  draw();
  return {
    dispose() {
      for (const subscription of subscriptions) {
        subscription.dispose();
      }
    },
  };
}
