import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { tomlPlaces } from '../../../../../server/src/core/text/toml/tomlPlaces.ts';

describe('places in TOML', () => {
  const at = (text: string, path: string): string | undefined => {
    const span = tomlPlaces(text).get(path);
    return span === undefined ? undefined : text.slice(span.start, span.end);
  };

  it('finds the values of table arrays, whatever stands between', () => {
    const text = [
      '# [[IgnoredVulns]]',
      'title = """',
      '[[IgnoredVulns]]',
      'id = "in a text" """ # "not" the end',
      '[[ IgnoredVulns ]]',
      'id = "A-1" # id = "X"',
      "reason = 'it''s'",
      '',
      '[[ "IgnoredVulns" ]]',
      'reason = "a \\" quote"',
      'ignoreUntil = 2027-01-31 00:00:00',
      "ID='A-2'",
    ].join('\r\n');
    assert.equal(at(text, 'ignoredvulns.0.id'), '"A-1"');
    assert.equal(at(text, 'ignoredvulns.1.id'), "'A-2'");
    assert.equal(at(text, 'ignoredvulns.1.reason'), '"a \\" quote"');
    assert.equal(at(text, 'ignoredvulns.1.ignoreuntil'), '2027-01-31 00:00:00');
    assert.equal(at(text, 'ignoredvulns.1'), '[[ "IgnoredVulns" ]]');
    assert.equal(at(text, 'ignoredvulns.2'), undefined);
  });

  it('finds the entries of arrays over several lines, and those of inline tables', () => {
    const text =
      '[tool.uv.audit]\nignore = [\n  "A", # "no"\n  \'B\',\n]\nx = [{ id = "C" }, { a.b = "D", id = "E" }]\n';
    assert.equal(at(text, 'tool.uv.audit.ignore.0'), '"A"');
    assert.equal(at(text, 'tool.uv.audit.ignore.1'), "'B'");
    assert.equal(at(text, 'tool.uv.audit.x.0.id'), '"C"');
    assert.equal(at(text, 'tool.uv.audit.x.1.a.b'), '"D"');
    assert.equal(at(text, 'tool.uv.audit.x.1.id'), '"E"');
  });

  it('puts a table below the last entry of its array', () => {
    const text =
      '[[PackageOverrides]]\nname = "a"\n[[PackageOverrides]]\nname = "b"\n[PackageOverrides.vulnerability]\nignore = true\n';
    assert.equal(at(text, 'packageoverrides.1.vulnerability.ignore'), 'true');
    assert.equal(at(text, 'packageoverrides.0.vulnerability.ignore'), undefined);
  });

  it('finds every value of a document that a TOML writer wrote', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !/[\ud800-\udfff]/u.test(value));
    const entry = fc.record({ id: text, reason: text, list: fc.array(text, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), (entries) => {
        const document = stringify({ first: { note: 'x' }, IgnoredVulns: entries });
        const places = tomlPlaces(document);
        const valueAt = (path: string): unknown => {
          const span = places.get(path) ?? assert.fail(`no place for ${path}`);
          return parse(`v = ${document.slice(span.start, span.end)}`).v;
        };
        for (const [index, { id, reason, list }] of entries.entries()) {
          assert.equal(valueAt(`ignoredvulns.${index}.id`), id);
          assert.equal(valueAt(`ignoredvulns.${index}.reason`), reason);
          list.forEach((value, at) => assert.equal(valueAt(`ignoredvulns.${index}.list.${at}`), value));
        }
      }),
    );
  });

  it('ends on any text, with places inside of it', () => {
    const piece = fc.constantFrom('[', ']', '[[', '{', '}', '"', "'", '"""', "'''", '=', '.', ',', '#', '\n', 'a', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        for (const { start, end } of tomlPlaces(text).values()) {
          assert.ok(start >= 0 && end >= start && end <= text.length);
        }
      }),
    );
    assert.ok(tomlPlaces('['.repeat(100_000)).size >= 0);
    assert.ok(tomlPlaces(`a = ${'['.repeat(100_000)}`).size >= 0);
  });
});
