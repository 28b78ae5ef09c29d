/**
 * A value as JSON that may be printed on a terminal: characters that control it, reorder or hide text are escaped, so that
 * a reader of the JSON gets the same value.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  // Most texts are plain, and to see that takes a third of the time.
  if (!/[^\n\x20-\x7E]/.test(text)) {
    return text;
  }
  return text.replace(
    /[\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu,
    (character) =>
      character
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  );
}
