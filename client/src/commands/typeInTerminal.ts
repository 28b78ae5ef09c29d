import { Uri, window, workspace } from 'vscode';
import type { TerminalText } from '../../../protocol/messages/terminalText.ts';
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

/** Only what locks again: nothing that a shell would take for more than words. */
function decode(argument: unknown): TerminalText | undefined {
  const { uri, text } = (argument ?? {}) as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof text === 'string' && /^(?:uv|poetry|pdm|pipenv) [\w. -]+$/u.test(text)
    ? { uri, text }
    : undefined;
}
