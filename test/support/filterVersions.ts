import { asksForPrereleases, contains, type VersionSpecifier } from '../../server/src/core/versions/specifier.ts';
import { parseVersion } from '../../server/src/core/versions/version.ts';

/**
 * The candidates that an installer would choose among, in the given order. By default pre-releases are left out unless
 * a clause names one or nothing else fulfils the specifier.
 */
export function filterVersions(
  specifier: VersionSpecifier,
  candidates: readonly string[],
  options: { readonly prereleases?: boolean | undefined } = {},
): readonly string[] {
  const prereleases = options.prereleases ?? (specifier.some(asksForPrereleases) ? true : undefined);
  const admittedOnes = candidates.filter((candidate) => contains(specifier, candidate, { prereleases }));
  const hasFinal = admittedOnes.some((candidate) => parseVersion(candidate)?.isPrerelease === false);
  return prereleases === undefined && hasFinal
    ? admittedOnes.filter((candidate) => parseVersion(candidate)?.isPrerelease !== true)
    : admittedOnes;
}
