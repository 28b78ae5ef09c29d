import assert from 'node:assert/strict';
import { totalsFirst } from '../../../client/src/texts/totalsFirst.ts';

describe('the report in an editor', () => {
  it('begins with the totals', () => {
    assert.equal(
      totalsFirst('a.txt:1: x\na.txt:2: y\n\nb.txt:1: z\n\n3 requirements\n'),
      '3 requirements\n\na.txt:1: x\na.txt:2: y\n\nb.txt:1: z\n',
    );
    assert.equal(totalsFirst('nothing\n'), 'nothing\n');
  });
});
