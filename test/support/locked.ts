import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import { versionsOf, packagesOfLock } from '../../server/src/core/assessment/decided/lockedVersions.ts';

/** A lock, a compiled file or an environment with these versions, by package. */
export function locked(
  kind: LockedVersions['kind'],
  source: string,
  versions: Readonly<Record<string, string | readonly string[]>>,
): LockedVersions {
  const packages = Object.entries(versions).flatMap(([name, all]) =>
    [all].flat().map((version) => ({ name, version })),
  );
  return { kind, source, ...versionsOf(packagesOfLock({ package: packages })) };
}
