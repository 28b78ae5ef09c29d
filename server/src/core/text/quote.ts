import { maskSecrets, showCovered } from './maskSecrets.ts';

/** A piece of the user's text for a message: in quotes, without secrets, short enough to read. */
export function quote(text: string): string {
  const shown = maskSecrets(showCovered(text));
  return shown.length > maximumLength ? `"${shown.slice(0, maximumLength)}…"` : `"${shown}"`;
}

const maximumLength = 80;
