import type { FileId } from '../fileId.ts';
import type { TrackedFile } from './trackedFile.ts';
import type { DeclaredAt, DeclaredPlace } from './fileSnapshot.ts';
import type { LineState } from './lineState.ts';

/** Where manifests declare what a lock holds: of each package that something is known of, the lines that bring it in. */
export function declaredAtIn(lock: FileId, files: readonly TrackedFile[]): DeclaredAt {
  const all: Record<string, DeclaredPlace[]> = {};
  for (const { uri, comingUri, lines } of files) {
    if (comingUri !== lock) continue;
    for (const line of lines) {
      const { normalizedName, tokenRange } = line.requirement;
      const place = { location: { uri, range: tokenRange } };
      if (hasFindings(line)) add(all, normalizedName, place);
      for (const one of line.comes?.lines ?? []) {
        if (hasFindings(one)) add(all, one.requirement.normalizedName, { ...place, direct: normalizedName });
      }
    }
  }
  return all;
}

function add(all: Record<string, DeclaredPlace[]>, name: string, place: DeclaredPlace): void {
  all[name] = [...(all[name] ?? []), place].slice(0, mostPlaces);
}

// The members of a workspace may all declare the same.
const mostPlaces = 10;

function hasFindings({ state }: LineState): boolean {
  const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
  return (outcome?.kind === 'assessed' && outcome.findings.length > 0) || outcome?.kind === 'failed';
}
