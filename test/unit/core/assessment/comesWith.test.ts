import assert from 'node:assert/strict';
import { comesWith, indexTree } from '../../../../server/src/core/assessment/comesWith.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { lockedTree } from '../../../support/lockedTree.ts';

const ways = (
  needs: Readonly<Record<string, readonly string[]>>,
  declared: readonly string[],
  isPrivate: (name: string) => boolean = () => false,
): readonly string[] => {
  const { tree } = lockedTree('uv.lock', needs);
  assert.ok(tree);
  return comesWith(indexTree(tree), declared.map(normalizeName), { isLeftOut: isPrivate }).map(
    ({ name, version, requiredBy }) => `${name} ${version ?? '-'} < ${requiredBy?.chain.join(' > ') ?? ''}`,
  );
};

describe('what comes with declared packages', () => {
  it('has the shortest way from what is declared, and leaves out what is declared itself', () => {
    const needs = { 'a 1': ['b', 'd'], 'b 1': ['c'], 'c 1': ['d'], 'd 1': ['e'], 'e 1': [] };
    assert.deepEqual(ways(needs, ['a', 'c']), ['b 1 < a', 'd 1 < a', 'e 1 < a > d']);
    assert.deepEqual(ways(needs, ['c']), ['d 1 < c', 'e 1 < c > d']);
    assert.deepEqual(ways(needs, []), []);
  });

  it('ends in circles', () => {
    assert.deepEqual(ways({ 'a 1': ['b', 'a'], 'b 1': ['c'], 'c 1': ['a', 'b'] }, ['a']), ['b 1 < a', 'c 1 < a > b']);
  });

  it('leaves out what is private, what has no version and what nothing declared asks for', () => {
    const needs = { 'a 1': ['b', 'ours', 'local'], 'b 1': [], 'ours 1': [], 'local ': [], 'other 1': [] };
    assert.deepEqual(
      ways(needs, ['a'], (name) => name === 'ours'),
      ['b 1 < a'],
    );
  });

  it('follows a fork by its version', () => {
    const { tree } = lockedTree('uv.lock', { 'a 1': [], 'b 1': [], 'b 2': [] });
    assert.ok(tree);
    const [a, ...others] = tree.packages;
    assert.ok(a);
    const forked = { packages: [{ ...a, needs: [{ name: normalizeName('b'), version: '2' }] }, ...others] };
    assert.deepEqual(
      comesWith(indexTree(forked), [normalizeName('a')], { isLeftOut: () => false }).map(({ version }) => version),
      ['2'],
    );
  });
});
