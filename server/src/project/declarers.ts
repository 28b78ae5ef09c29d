import type { DecidedVersions, LockedVersions } from '../core/assessment/decided/decidedVersions.ts';
import { isPin } from '../core/assessment/lookup.ts';
import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { Manifest } from '../core/manifests/manifest.ts';

/**
 * What brings packages in with what a file declares. A lock belongs to the file of its project, whatever else lies beside; a
 * compiled file to its source; an environment to what people write.
 */
export function sourceFor(file: Manifest, { locked, isLimiting }: DecidedVersions): LockedVersions | undefined {
  if (isLimiting === true || isMade(file)) return undefined;
  return locked.find((source) => source.unread !== undefined || declaresFor(file, source));
}

/** Whether what a file declares is in this lock, compiled file or environment, as far as it says what asks for what. */
export function declaresFor(file: Manifest, { kind, tree }: LockedVersions): boolean {
  if (isMade(file)) return false;
  return tree !== undefined && tree.packages.length > 0 && (kind !== 'lock' || projectKinds.has(file.kind.id));
}

/** A tool wrote it. */
function isMade({ kind, compiled }: Manifest): boolean {
  return kind.lockAgain !== undefined || compiled !== undefined;
}

const projectKinds: ReadonlySet<string> = new Set(['pyproject', 'Pipfile', 'script']);

/**
 * It asks for nothing to be installed here: a limit on what others ask for, or what only builds the project; what gets an
 * environment of its own is not in that of the project.
 */
export function isNoDeclaration(
  { scope, subject }: PlacedRequirement,
  { kind }: Pick<LockedVersions, 'kind'>,
): boolean {
  const isLimit = subject.kind === 'lookup' && !isPin(subject.lookup) && subject.lookup.isLimit === true;
  const isApart = kind === 'environment' && scope !== undefined && /^(?:run$|script$|hook:|env:)/u.test(scope);
  return isApart || isLimit || (scope !== undefined && /^(?:build|constraint|override|exclude)/u.test(scope));
}
