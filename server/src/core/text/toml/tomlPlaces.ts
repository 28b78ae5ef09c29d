import type { Span } from '../position.ts';

/**
 * Where the values of a TOML document stand, which its parser does not tell. Keys are dotted paths in lower case with
 * the index of array entries: `ignoredvulns.0.id`. The text should be TOML that a parser took; of any other text the
 * places are a guess, but it ends and does not throw.
 */
export function tomlPlaces(text: string): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  const lastOfArray = new Map<string, number>();
  let at = 0;
  let table: readonly string[] = [];
  for (skip(blank); at < text.length; skip(blank)) {
    const start = at;
    if (text[at] === '[') {
      readHeader();
    } else {
      const key = readKey();
      skip(/[ \t]*=?/y);
      readValue([...table, ...key], 0);
    }
    // What a line still holds is a comment, or nothing that we know.
    skip(/[^\n]*/y);
    at = Math.max(at, start + 1);
  }
  return places;

  function readHeader(): void {
    const start = at;
    const isArray = text.startsWith('[[', at);
    at += isArray ? 2 : 1;
    const path = readKey().reduce<string[]>((above, part) => {
      const here = [...above, part];
      const last = lastOfArray.get(here.join('.'));
      return last === undefined ? here : [...here, String(last)];
    }, []);
    if (isArray) {
      // The path as it was resolved ends in the index of the entry before, where there is one.
      const known = lastOfArray.get(path.slice(0, -1).join('.'));
      const array = known !== undefined && path.at(-1) === String(known) ? path.slice(0, -1) : path;
      const index = (lastOfArray.get(array.join('.')) ?? -1) + 1;
      lastOfArray.set(array.join('.'), index);
      table = [...array, String(index)];
    } else {
      table = path;
    }
    skip(/[ \t]*\]?\]?/y);
    const span = { start, end: at };
    places.set(table.join('.'), span);
    if (isArray && table.at(-1) === '0') {
      places.set(table.slice(0, -1).join('.'), span);
    }
  }

  function readKey(): readonly string[] {
    const parts: string[] = [];
    do {
      skip(/[ \t]*/y);
      const start = at;
      if (text[at] === '"' || text[at] === "'") {
        readString();
        parts.push(text.slice(start + 1, at - 1).toLowerCase());
      } else {
        skip(/[A-Za-z0-9_-]*/y);
        parts.push(text.slice(start, at).toLowerCase());
      }
      skip(/[ \t]*/y);
    } while (text[at] === '.' && ++at < text.length);
    return parts;
  }

  function readValue(path: readonly string[], depth: number): void {
    skip(/[ \t]*/y);
    const start = at;
    const opening = text[at];
    if (opening === '"' || opening === "'") {
      readString();
    } else if (opening === '[' || opening === '{') {
      readEntries(path, depth + 1, opening === '[');
    } else {
      skip(/[^\s,[\]{}#]*/y);
    }
    places.set(path.join('.'), { start, end: at });
  }

  function readEntries(path: readonly string[], depth: number, isArray: boolean): void {
    at = depth > mostDepth ? text.length : at + 1;
    let index = 0;
    for (skip(blank); at < text.length; skip(blank)) {
      const start = at;
      if (text[at] === ']' || text[at] === '}') {
        at++;
        return;
      }
      if (text[at] === ',') {
        at++;
        index++;
        continue;
      }
      if (isArray) {
        readValue([...path, String(index)], depth);
      } else {
        const key = readKey();
        skip(/[ \t]*=?/y);
        readValue([...path, ...key], depth);
      }
      at = Math.max(at, start + 1);
    }
  }

  function readString(): void {
    const quote = text[at] === '"' ? '"' : "'";
    const isLong = text.startsWith(quote.repeat(3), at);
    skip(quote === '"' ? (isLong ? longBasic : shortBasic) : isLong ? longLiteral : shortLiteral);
  }

  function skip(pattern: RegExp): void {
    pattern.lastIndex = at;
    at += pattern.exec(text)?.[0].length ?? 0;
  }
}

const mostDepth = 50;
const blank = /(?:\s|#[^\n]*)*/y;
// An end that is missing is the end of the line, or of the text.
const shortBasic = /"(?:[^"\\\n]|\\[^\n])*"?/y;
const shortLiteral = /'[^'\n]*'?/y;
const longBasic = /"""(?:[^"\\]|\\[\s\S]|"(?!""))*(?:"{3,5})?/y;
const longLiteral = /'''(?:[^']|'(?!''))*(?:'{3,5})?/y;
