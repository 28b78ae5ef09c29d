/** Whether text for this stream is to have colours: on a terminal, unless the user wants none (https://no-color.org). */
export function wantsColour({ NO_COLOR, TERM }: Environment, isTerminal: boolean): boolean {
  return isTerminal && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}

/** Whether a line of this stream can be written over. */
export function canRewriteLines({ TERM }: Environment, isTerminal: boolean): boolean {
  return isTerminal && TERM !== 'dumb';
}

type Environment = Readonly<Record<string, string | undefined>>;
