import { type CodeAction, CodeActionKind, commands, Position, Range, Uri, window, workspace } from 'vscode';
import type { Place } from '../../../protocol/messages.ts';
import type { Translate } from '../texts/translate.ts';

/** What is to be fixed: a requirement with its name. */
export interface NamedPlace extends Place {
  readonly name: string;
}

/** Does at each place what the light bulb prefers there, and shows the last one. What cannot be fixed is said, and why. */
export async function fixRequirements(places: readonly NamedPlace[], t: Translate): Promise<void> {
  const reasons: string[] = [];
  // From below: an edit moves what follows it.
  for (const place of [...places].sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : b.line - a.line))) {
    const reason = await fixAt(place, t);
    if (reason !== undefined) {
      reasons.push(reason);
    }
  }
  if (reasons.length > 0) {
    // Not awaited: the command is over, though the message may stand for long.
    void window.showInformationMessage(`Pinwatch: ${[...new Set(reasons)].join(' ')}`);
  }
}

/** `undefined` where it was fixed. */
async function fixAt({ uri: address, line, character, name }: NamedPlace, t: Translate): Promise<string | undefined> {
  const uri = Uri.parse(address);
  const at = new Range(new Position(line, character), new Position(line, character));
  await window.showTextDocument(await workspace.openTextDocument(uri), { selection: at, preview: true });
  const actions = await commands.executeCommand<readonly CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    at,
    CodeActionKind.QuickFix.value,
    mostResolved,
  );
  const preferred = actions.find(({ isPreferred, edit }) => isPreferred === true && edit !== undefined);
  if (preferred?.edit === undefined) {
    const [first] = actions;
    return first === undefined ? t('There is no fix for {0}.', name) : first.title;
  }
  return (await workspace.applyEdit(preferred.edit)) ? undefined : t('{0} was not changed.', name);
}

// The preferred one is among the first.
const mostResolved = 5;
