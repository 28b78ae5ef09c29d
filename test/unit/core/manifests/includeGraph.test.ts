import assert from 'node:assert/strict';
import {
  constraintFilesOf,
  filesReachedFrom,
  type IncludeEdge,
} from '../../../../server/src/core/manifests/includeGraph.ts';

const edge = (from: string, kind: IncludeEdge['kind'], to: string): IncludeEdge => ({ from, to, kind });

describe('include graph', () => {
  it('lets constraints hold for every file of the tree they are named in', () => {
    const edges = [
      edge('app', 'include', 'base'),
      edge('app', 'constraint', 'c1'),
      edge('base', 'constraint', 'c2'),
      edge('other', 'constraint', 'c3'),
    ];
    assert.deepEqual(constraintFilesOf('app', edges), ['c1', 'c2']);
    assert.deepEqual(constraintFilesOf('base', edges), ['c1', 'c2']);
    assert.deepEqual(constraintFilesOf('other', edges), ['c3']);
    assert.deepEqual(constraintFilesOf('alone', edges), []);
  });

  it('comes to an end in a cycle', () => {
    const edges = [edge('a', 'include', 'b'), edge('b', 'include', 'a'), edge('b', 'constraint', 'c')];
    assert.deepEqual(constraintFilesOf('a', edges), ['c']);
    assert.deepEqual([...filesReachedFrom(['a'], edges)].sort(), ['a', 'b', 'c']);
  });
});
