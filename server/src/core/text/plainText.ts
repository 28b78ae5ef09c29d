import { maskSecrets } from './maskSecrets.ts';

/**
 * Text from outside (advisories, file contents) made fit for one line of a terminal, a log or a message: control
 * characters, line breaks and characters that reorder or hide text become a space or vanish, secrets are masked; the length
 * is bounded.
 */
export function plainText(text: string, maxLength = 300): string {
  const visible = text.replace(/[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}\p{Cs}]/gu, '');
  const flat = maskSecrets(visible)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return flat.length <= maxLength ? flat : `${cutAtCharacter(flat, maxLength - 1)}…`;
}

/** The same for a text of several lines, such as a stack trace: each line by itself. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => plainText(line, 1000))
    .join('\n');
}

/** Does not cut a surrogate pair in two. */
export function cutAtCharacter(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** "1.0, 2.0 and 3 more". */
export function listText(entries: readonly string[], most: number): string {
  const shown = entries.slice(0, most).join(', ');
  return entries.length > most ? `${shown} and ${entries.length - most} more` : shown;
}

/** With a full stop, where it has no mark of its own. */
export function sentence(text: string): string {
  return /[.!?\u2026]$/u.test(text) ? text : `${text}.`;
}
