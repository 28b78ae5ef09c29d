import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonList, JsonObject, jsonPieces } from '../../../../../server/src/core/report/formats/jsonPieces.ts';

/** Some of the lists and objects written piece by piece, as the seed has it. */
function opened(value: unknown, isOpen: () => boolean): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (!isOpen()) {
    return value; // as it stands, whatever is in it
  }
  return Array.isArray(value)
    ? new JsonList(value.map((entry) => opened(entry, isOpen)))
    : new JsonObject(Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, opened(entry, isOpen)])));
}

describe('JSON in pieces', () => {
  it('is what JSON.stringify writes, whatever is written piece by piece', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.boolean(), { minLength: 1 }), (value, choices) => {
        let at = 0;
        const isOpen = (): boolean => choices[at++ % choices.length] ?? true;
        assert.equal([...jsonPieces(opened(value, isOpen))].join(''), JSON.stringify(value, undefined, 2));
      }),
    );
  });

  it('leaves out fields that are undefined', () => {
    assert.equal([...jsonPieces(new JsonObject({ a: undefined, b: 1, c: undefined }))].join(''), '{\n  "b": 1\n}');
    assert.equal([...jsonPieces(new JsonObject({ a: undefined }))].join(''), '{}');
  });

  it('makes an entry only when its turn has come', () => {
    let made = 0;
    const entries = (function* () {
      for (; made < 1000; made++) {
        yield 'x'.repeat(1000);
      }
    })();
    const [first = ''] = jsonPieces(new JsonList(entries));
    assert.ok(made < 100, `${made} entries were made for a piece of ${first.length} characters`);
  });
});
