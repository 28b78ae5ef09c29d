import { normalizeName } from '../../packages/packageName.ts';
import { entriesOf, type TableEntry, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import { notTable } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { problem, problemDraft } from '../reading/problems.ts';
import { type UvSources, withUvSource } from '../reading/uvSources.ts';

/** The groups of PEP 735. What a group includes is at its own line, once. */
export function groupDrafts(groups: TreeNode | undefined, sources: UvSources): readonly Draft[] {
  if (groups !== undefined && groups.kind !== 'table') return [notTable(groups, 'dependency-groups')];
  const all = entriesOf(groups);
  const includes = includesByGroup(all);
  const known = new Map<string, number>();
  for (const { key } of all) known.set(normalizeName(key.value), (known.get(normalizeName(key.value)) ?? 0) + 1);
  return all.flatMap(({ key, value }): readonly Draft[] => {
    const scope = `group:${key.value}`;
    const twice =
      (known.get(normalizeName(key.value)) ?? 0) > 1
        ? [
            problemDraft(
              key.inner,
              'group',
              `The group ${key.value} is there twice: names are compared without case, "-", "_" and ".".`,
            ),
          ]
        : [];
    if (value.kind !== 'list') {
      return [...twice, problemDraft(key.inner, 'group', `The group ${key.value} has to be a list of requirements.`)];
    }
    return [
      ...twice,
      ...value.items.flatMap((node): readonly Draft[] => {
        if (node.kind === 'text') return [withUvSource(pep508Draft(node, scope), sources)];
        const target = includedGroup(node);
        if (target !== undefined) return [includeDraft(key, target, scope, includes)];
        const [first] = entriesOf(node);
        return [
          problemDraft(
            first?.key.inner ?? node.span,
            'group',
            `The group ${key.value} may hold requirements and {include-group = "NAME"}, and nothing else.`,
          ),
        ];
      }),
    ];
  });
}

function includedGroup(node: TreeNode): TextNode | undefined {
  const [only, ...more] = entriesOf(node);
  return only?.key.value === 'include-group' && more.length === 0 && only.value.kind === 'text'
    ? only.value
    : undefined;
}

type Includes = ReadonlyMap<string, readonly string[]>;

function includesByGroup(all: readonly TableEntry[]): Includes {
  const includes = new Map<string, string[]>();
  for (const { key, value } of all) {
    const name = normalizeName(key.value);
    const targets = value.kind === 'list' ? value.items.flatMap((node) => includedGroup(node)?.value ?? []) : [];
    includes.set(name, [...(includes.get(name) ?? []), ...targets.map(normalizeName)]);
  }
  return includes;
}

function includeDraft(key: TextNode, target: TextNode, scope: string, includes: Includes): Draft {
  const item = { k: 'include', scope, location: target.value } as const;
  const [from, to] = [normalizeName(key.value), normalizeName(target.value)];
  const why = !includes.has(to)
    ? problem(target.inner, 'group', `There is no group ${target.value} in this file.`)
    : reaches(to, from, includes)
      ? problem(target.inner, 'cycle', `The group ${target.value} includes ${key.value} again.`)
      : undefined;
  return { span: target.inner, item, ...(why && { problems: [why] }) };
}

// Projects have a dozen; in more, circles are not looked for, which changes nothing about what is read.
const mostGroups = 300;

function reaches(from: string, to: string, includes: Includes): boolean {
  if (includes.size > mostGroups) return false;
  const reached = new Set([from]);
  for (const at of reached) {
    if (at === to) return true;
    includes.get(at)?.forEach((one) => reached.add(one));
  }
  return false;
}
