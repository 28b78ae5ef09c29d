import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readLogicalLine } from '../../../../../../server/src/core/manifests/pip/lexical/logicalLines.ts';
import type { Item } from '../../../../../../server/src/core/manifests/pip/model.ts';
import { parseLine } from '../../../../../../server/src/core/manifests/pip/parse/parseLine.ts';
import { plainPin } from '../../../../../../server/src/core/manifests/pip/parse/plainPin.ts';

/** As every line can be read. */
function read(line: string): Item | undefined {
  return parseLine(readLogicalLine(line, 0, {}));
}

describe('a line that is nothing but a pin', () => {
  for (const line of [
    'django==4.2',
    'a==1\n',
    'Zope.Interface_x--y==0.07.0\r\n',
    '3to2==1.1.1\n',
    'a.zip==1\n',
    `a==${'9'.repeat(400)}.0\n`,
    `${'a'.repeat(400)}==1\n`,
  ]) {
    it(`is read like any other: ${JSON.stringify(line.slice(0, 40))}`, () => {
      assert.notEqual(plainPin(line), undefined);
      assert.deepEqual(plainPin(line), read(line));
    });
  }

  for (const line of [
    '',
    'a_==1',
    'a==1.',
    'a==1.*',
    'a===1',
    'a ==1',
    'a==1 # why',
    'a==1#why',
    'a==1 \\\n',
    'a==1 --hash=sha256:00',
    'a==1;python_version<"3"',
    'a[b]==1',
    './a==1',
    'a==1\u0085',
    'a==1\n\n',
    'a==1.zip',
    '\u212A==1',
    'a==\u0661',
    '-e a==1',
  ]) {
    it(`is no other line: ${JSON.stringify(line)}`, () => {
      assert.equal(plainPin(line), undefined);
    });
  }

  it('is read like any other, whatever it is', () => {
    const characters = fc.constantFrom(...'aZ09._-==..  \n\r#;[]+!*/\\:@');
    const near = fc.tuple(
      fc.stringMatching(/^[A-Za-z0-9._-]{0,6}$/),
      fc.constantFrom('==', '===', '>=', '== ', '='),
      fc.stringMatching(/^[0-9.]{0,5}$/),
      fc.constantFrom('', '\n', '\r\n', '\r', ' \n', 'a1\n'),
    );
    const lines = fc.oneof(
      fc.string({ unit: characters, maxLength: 12 }),
      near.map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(lines, (line) => {
        const pin = plainPin(line);
        if (pin !== undefined) assert.deepEqual(pin, read(line));
      }),
      { numRuns: 2_000 },
    );
  });
});
