import type { Component } from './components.ts';

/** Who requires whom, as far as locks, compiled files and environments say. */
export function dependenciesJson(components: readonly Component[]): object {
  const refs = new Map<string, string[]>();
  for (const { ref, requirements } of components) {
    const name = requirements[0]?.requirement.normalizedName ?? '';
    refs.set(name, [...(refs.get(name) ?? []), ref]);
  }
  const children = new Map<string, Set<string>>();
  for (const { ref, requirements } of components) {
    const parents = requirements.flatMap(({ requirement }) => requirement.requiredBy?.parents ?? []);
    for (const parent of parents.flatMap((name) => refs.get(name) ?? [])) {
      if (parent !== ref) children.set(parent, (children.get(parent) ?? new Set()).add(ref));
    }
  }
  return children.size === 0
    ? {}
    : { dependencies: [...children].map(([ref, own]) => ({ ref, dependsOn: [...own].sort() })) };
}
