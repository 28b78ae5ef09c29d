import { coverSecrets, maskSecrets, showCovered } from '../../text/maskSecrets.ts';
import type { Item, Token } from './model.ts';

/**
 * A text of an item, or all of it, as it may be shown: without secrets. What is secret is decided by the whole line, since a
 * token may be cut out of the middle of an address.
 */
export function shownText(item: Item, token?: Pick<Token, 'text'>): string {
  const covered = coverSecrets(item.text);
  if (token === undefined) return showCovered(covered);
  const at = item.text.indexOf(token.text);
  return maskSecrets(at < 0 ? token.text : showCovered(covered.slice(at, at + token.text.length)));
}

/** Whether a name that was read out of a line is part of what may not be shown. */
export function isSecretName(line: string, name: string): boolean {
  return line.includes(name) && !coverSecrets(line).includes(name);
}
