import type { Outcome } from '../../core/assessment/outcome.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import { hasHashes } from '../../core/fixes/hasHashes.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { PackageName } from '../../core/packages/packageName.ts';

type Requirements = readonly { readonly requirement: PlacedRequirement; readonly outcome: Outcome }[];

/** The vulnerable packages of these requirements that one of the files pins with hashes: a fix needs the digests of another release. */
export function namesWithHashes(requirements: Requirements, files: readonly Manifest[]): readonly PackageName[] {
  return vulnerableNames(requirements).filter((name) => files.some((file) => hasHashes(file, name)));
}

export function vulnerableNames(requirements: Requirements): readonly PackageName[] {
  const names = new Set<PackageName>();
  for (const { requirement, outcome } of requirements) {
    if (outcome.kind === 'assessed' && outcome.findings.length > 0 && requirement.subject.kind === 'lookup') {
      names.add(requirement.subject.lookup.name);
    }
  }
  return [...names];
}
