/** Argument of `pinwatch.typeInTerminal`: a command for a person to look at and to run. */
export interface TerminalText {
  /** Of a file in the folder where it is to be run. */
  readonly uri: string;
  readonly text: string;
}
