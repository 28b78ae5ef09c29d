import { CodeAction, type Command, type Uri, workspace } from 'vscode';
import type { Translate } from './texts/translate.ts';

/**
 * Whether a file can never be saved. VS Code makes an edit to such a file all the same, without marking it as changed: the text
 * would look fixed, and the file would not be.
 */
export function isReadOnly({ scheme }: Uri): boolean {
  return workspace.fs.isWritableFileSystem(scheme) === false;
}

/** The schemes of open documents that can never be saved. */
export function readOnlySchemes(): readonly string[] {
  const readOnly = workspace.textDocuments.filter(({ uri }) => isReadOnly(uri));
  return [...new Set(readOnly.map(({ uri }) => uri.scheme))];
}

/** The actions, with those that would change the text made unavailable, and why. */
export function withoutEdits(actions: readonly (Command | CodeAction)[], t: Translate): (Command | CodeAction)[] {
  return actions.map((action) => {
    if (!(action instanceof CodeAction) || action.command !== undefined) {
      return action;
    }
    delete action.edit;
    action.disabled = { reason: t('The file system of this file is read-only.') };
    return action;
  });
}
