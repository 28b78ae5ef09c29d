/**
 * Text from outside without what could disguise it: control characters, marks that turn the reading direction, other
 * invisible format characters, halves of surrogate pairs. Line ends become `\n`, tabs stay.
 */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim();
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ');
}

/** At most so many UTF-16 units, the last of them an ellipsis where something was cut off. */
export function truncate(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
