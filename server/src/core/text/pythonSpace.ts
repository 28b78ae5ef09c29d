/**
 * What Python takes for white space, as the inside of a character class. Unlike JavaScript's it has U+001C to U+001F and
 * U+0085, and not U+FEFF.
 */
export const pythonSpace = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** The text without Python's white space around it. */
export function trimPythonSpace(text: string): string {
  // Nearly always there is none.
  if (isGraphic(text.charCodeAt(0)) && isGraphic(text.charCodeAt(text.length - 1))) {
    return text;
  }
  let start = 0;
  let end = text.length;
  while (start < end && spaceCharacter.test(text.charAt(start))) {
    start += 1;
  }
  while (end > start && spaceCharacter.test(text.charAt(end - 1))) {
    end -= 1;
  }
  return text.slice(start, end);
}

/** Of ASCII, and visible. */
function isGraphic(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f;
}

const spaceCharacter = new RegExp(`[${pythonSpace}]`);
