/** Argument of `pinwatch.typeInTerminal`: a command for a person to look at and to run. */
export interface TerminalText {
  /** Of a file in the folder where it is to be run. */
  readonly uri: string;
  readonly text: string;
}

/** Whether a command makes a lock again, and is nothing that a shell would take for more than words. Both sides ask. */
export function isLockCommand(text: string): boolean {
  return /^(?:uv|poetry|pdm|pipenv) [\w. -]+$/u.test(text);
}
