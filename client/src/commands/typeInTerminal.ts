import { Uri, window, workspace } from 'vscode';
import { isLockCommand, type TerminalText } from '../../../protocol/messages/terminalText.ts';
import type { Translate } from '../texts/translate.ts';

/** Types a command into a new terminal in the folder of the lock. It is not run: the person looks at it and presses Enter. */
export function typeInTerminal(argument: unknown, t: Translate): Promise<void> {
  const meant = decode(argument);
  if (meant !== undefined && !workspace.isTrusted) {
    void window.showWarningMessage(t('Pinwatch: a terminal opens in a trusted workspace only. Trust it first.'));
  } else if (meant !== undefined) {
    const terminal = window.createTerminal({ name: 'Pinwatch', cwd: Uri.joinPath(Uri.parse(meant.uri), '..') });
    terminal.show();
    terminal.sendText(meant.text, false);
  }
  return Promise.resolve();
}

function decode(argument: unknown): TerminalText | undefined {
  const { uri, text } = (argument ?? {}) as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof text === 'string' && isLockCommand(text) ? { uri, text } : undefined;
}
