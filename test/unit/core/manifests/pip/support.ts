import type { Span } from '../../../../../server/src/core/text/position.ts';
import assert from 'node:assert/strict';
import type { Item, RequirementsFile } from '../../../../../server/src/core/manifests/pip/model.ts';
import { parseFile } from '../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { toParseItems, type ParseItem } from '../../../../../server/src/core/manifests/pip/parse/parseItems.ts';

type Environment = Readonly<Record<string, string>>;

/** The only item of a text. */
export function parseOne(text: string, environment: Environment = {}): Item {
  const file = parseFile(text, { environment });
  assert.equal(file.items.length, 1, `expected one item in ${JSON.stringify(text)}`);
  const [item] = file.items;
  assert.ok(item);
  return item;
}

/** The items of a text as `pinwatch parse` prints them. */
export function print(text: string, environment: Environment = {}): readonly ParseItem[] {
  return toParseItems(parseFile(text, { environment }));
}

/** One printed item with the fields that are always there left out. */
export function printOne(text: string, environment: Environment = {}): Partial<ParseItem> {
  const [item, ...rest] = print(text, environment);
  assert.ok(item, `expected an item in ${JSON.stringify(text)}`);
  assert.equal(rest.length, 0, `expected one item in ${JSON.stringify(text)}`);
  const { s, e, text: ownText, ...fields } = item;
  assert.ok(s <= e && ownText.length > 0);
  return fields;
}

/** `kind first-last text` of each item: enough to see how lines were put together. */
export function outline(text: string, environment: Environment = {}): readonly string[] {
  return print(text, environment).map(({ k, s, e, text: own }) => `${k} ${s}-${e} ${own}`);
}

/** What a span of an item covers in the document. */
export function cut(file: RequirementsFile, index: number, span: Span): string {
  const start = file.starts[index];
  assert.ok(start !== undefined);
  return file.text.slice(start + span.start, start + span.end);
}

/**
 * A requirement line with carets under the place of its problem:
 * the first line is parsed, the second shows the span and is followed by the code.
 */
export function expectProblem(annotated: string): void {
  const [line = '', marks = ''] = annotated.replace(/^\n/, '').split('\n');
  const carets = /\^+/.exec(marks);
  assert.ok(carets, `no carets under ${line}`);
  const code = marks.slice(carets.index + carets[0].length).trim();
  assert.notEqual(code, '', `no code under ${line}`);
  const item = parseOne(line);
  const found = item.problems.map((problem) => ({
    code: problem.code + (problem.incomplete === true ? ' incomplete' : ''),
    start: problem.span.start,
    end: problem.span.end,
  }));
  assert.deepEqual(found, [{ code, start: carets.index, end: carets.index + carets[0].length }], line);
}
