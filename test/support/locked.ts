import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import { decidedOf, packagesOfLock } from '../../server/src/core/assessment/decided/lockedVersions.ts';

/** A lock, a compiled file or an environment with these versions, by package. */
export function locked(
  kind: LockedVersions['kind'],
  source: string,
  versions: Readonly<Record<string, string>>,
): LockedVersions {
  const packages = Object.entries(versions).map(([name, version]) => ({ name, version }));
  return { kind, source, versions: decidedOf(packagesOfLock({ package: packages })) };
}
