import assert from 'node:assert/strict';
import {
  constraintFilesOf,
  filesReachedFrom,
  type IncludeEdge,
  includeOrder,
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

  it('does not limit a constraints file by those beside it', () => {
    const edges = [edge('app', 'constraint', 'c1'), edge('app', 'constraint', 'c2'), edge('c2', 'constraint', 'c3')];
    assert.deepEqual(constraintFilesOf('c1', edges), []);
    assert.deepEqual(constraintFilesOf('c2', edges), ['c3']);
  });

  it('comes to an end in a cycle', () => {
    const edges = [edge('a', 'include', 'b'), edge('b', 'include', 'a'), edge('b', 'constraint', 'c')];
    assert.deepEqual(constraintFilesOf('a', edges), ['c']);
    assert.deepEqual([...filesReachedFrom(['a'], edges)].sort(), ['a', 'b', 'c']);
  });

  it('puts each file before what it includes, as deep as there are includes, each once', () => {
    const edges = [
      edge('b', 'include', 'c'),
      edge('a', 'include', 'd'),
      edge('a', 'constraint', 'b'),
      edge('d', 'include', 'e'),
      edge('e', 'include', 'a'),
    ];
    assert.deepEqual(includeOrder(['a', 'c', 'z'], edges), ['a', 'd', 'e', 'b', 'c', 'z']);
    assert.deepEqual(includeOrder([], edges), []);
  });
});
