import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../../../../../server/src/core/manifests/pip/edit/applyEdits.ts';
import type { TextChange } from '../../../../../../server/src/core/manifests/rewrite.ts';
import type { RequirementsFile } from '../../../../../../server/src/core/manifests/pip/model.ts';
import { positionAt, rangeOf } from '../../../../../../server/src/core/manifests/places.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { requirementsText } from '../arbitraries.ts';

const environment = { A: 'foo>=1 -r x', B: '1' };

/** A change by where it falls in a text of any length. */
interface RelativeChange {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

function toChanges(text: string, relative: readonly RelativeChange[]): readonly TextChange[] {
  let current = text;
  return relative.map((change) => {
    const start = Math.floor(change.at * (current.length + 1));
    const end = Math.min(current.length, start + change.length);
    current = current.slice(0, start) + change.text + current.slice(end);
    return { start, end, text: change.text };
  });
}

function edit(text: string, change: TextChange): string {
  return text.slice(0, change.start) + change.text + text.slice(change.end);
}

function expectSame(actual: RequirementsFile, expected: RequirementsFile): void {
  assert.equal(actual.text, expected.text);
  assert.deepEqual(actual.items, expected.items);
  assert.deepEqual(Array.from(actual.starts), Array.from(expected.starts));
  assert.deepEqual(Array.from(actual.lineStarts), Array.from(expected.lineStarts));
}

/** The changes that turn one text into the other, as `^` marks them: `a^b|c^d` replaces b with c. */
function marked(text: string): { readonly before: string; readonly change: TextChange } {
  const [head, middle, tail, ...rest] = text.split('^');
  assert.ok(head !== undefined && middle !== undefined && tail !== undefined && rest.length === 0, text);
  const [removed = '', inserted = ''] = middle.split('|');
  return {
    before: head + removed + tail,
    change: { start: head.length, end: head.length + removed.length, text: inserted },
  };
}

const relativeChange: fc.Arbitrary<RelativeChange> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 60 })),
  text: fc.oneof(fc.constantFrom('', '\n', '\r', '\\', '#', ' ', 'x', '\f', '\ufeff', '\\\n'), requirementsText(6)),
});

/** But for the comments behind the items. */
function saysTheSame(a: RequirementsFile, b: RequirementsFile): boolean {
  const said = (file: RequirementsFile): unknown =>
    file.items.map((item, index) => [
      { ...item, comment: undefined },
      rangeOf(file, index, item.span),
      positionAt(file, file.starts[index] ?? 0),
    ]);
  assert.deepEqual(said(a), said(b));
  return true;
}

