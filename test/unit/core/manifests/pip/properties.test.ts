import type { Span } from '../../../../../server/src/core/text/position.ts';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFile, type ParseOptions } from '../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { countPipLines, toParseItems } from '../../../../../server/src/core/manifests/pip/parse/parseItems.ts';
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
      { numRuns: 2000, examples: [['file:foof-1.0-py3-none-any.whl']] },
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
            assert.match(code, /^(?:requirement|option|editable|ignored)\.[a-z-]+$/);
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
  const cases: readonly (readonly [what: string, make: (size: number) => string])[] = [
    ['one long word', (size) => 'a'.repeat(size)],
    ['one long version', (size) => `foo==${'1.'.repeat(size / 2)}`],
    ['separators in a version', (size) => `foo==1${'.-_'.repeat(size / 3)}`],
    ['a local version', (size) => `foo==1+${'a.'.repeat(size / 2)}`],
    ['clauses', (size) => `foo${'==1,'.repeat(size / 4)}`],
    ['arbitrary clauses', (size) => `foo${'===1,'.repeat(size / 5)}`],
    ['open brackets', (size) => '['.repeat(size)],
    ['brackets behind a name', (size) => `foo${'['.repeat(size)}]`],
    ['pairs of brackets', (size) => `foo${'[a]'.repeat(size / 3)}`],
    ['extras', (size) => `foo[${'a,'.repeat(size / 2)}]`],
    ['open parentheses in a marker', (size) => `foo;${'('.repeat(size)}`],
    ['a long marker', (size) => `foo;os_name=='a'${" and os_name=='a'".repeat(size / 17)}`],
    ['quotes in options', (size) => `-r ${'"a" '.repeat(size / 4)}`],
    ['backslashes in options', (size) => `-r ${'\\a'.repeat(size / 2)}`],
    ['options', (size) => '--pre '.repeat(size / 6)],
    ['hashes', (size) => `foo ${'--hash=sha256:ab '.repeat(size / 17)}`],
    ['number signs', (size) => 'a#'.repeat(size / 2)],
    ['spaces before a comment', (size) => `foo${' '.repeat(size)}#`],
    ['spaces before nothing', (size) => `foo${' '.repeat(size)}a`],
    ['slashes', (size) => `./${'/'.repeat(size)}a.zip`],
    ['dots', (size) => '../'.repeat(size / 3)],
    ['a URL of at signs', (size) => `https://${'a@'.repeat(size / 2)}`],
    ['a URL of eggs', (size) => `https://e/${'egg='.repeat(size / 4)}`],
    ['a URL of fragments', (size) => `git+https://e/x${'#egg'.repeat(size / 4)}`],
    ['percent signs', (size) => `https://e/${'%C3%28'.repeat(size / 6)}.whl`],
    ['a wheel of dashes', (size) => `https://e/${'-'.repeat(size)}.whl`],
    ['open variables', (size) => '${A'.repeat(size / 3)],
    ['variables', (size) => '${A}'.repeat(size / 4)],
    ['backslashes', (size) => `${'\\'.repeat(size)}x`],
    ['lines', (size) => 'foo==1.0 # c\n'.repeat(size / 13)],
    ['a continuation of many lines', (size) => 'foo \\\n'.repeat(size / 6)],
    ['lines of hashes', (size) => `foo==1 \\\n${'  --hash=sha256:ab \\\n'.repeat(size / 21)}`],
    ['legacy clauses', (size) => `foo==x${',==x'.repeat(size / 4)}`],
  ];
  for (const [what, make] of cases) {
    it(`of ${what} takes time in proportion to its length`, function () {
      this.timeout(0); // the ratio decides; how fast the machine is does not
      assert.ok(parseFile(make(smallSize), options).items.length > 0);
      assert.ok(isLinear(make));
    });
  }
});

// Sixteen times the text: 16 times the work where it is linear, 256 times where it is quadratic.
const smallSize = 20_000;
const growth = 16;
const mostWork = 64;
const tries = 5;

/** Compares CPU time, of which waiting for the machine is no part; what else disturbs it goes away with another try. */
function isLinear(make: (size: number) => string): boolean {
  const [small, large] = [make(smallSize), make(growth * smallSize)];
  let [smallMs, largeMs] = [Infinity, Infinity];
  for (let attempt = 0; attempt < tries; attempt++) {
    smallMs = Math.min(smallMs, parseCpuMs(small));
    largeMs = Math.min(largeMs, parseCpuMs(large));
    if (largeMs <= mostWork * Math.max(smallMs, clockMs)) {
      return true;
    }
  }
  return false;
}

// Shorter times say little.
const clockMs = 0.25;

function parseCpuMs(text: string): number {
  const before = process.cpuUsage();
  parseFile(text, options);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

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
