/**
 * The value of a Python string literal, given what stands between its quotes. PEP 508 knows no escapes, but packaging
 * reads the literal as Python does. Undefined where Python would refuse it.
 */
export function unescapePython(body: string): string | undefined {
  if (body.includes('\0')) return undefined;
  if (!body.includes('\\')) return body;
  let value = '';
  for (let at = 0; at < body.length;) {
    const backslash = body.indexOf('\\', at);
    if (backslash < 0) return value + body.slice(at);
    value += body.slice(at, backslash);
    const escape = readEscape(body, backslash + 1);
    if (escape === undefined) return undefined;
    value += escape.value;
    at = escape.end;
  }
  return value;
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const hexLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

interface Escape {
  readonly value: string;
  readonly end: number;
}

function readEscape(body: string, at: number): Escape | undefined {
  const letter = body.charAt(at);
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return { value: simple, end: at + 1 };
  const octal = /^[0-7]{1,3}/.exec(body.slice(at, at + 3))?.[0];
  if (octal !== undefined) return { value: String.fromCharCode(parseInt(octal, 8)), end: at + octal.length };
  const hexLength = hexLengths.get(letter);
  if (hexLength !== undefined) return readHex(body.slice(at + 1, at + 1 + hexLength), hexLength, at + 1 + hexLength);
  if (letter === '' || letter === 'N') return undefined;
  return { value: '\\' + letter, end: at + 1 }; // Python keeps the backslash of an escape it does not know.
}

function readHex(digits: string, length: number, end: number): Escape | undefined {
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = parseInt(digits, 16);
  return code > 0x10ffff ? undefined : { value: String.fromCodePoint(code), end };
}
