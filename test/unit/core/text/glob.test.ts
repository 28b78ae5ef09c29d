import { matchesName } from '../../../../server/src/core/packages/packageName.ts';
import assert from 'node:assert/strict';

describe('patterns of package names', () => {
  it('are compared as package names are (PEP 503)', () => {
    for (const pattern of ['My_Company-*', 'my.company.*', 'MY-COMPANY--*']) {
      assert.equal(matchesName(pattern, 'my-company-tools'), true, pattern);
      assert.equal(matchesName(pattern, 'My_Company.Tools'), true, pattern);
      assert.equal(matchesName(pattern, 'mycompany-tools'), false, pattern);
    }
  });
});
