import { jsonText } from './jsonText.ts';

/** A list whose entries are made one after the other, when their turn to be written has come. */
export class JsonList {
  readonly entries: Iterable<unknown>;
  constructor(entries: Iterable<unknown>) {
    this.entries = entries;
  }
}

/** An object that has a `JsonList`, or another such object, among its values. */
export class JsonObject {
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(fields: Readonly<Record<string, unknown>>) {
    this.fields = fields;
  }
}

/** A value that is written by its own function, which is given what begins each of its lines but the first. */
export class JsonText {
  readonly textAt: (newLine: string) => string;
  constructor(textAt: (newLine: string) => string) {
    this.textAt = textAt;
  }
}

/**
 * The text of `JSON.stringify(value, undefined, 2)` in pieces of some thousand characters, so that nobody holds all of
 * a long report at once. What is neither list nor object of this file is written as it stands.
 */
export function* jsonPieces(value: unknown): Generator<string> {
  let piece = '';
  for (const part of partsOf(value, '\n')) {
    piece += part;
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

const pieceLength = 4 * 1024;

/** `newLine` begins each line of the value but the first. */
function* partsOf(value: unknown, newLine: string): Generator<string> {
  const inner = `${newLine}  `;
  let separator = '';
  if (value instanceof JsonList) {
    let piece = '[';
    for (const entry of value.entries) {
      piece += separator + inner;
      separator = ',';
      if (entry instanceof JsonText) {
        piece += entry.textAt(inner);
      } else {
        yield piece;
        piece = '';
        yield* partsOf(entry, inner);
      }
      // Each piece is handed on by every list and object that it is in.
      if (piece.length >= pieceLength) {
        yield piece;
        piece = '';
      }
    }
    yield piece + (separator === '' ? ']' : `${newLine}]`);
  } else if (value instanceof JsonObject) {
    yield '{';
    for (const [key, field] of Object.entries(value.fields)) {
      if (field !== undefined) {
        yield `${separator}${inner}${jsonText(key)}: `;
        yield* partsOf(field, inner);
        separator = ',';
      }
    }
    yield separator === '' ? '}' : `${newLine}}`;
  } else if (value instanceof JsonText) {
    yield value.textAt(newLine);
  } else {
    yield indented(value, newLine);
  }
}

/**
 * The text of a value, each of its lines but the first begun by `newLine`. `JSON.stringify` indents what is inside of lists
 * itself, and faster than anybody could afterwards.
 */
export function indented(value: unknown, newLine: string): string {
  const depth = (newLine.length - 1) / 2;
  let nested = value;
  let around = 0;
  for (let level = 0; level < depth; level++) {
    nested = [nested];
    around += 2 + 2 * (level + 1); // a bracket, a line end and the indent
  }
  return jsonText(nested, 2).slice(around, depth === 0 ? undefined : 2 * depth - around);
}
