import type { TreeNode } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import { textDrafts } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { type UvSources, withUvSource } from '../reading/uvSources.ts';

/** A list of requirements of PEP 508. `key`: as the file calls it. */
export function listDrafts(
  list: TreeNode | undefined,
  scope: string,
  sources: UvSources,
  key = scope,
): readonly Draft[] {
  return textDrafts(list, key, (node) => [withUvSource(pep508Draft(node, scope), sources)]);
}
