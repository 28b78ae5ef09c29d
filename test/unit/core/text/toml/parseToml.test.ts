import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { parseToml, TomlTime } from '../../../../../server/src/core/text/toml/parseToml.ts';

const document = `# A comment
title = "a \\"quoted\\" title \\u00e9"
'literal \\ key' = 'C:\\path'
dotted.key = 1_000
numbers = [ +1, -2, 0xff, 0o17, 0b101, 1.5e3, -0.25, inf, -inf, nan ] # behind
truths = [true,
  false, # within
]
inline = { a = 1, "b c" = [], d.e = {} }
long = """
one \\
  two ""quoted"" """
raw = '''
'single'
'''

[project]
name = "demo"
__proto__ = "a key"

[[tool.list]]
id = 1
[tool.list.below]
id = 2
[[tool.list]]
[tool.uv.audit]
ignore = ["A-1"]
`;

describe('parseToml', () => {
  it('gives the values of a document', () => {
    const text = 'a = "x"\nb.c = [1_0, -31, 1e2, inf, true]\nd = { e = 2027-01-31 }\n[[f]]\n__proto__ = 1\n[[f]]\n';
    assert.deepEqual(parseToml(text), {
      kind: 'table',
      value: {
        a: 'x',
        b: { c: [10, -31, 100, Infinity, true] },
        d: { e: new TomlTime('2027-01-31') },
        f: [Object.defineProperty({}, '__proto__', { value: 1, enumerable: true }), {}],
      },
    });
  });

  it('writes times as ISO 8601 has them', () => {
    const written = ['2027-01-31', '2027-01-31 10:00:00z', '2027-01-31t10:00:00.5+02:00', '10:00:00'];
    const parsed = parseToml(`a = [${written.join()}]`);
    assert.ok(parsed.kind === 'table');
    assert.deepEqual(
      (parsed.value['a'] as readonly TomlTime[]).map(({ text }) => text),
      ['2027-01-31', '2027-01-31T10:00:00Z', '2027-01-31T10:00:00.5+02:00', '10:00:00'],
    );
  });

  for (const [text, line, column, message] of [
    ['a = 1\nb = "x', 2, 5, /closing/u],
    ['a = 1\r\n\r\na = 2', 3, 1, /twice/u],
    ['a = [\n1', 1, 5, /"\]"/u],
    ['x', 1, 1, /"="/u],
    ['a = 2027-#1-31', 1, 5, /no value/u],
    ['"""a""" = 1', 1, 1, /one quote/u],
    ['# a\u0001', 1, 4, /control character/u],
    ['# a\rb = 1', 1, 4, /control character/u],
    ['a = "\u007f"', 1, 6, /control character/u],
    ["a = '''\nb\u0000'''", 2, 2, /control character/u],
  ] as const) {
    it(`gives the place and the reason of what is wrong in ${JSON.stringify(text)}`, () => {
      const parsed = parseToml(text);
      assert.ok(parsed.kind === 'error');
      assert.deepEqual([parsed.line, parsed.column], [line, column]);
      assert.match(parsed.message, message);
    });
  }

  // That one is easy about dates: it takes `2027-#1-31`.
  it('takes and refuses the same documents as another reader, and finds the same in them', () => {
    const pieces = [
      ...['[', ']', '{', '}', '"', "'", '"""', "'''", '=', '.', ',', '#', '\n', '\r', '\\', '_', '-', '+', ' '],
      ...['a', '1', '0x', 'true', 'inf', '[tool]\n', 'dotted.key.more = 1\n'],
    ];
    const edit = fc.record({ at: fc.nat(document.length), without: fc.nat(3), piece: fc.constantFrom('', ...pieces) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
        const text = edits.reduce(
          (all, { at, without, piece }) => all.slice(0, at) + piece + all.slice(at + without),
          document,
        );
        const parsed = parseToml(text);
        assert.deepEqual(parsed.kind === 'table' ? comparable(parsed.value) : undefined, byAnother(text), text);
      }),
      { numRuns: 2_000 },
    );
  });
});

function byAnother(text: string): unknown {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return undefined;
  }
  return comparable(value);
}

/** The two differ in the sign of a zero, and ours reads line ends of texts as LF. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(comparable);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, comparable(one)]));
  }
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value === 0 ? 0 : value;
}
