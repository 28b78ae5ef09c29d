import type { PackageName } from '../../packages/packageName.ts';
import type { Content } from '../manifest.ts';
import type { Draft, ItemFacts } from './draft.ts';

/**
 * `tool[fast]` in the file of the project `tool` names an extra of that file: what it asks for stands at its own line, and no package
 * index is asked for the project. A version or no extra may mean a package of that name, which is checked.
 */
export function withoutOwnExtras(drafts: readonly Draft[], project: PackageName | undefined): readonly Draft[] {
  if (project === undefined) return drafts;
  return drafts.map((draft) => {
    const { content, item } = draft;
    const isOwn = content !== undefined && item !== undefined && isOwnExtra(content, item, project);
    return isOwn ? { ...draft, content: undefined } : draft;
  });
}

function isOwnExtra(content: Content, { source, scope }: ItemFacts, project: PackageName): boolean {
  if (!/^(?:dependencies$|optional:|group:)/u.test(scope)) return false;
  if (content.kind === 'editable') {
    return source === 'workspace' && content.name?.normalized === project && content.extras.length > 0;
  }
  return (
    content.kind === 'index' &&
    content.name.normalized === project &&
    content.extras.length > 0 &&
    (content.specifier?.clauses ?? []).length === 0
  );
}
