/** An SPDX licence expression (annex D of SPDX 2.3), read. */
export type SpdxExpression =
  | { readonly kind: 'licence'; readonly id: string; readonly exception?: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly SpdxExpression[] };

const longest = 1000;
const deepest = 20;

/** `undefined` for what is none. Whether the ids are on SPDX's list is not looked at. */
export function parseSpdxExpression(text: string): SpdxExpression | undefined {
  if (text.length > longest) {
    return undefined;
  }
  const tokens = text.match(/[()]|[^\s()]+/gu) ?? [];
  const reader = { tokens, at: 0 };
  const expression = readJoined('or', reader, 0);
  return reader.at === tokens.length ? expression : undefined;
}

/** GNU licences have two spellings on the list; the newer one says what is meant. */
export function spdxId(text: string): string {
  const gnu = /^((?:A|L)?GPL-\d\.\d)(\+?)$/iu.exec(text);
  return gnu === null ? text : `${gnu[1]}-${gnu[2] === '+' ? 'or-later' : 'only'}`;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

/** `AND` binds more than `OR`. */
function readJoined(kind: 'and' | 'or', reader: Reader, depth: number): SpdxExpression | undefined {
  const parts: SpdxExpression[] = [];
  do {
    const part = kind === 'or' ? readJoined('and', reader, depth) : readOne(reader, depth);
    if (part === undefined) {
      return undefined;
    }
    parts.push(part);
  } while (takes(reader, kind));
  const [only] = parts;
  return parts.length === 1 ? only : { kind, parts };
}

function readOne(reader: Reader, depth: number): SpdxExpression | undefined {
  if (takes(reader, '(')) {
    const inner = depth < deepest ? readJoined('or', reader, depth + 1) : undefined;
    return inner !== undefined && takes(reader, ')') ? inner : undefined;
  }
  const id = readId(reader);
  if (id === undefined || !takes(reader, 'with')) {
    return id === undefined ? undefined : { kind: 'licence', id: spdxId(id) };
  }
  const exception = readId(reader);
  return exception === undefined ? undefined : { kind: 'licence', id: spdxId(id), exception };
}

function readId(reader: Reader): string | undefined {
  const token = reader.tokens[reader.at] ?? '';
  if (!/^[A-Za-z0-9][A-Za-z0-9.:-]*\+?$/u.test(token) || /^(?:and|or|with)$/iu.test(token)) {
    return undefined;
  }
  reader.at++;
  return token;
}

function takes(reader: Reader, word: string): boolean {
  if (reader.tokens[reader.at]?.toLowerCase() !== word) {
    return false;
  }
  reader.at++;
  return true;
}
