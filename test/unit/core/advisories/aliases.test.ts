import assert from 'node:assert/strict';
import { groupByAlias } from '../../../../server/src/core/advisories/aliases.ts';
import { advisory } from './advisoryBuilder.ts';

describe('groupByAlias', () => {
  it('joins records by a shared alias, in any order', () => {
    const a = { id: 'GHSA-1', advisory: advisory({ id: 'GHSA-1', aliases: ['CVE-1'] }) };
    const b = { id: 'PYSEC-1', advisory: advisory({ id: 'PYSEC-1', aliases: ['CVE-1'] }) };
    const c = { id: 'PYSEC-2', advisory: advisory({ id: 'PYSEC-2', aliases: ['CVE-2'] }) };
    for (const matches of [
      [a, b, c],
      [c, b, a],
      [b, c, a, b],
    ]) {
      assert.deepEqual(groupByAlias(matches), [
        { records: [a, b], ids: ['CVE-1', 'GHSA-1', 'PYSEC-1'] },
        { records: [c], ids: ['CVE-2', 'PYSEC-2'] },
      ]);
    }
  });

  it('joins transitively, by way of ids that are no records', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `R-${String(index).padStart(4, '0')}`);
    const matches = ids.map((id, index) => ({
      id,
      advisory: advisory({ id, aliases: [`CVE-${index}`, `CVE-${index + 1}`] }),
    }));
    const groups = groupByAlias(matches.reverse());
    assert.equal(groups.length, 1);
    assert.deepEqual(
      groups[0]?.records.map(({ id }) => id),
      ids,
    );
  });

  it('keeps records without details, and joins them where another names them', () => {
    const named = { id: 'GHSA-1' };
    const alone = { id: 'GHSA-2' };
    const naming = { id: 'PYSEC-1', advisory: advisory({ id: 'PYSEC-1', aliases: ['GHSA-1'] }) };
    assert.deepEqual(groupByAlias([alone, naming, named]), [
      { records: [named, naming], ids: ['GHSA-1', 'PYSEC-1'] },
      { records: [alone], ids: ['GHSA-2'] },
    ]);
  });

  it('takes a record once, with details where one copy has them', () => {
    const full = { id: 'GHSA-1', advisory: advisory({ id: 'GHSA-1', aliases: ['CVE-1'] }) };
    assert.deepEqual(groupByAlias([{ id: 'GHSA-1' }, full]), [{ records: [full], ids: ['CVE-1', 'GHSA-1'] }]);
    assert.deepEqual(groupByAlias([full, { id: 'GHSA-1' }]), [{ records: [full], ids: ['CVE-1', 'GHSA-1'] }]);
  });

  it('is not fooled by ids named like object members', () => {
    const matches = ['__proto__', 'constructor', 'toString'].map((id) => ({ id }));
    assert.equal(groupByAlias(matches).length, 3);
  });
});
