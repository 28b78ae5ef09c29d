import type { PlacedRequirement } from '../../assessment/requirement.ts';

/** Of a file from which nobody can say why a package is in it, where it might be thought that its project asks for all of them. */
export function unrecordedText(
  kind: string | undefined,
  requirements: readonly Pick<PlacedRequirement, 'requiredBy'>[],
): string | undefined {
  const isUnrecorded = kind === 'Pipfile.lock' && requirements.length > 1;
  return isUnrecorded && requirements.every(({ requiredBy }) => (requiredBy?.parents ?? []).length === 0)
    ? 'Pipfile.lock does not record who requires whom.'
    : undefined;
}
