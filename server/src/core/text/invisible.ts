/** Characters that nobody sees and that are no white space to pip: zero-width, soft hyphen, direction marks. */
const invisible =
  /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

/** "U+200B"; each once, in the order of the text. */
export function invisibleIn(text: string): readonly string[] {
  const found = text.match(invisible) ?? [];
  return [...new Set(found)].map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}

export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}
