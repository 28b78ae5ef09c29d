import type { TrackedFile } from './trackedFile.ts';
import type { DeclaredAt, DeclaredPlace } from './fileSnapshot.ts';
import type { LineState } from './lineState.ts';

/** Where the manifests of a lock declare what it holds: of each package that something is known of, the lines that bring it in. */
export function declaredAtIn(manifests: readonly Pick<TrackedFile, 'uri' | 'lines'>[]): DeclaredAt {
  const all = new Map<string, readonly DeclaredPlace[]>();
  for (const { uri, lines } of manifests) {
    for (const line of lines) {
      const { normalizedName, tokenRange } = line.requirement;
      const place = { location: { uri, range: tokenRange } };
      if (hasFindings(line)) add(all, normalizedName, place);
      for (const one of line.comes?.lines ?? []) {
        if (hasFindings(one)) add(all, one.requirement.normalizedName, { ...place, direct: normalizedName });
      }
    }
  }
  return Object.fromEntries(all);
}

function add(all: Map<string, readonly DeclaredPlace[]>, name: string, place: DeclaredPlace): void {
  all.set(name, [...(all.get(name) ?? []), place].slice(0, mostPlaces));
}

// The members of a workspace may all declare the same.
const mostPlaces = 10;

function hasFindings({ state }: LineState): boolean {
  const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
  return (outcome?.kind === 'assessed' && outcome.findings.length > 0) || outcome?.kind === 'failed';
}
