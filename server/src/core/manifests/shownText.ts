import { coverSecrets, maskSecrets, showCovered } from '../text/maskSecrets.ts';
import { cutAtCharacter } from '../text/plainText.ts';

/**
 * A text of an entry, or all of it, as it may be shown: without secrets. What is secret is decided by the whole entry, since a
 * token may be cut out of the middle of an address.
 */
export function shownText(entry: { readonly text: string }, token?: { readonly text: string }): string {
  // The texts of some formats leave a part out.
  if (token !== undefined && !entry.text.includes(token.text)) return shownText(token);
  const covered = coverSecrets(entry.text);
  if (covered === entry.text && showCovered(covered) === covered) return maskSecrets((token ?? entry).text);
  if (token === undefined) return showCovered(covered);
  const at = entry.text.indexOf(token.text);
  return maskSecrets(showCovered(covered.slice(at, at + token.text.length)));
}

/** The beginning of a text for a message, with "…" where more follows. What is secret is decided before it is cut. */
export function shortText(text: string): string {
  const shown = showCovered(coverSecrets(text));
  return shown.length <= 80 ? shown : `${cutAtCharacter(shown, 79)}…`;
}

/** A text of an entry fit for everybody: of a URL neither the user information nor query and fragment. */
export function publicText(entry: { readonly text: string }, token: { readonly text: string }): string {
  const shown = shownText(entry, token);
  return /^[a-z][a-z0-9+.-]*:\/\//iu.test(shown) ? shown.replace('//***@', '//').replace(/[?#].*$/su, '') : shown;
}

/** Whether a name that was read out of an entry is part of what may not be shown. */
export function isSecretName(text: string, name: string): boolean {
  return text.includes(name) && !coverSecrets(text).includes(name);
}
