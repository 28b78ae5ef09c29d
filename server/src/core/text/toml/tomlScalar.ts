/** What stands at `start` in place of a text, list or table, and whether it is a number, a truth value, a date or a time. */
export function readTomlScalar(document: string, start: number): { readonly text: string; readonly isValid: boolean } {
  anyValue.lastIndex = start;
  const text = anyValue.exec(document)?.[0] ?? '';
  return { text, isValid: text !== '' && scalar.test(text) };
}

/** A date and a time may have a space between them. */
const anyValue = /\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+|[^\s,\]}#]+/uy;
const time = /\d\d:\d\d(?::\d\d(?:\.\d+)?)?/u.source;
const scalar = new RegExp(
  `^(?:true|false|[+-]?(?:inf|nan)|0x[\\da-fA-F](?:_?[\\da-fA-F])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*|` +
    `[+-]?(?:0|[1-9](?:_?\\d)*)(?:\\.\\d(?:_?\\d)*)?(?:[eE][+-]?\\d(?:_?\\d)*)?|` +
    `\\d{4}-\\d\\d-\\d\\d(?:[Tt ]${time}(?:[Zz]|[+-]\\d\\d:\\d\\d)?)?|${time})$`,
  'u',
);
