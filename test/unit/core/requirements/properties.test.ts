import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Span } from '../../../../server/src/core/requirements/model.ts';
import { parseFile, type ParseOptions } from '../../../../server/src/core/requirements/parseFile.ts';
import { countPipLines, toParseItems } from '../../../../server/src/core/requirements/parseItems.ts';
import { plainText, requirementsText } from './arbitraries.ts';
import { cut } from './support.ts';

const options: ParseOptions = { environment: { A: 'foo>=1 -r x', B: ' ', C: '"' } };

describe('any text', () => {
  it('can be parsed and printed', () => {
    const anyText = fc.oneof(requirementsText(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(anyText, (text) => {
        const file = parseFile(text, options);
        assert.equal(toParseItems(file, { path: 'a/b.txt' }).length, file.items.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('has every part where its span says', () => {
    fc.assert(
      fc.property(plainText(), (text) => {
        const file = parseFile(text);
        file.items.forEach((item, index) => {
          for (const part of partsOf(item)) assert.equal(joined(cut(file, index, part.span)), joined(part.text));
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('has its spans inside of its lines, also with quotes and variables', () => {
    fc.assert(
      fc.property(requirementsText(), (text) => {
        const file = parseFile(text, options);
        file.items.forEach((item, index) => {
          const end = (file.starts[index + 1] ?? text.length) - (file.starts[index] ?? 0);
          for (const { span } of [
            ...partsOf(item),
            ...item.problems,
            ...(item.comment ? [{ span: item.comment }] : []),
          ]) {
            assert.ok(0 <= span.start && span.start <= span.end && span.end <= end, JSON.stringify([item, span]));
          }
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('says the same with blank lines after it', () => {
    const withoutOpenEnd = requirementsText().filter(
      (text) => !/(?:\\(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])?|\r)$/.test(text),
    );
    fc.assert(
      fc.property(withoutOpenEnd, fc.integer({ min: 1, max: 5 }), (text, count) => {
        const file = parseFile(text, options);
        const longer = parseFile(text + '\n'.repeat(count), options);
        assert.deepEqual(longer.items, file.items);
        assert.deepEqual(longer.starts, file.starts);
      }),
      { numRuns: 1000 },
    );
  });

  it('has a problem with a message and a code for every line that pip would refuse', () => {
    fc.assert(
      fc.property(requirementsText(), (text) => {
        for (const item of parseFile(text, options).items) {
          if (item.kind === 'error') assert.equal(item.problems.length, 1);
          for (const { code, message } of item.problems) {
            assert.match(code, /^(?:requirement|option|editable)\.[a-z-]+$/);
            assert.match(message, /\.$/);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has line numbers that follow one another', () => {
    fc.assert(
      fc.property(requirementsText(), (text) => {
        let last = 0;
        for (const { s, e } of toParseItems(parseFile(text, options))) {
          assert.ok(s > last && e >= s);
          last = e;
        }
        assert.ok(last <= countPipLines(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a hostile text', () => {
  const size = 1_000_000;
  const cases: readonly (readonly [what: string, text: string])[] = [
    ['one long word', 'a'.repeat(size)],
    ['one long version', `foo==${'1.'.repeat(size / 2)}`],
    ['separators in a version', `foo==1${'.-_'.repeat(size / 3)}`],
    ['a local version', `foo==1+${'a.'.repeat(size / 2)}`],
    ['clauses', `foo${'==1,'.repeat(size / 4)}`],
    ['arbitrary clauses', `foo${'===1,'.repeat(size / 5)}`],
    ['open brackets', '['.repeat(size)],
    ['brackets behind a name', `foo${'['.repeat(size)}]`],
    ['pairs of brackets', `foo${'[a]'.repeat(size / 3)}`],
    ['extras', `foo[${'a,'.repeat(size / 2)}]`],
    ['open parentheses in a marker', `foo;${'('.repeat(size)}`],
    ['a long marker', `foo;os_name=='a'${" and os_name=='a'".repeat(size / 17)}`],
    ['quotes in options', `-r ${'"a" '.repeat(size / 4)}`],
    ['backslashes in options', `-r ${'\\a'.repeat(size / 2)}`],
    ['options', '--pre '.repeat(size / 6)],
    ['hashes', `foo ${'--hash=sha256:ab '.repeat(size / 17)}`],
    ['number signs', 'a#'.repeat(size / 2)],
    ['spaces before a comment', `foo${' '.repeat(size)}#`],
    ['spaces before nothing', `foo${' '.repeat(size)}a`],
    ['slashes', `./${'/'.repeat(size)}a.zip`],
    ['dots', '../'.repeat(size / 3)],
    ['a URL of at signs', `https://${'a@'.repeat(size / 2)}`],
    ['a URL of eggs', `https://e/${'egg='.repeat(size / 4)}`],
    ['a URL of fragments', `git+https://e/x${'#egg'.repeat(size / 4)}`],
    ['percent signs', `https://e/${'%C3%28'.repeat(size / 6)}.whl`],
    ['a wheel of dashes', `https://e/${'-'.repeat(size)}.whl`],
    ['open variables', '${A'.repeat(size / 3)],
    ['variables', '${A}'.repeat(size / 4)],
    ['backslashes', `${'\\'.repeat(size)}x`],
    ['50,000 lines', 'foo==1.0 # c\n'.repeat(50_000)],
    ['a continuation of 50,000 lines', 'foo \\\n'.repeat(50_000)],
    ['50,000 lines of hashes', `foo==1 \\\n${'  --hash=sha256:ab \\\n'.repeat(50_000)}`],
    ['legacy clauses', `foo==x${',==x'.repeat(size / 4)}`],
  ];
  // A quadratic step takes minutes on such texts; the machine may be slow and busy.
  const limitMs = 3000;
  for (const [what, text] of cases) {
    it(`of ${what} is parsed in linear time`, () => {
      const start = performance.now();
      const file = parseFile(text, options);
      const durationMs = performance.now() - start;
      assert.ok(file.items.length > 0);
      assert.ok(durationMs < limitMs, `took ${Math.round(durationMs)} ms`);
    });
  }
});

interface Part {
  readonly text: string;
  readonly span: Span;
}

/** Everything in an item that has a text and a place, clauses included. */
function partsOf(value: unknown): readonly Part[] {
  if (typeof value !== 'object' || value === null) return [];
  const own: Part[] = [];
  if (hasText(value)) own.push(value);
  if (isClause(value)) {
    own.push({ text: value.operator, span: value.operatorSpan }, { text: value.version, span: value.versionSpan });
  }
  return [...own, ...Object.values(value).flatMap(partsOf)];
}

function hasText(value: object): value is Part {
  return 'text' in value && 'span' in value;
}

function isClause(value: object): value is {
  readonly operator: string;
  readonly operatorSpan: Span;
  readonly version: string;
  readonly versionSpan: Span;
} {
  return 'operatorSpan' in value && 'versionSpan' in value;
}

/** Without what joining lines takes away. */
function joined(text: string): string {
  return text.replace(/[\\\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g, '');
}