describe('an edit', () => {
  it('gives what a new parse gives, whatever is changed and however often', () => {
    fc.assert(
      fc.property(requirementsText(60), fc.array(relativeChange, { minLength: 1, maxLength: 6 }), (text, relative) => {
        const changes = toChanges(text, relative);
        let file = parseFile(text, { environment });
        let current = text;
        for (const change of changes) {
          file = applyEdits(file, [change]);
          current = edit(current, change);
          expectSame(file, parseFile(current, { environment }));
        }
        expectSame(applyEdits(parseFile(text, { environment }), changes), file);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives what a new parse gives in a text of several chunks', () => {
    const text = Array.from({ length: 3000 }, (_, n) => `package-${n}==1.${n}${n % 7 === 0 ? ' \\' : ''}\n`).join('');
    fc.assert(
      fc.property(fc.array(relativeChange, { minLength: 1, maxLength: 5 }), (relative) => {
        const changes = toChanges(text, relative);
        expectSame(applyEdits(parseFile(text), changes), parseFile(changes.reduce(edit, text)));
      }),
      { numRuns: 12 },
    );
  });

  it('keeps the items of every line that it does not touch', () => {
    fc.assert(
      fc.property(requirementsText(60), relativeChange, (text, relative) => {
        const [change] = toChanges(text, [relative]);
        assert.ok(change);
        const before = parseFile(text);
        const after = applyEdits(before, [change]);
        const kept = new Set(after.items);
        before.items.forEach((item, index) => {
          const start = before.starts[index] ?? 0;
          const end = start + item.span.end;
          // The editor's line of the change is read again, and what is joined to it; a form feed does not part it.
          const isBefore =
            text.slice(end, change.start).includes('\n') && !text.slice(start, change.start).includes('\\');
          if (isBefore) assert.ok(kept.has(item), JSON.stringify({ text, change, item }));
        });
      }),
      { numRuns: 2000 },
    );
  });

  const cases: readonly (readonly [why: string, text: string, keptCount: number])[] = [
    ['a character in a version', 'a==1\nb==^1|2^\nc==1\n', 2],
    ['a new line between two', 'a==1\n^|b==1\n^c==1\n', 2],
    ['a line taken out', 'a==1\n^b==1\n|^c==1\n', 2],
    ['a backslash that joins two lines', 'a==1\nb==1 ^|\\^\n;os_name=="x"\nc==1\n', 2],
    ['a backslash that is taken away', 'a==1\nb==1 ^\\|^\n;os_name=="x"\nc==1\n', 2],
    ['a comment that ends a continuation', 'a==1 \\\nb==1 \\\n^|#^c==1\nd==1\n', 1],
    ['a number sign before a continued line', 'a==1\n^|#^b==1 \\\nc==1\nd==1\n', 2],
    ['a change far down a continuation', 'a==1\nb \\\n  --hash=sha256:1 \\\n  --hash=sha256:^2|3^\nc==1\n', 2],
    ['a line feed behind a carriage return', 'a==1\r^|\n^b==1\rc==1', 2],
    ['a carriage return before a line feed', 'a==1^|\r^\nb==1\nc==1', 2],
    ['what stood between the two halves of a break', 'a==1\r^b==1|^\nc==1', 1],
    ['the byte order mark', '^\ufeff|^a==1\nb==1', 2],
    ['text before the byte order mark', '^|x\n^\ufeffa==1\nb==1', 1],
    ['everything', '^a==1\nb==1|c==1^', 0],
    ['an empty file', '^|a==1^', 0],
  ];
  for (const [why, text, keptCount] of cases) {
    it(`reads again only what is touched: ${why}`, () => {
      const { before, change } = marked(text);
      const file = parseFile(before);
      const edited = applyEdits(file, [change]);
      expectSame(edited, parseFile(edit(before, change)));
      const kept = edited.items.filter((item) => file.items.includes(item));
      assert.equal(kept.length, keptCount);
    });
  }

  const silent: readonly (readonly [why: string, text: string, isSame: boolean])[] = [
    ['a letter in a comment', 'a==1\n# x^|y^\nb==1', true],
    ['a comment that is begun', 'a==1\n^|#^\nb==1', true],
    ['a comment that is taken away', 'a==1\n^# x|^\nb==1', true],
    ['a space in a blank line', 'a==1\n\t^|  ^\r\nb==1', true],
    ['a comment at the end of the file', 'a==1\n# ^|x^', true],
    ['a backslash in a comment', 'a==1\n# ^|\\^\nb==1', true],
    ['a letter in a comment behind a requirement', 'a==1 # x^|y^\n b==1', true],
    ['a letter taken out of a comment behind an include', 'b==1\n-r x # ^x|^', true],
    ['a comment behind an unread line, but for its sign', 'b==1\n[ #^x|^', true],
    ['a number sign that is taken away', 'a==1 ^#|^ x\nb==1', false],
    ['the space before a comment', 'a==1^ |^# x\nb==1', false],
    ['a number sign before another one', 'a==1 ^|#^# x\nb==1', false],
    ['a backslash that continues a comment behind a requirement', 'a==1 # x^|\\^\nb==1', false],
    ['a backslash taken from the end of such a comment', 'a==1 # x^\\|^\nb==1', false],
    ['a comment behind a line that is continued before', 'a \\\n==1 # x^|y^\nb==1', false],
    ['a new line in a comment', '# x^|\n^\na==1', false],
    ['a line feed between two comments, taken out', '# x^\n|^# y\na==1', false],
    ['a carriage return behind a comment', '# x^|\r^\na==1', false],
    ['a line feed behind a carriage return at the end', 'a==1\n# x\r^|\n^', false],
    ['another kind of line break in a comment', '# x^|\u2028^y==1\na==1', false],
    ['a letter behind another kind of line break', '# x\fy^|z^\na==1', false],
    ['a letter before the comment', 'a==1\n^|x^# y\nb==1', false],
    ['a letter in a comment that ends a continuation', 'a==1 \\\n# x^|y^\nb==1', false],
    ['a comment in place of a line', 'a==1\n^b==1|# b^\nc==1', false],
  ];
  for (const [why, text, isSame] of silent) {
    it(`${isSame ? 'leaves all items where they were' : 'may say something else'}: ${why}`, () => {
      const { before, change } = marked(text);
      const file = parseFile(before);
      const edited = applyEdits(file, [change]);
      expectSame(edited, parseFile(edit(before, change)));
      assert.equal(edited.isSilentEdit, isSame);
      assert.ok(!isSame || saysTheSame(file, edited));
    });
  }

  it('says the same only where every item does, at its line and character', () => {
    const piece = fc.constantFrom(
      '# c',
      ' # d',
      '#',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\\',
      '\f',
      '\u2028',
      'a==1',
      'b',
      '\ufeff',
    );
    const pieces = fc.array(piece, { maxLength: 12 }).map((all) => all.join(''));
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(3), text: piece });
    fc.assert(
      fc.property(pieces, change, (text, relative) => {
        const [one] = toChanges(text, [{ ...relative, at: Math.min(relative.at, 0.999) }]);
        assert.ok(one);
        const before = parseFile(text);
        const after = applyEdits(before, [one]);
        expectSame(after, parseFile(edit(text, one)));
        assert.ok(!after.isSilentEdit || saysTheSame(before, after));
      }),
      { numRuns: 5000 },
    );
  });

  it('leaves the file before it as it was', () => {
    const file = parseFile('a==1\nb==1\n');
    const starts = Array.from(file.starts);
    applyEdits(file, [{ start: 0, end: 0, text: 'x\n' }]);
    assert.equal(file.text, 'a==1\nb==1\n');
    assert.deepEqual(Array.from(file.starts), starts);
    assert.equal(file.items.length, 2);
  });

  it('takes offsets outside of the text for its ends', () => {
    const edited = applyEdits(parseFile('a==1'), [
      { start: 100, end: 200, text: '\nb==1' },
      { start: -5, end: -1, text: 'x' },
    ]);
    expectSame(edited, parseFile('xa==1\nb==1'));
  });

  it('remembers the environment', () => {
    const edited = applyEdits(parseFile('a==${B}\n', { environment }), [{ start: 0, end: 1, text: 'b' }]);
    expectSame(edited, parseFile('b==${B}\n', { environment }));
  });

  it('can begin with a file that was put together by hand', () => {
    const { text, length, items, starts, lineStarts } = parseFile('a==1\nb==1\n');
    const slice = (start: number, end: number): string => text.slice(start, end);
    expectSame(
      applyEdits({ text, length, slice, items, starts, lineStarts }, [{ start: 3, end: 4, text: '2' }]),
      parseFile('a==2\nb==1\n'),
    );
  });
});
