import type { ReportedFinding } from '../../reportedFindings.ts';
import { placeParts } from './places.ts';

/** The nearest fix as an edit, where it is no more than another version: nothing stands behind it, as a hash would. */
export function fixOf(
  { path, requirement, finding, verdict }: ReportedFinding,
  paths: ReadonlyMap<string, number>,
): object {
  const { range, tokenRange, specifier, version, decidedBy } = requirement;
  const { nearestFix, ignored } = finding;
  const isPlain =
    verdict === 'vulnerable' &&
    version !== null &&
    decidedBy === undefined &&
    /^\(?\s*==\s*[^\s=,*]+\s*\)?$/u.test(specifier) &&
    range.end.line === tokenRange.end.line &&
    range.end.character === tokenRange.end.character;
  if (!isPlain || nearestFix === undefined || ignored !== undefined) {
    return {};
  }
  const { artifactLocation: artifact, region } = placeParts(path, tokenRange, paths);
  const text = `Update ${requirement.normalizedName} to ${nearestFix}.`;
  return {
    fixes: [
      {
        description: { text },
        artifactChanges: [
          {
            artifactLocation: artifact,
            replacements: [{ deletedRegion: region, insertedContent: { text: nearestFix } }],
          },
        ],
      },
    ],
  };
}
