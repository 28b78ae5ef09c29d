import { CodeAction, CodeActionKind, type Command } from 'vscode';

/**
 * The actions, with what cannot be done as entries that say why. VS Code leaves out a disabled quick fix, and its reason with
 * it. Who chooses such an entry gets the details at the line.
 */
export function shownReasons(actions: readonly (Command | CodeAction)[]): (Command | CodeAction)[] {
  const reasons = new Set<string>();
  return actions.flatMap((action) => {
    if (!(action instanceof CodeAction) || action.kind?.value !== CodeActionKind.QuickFix.value) {
      return [action];
    }
    const { disabled: { reason } = {}, diagnostics } = action;
    if (reason === undefined) {
      return [action];
    }
    if (reasons.has(reason)) {
      return [];
    }
    reasons.add(reason);
    const entry = new CodeAction(reason, CodeActionKind.QuickFix);
    entry.command = { title: reason, command: 'editor.action.showHover' };
    if (diagnostics !== undefined) {
      entry.diagnostics = diagnostics; // what is about a finding comes first in the list
    }
    return [entry];
  });
}
