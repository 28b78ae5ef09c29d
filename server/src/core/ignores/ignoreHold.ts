import type { Finding, Ignored } from '../assessment/finding.ts';
import { parseVersion } from '../versions/version.ts';
import type { Ignore } from './ignore.ts';

/** What an ignore is about: one requirement with its version, `null` where there is none. */
export interface IgnoredRelease {
  readonly normalizedName: string;
  readonly version: string | null;
  /** The part of its file that it is in, `group:dev`; absent where the format has none. */
  readonly scope?: string;
  /** What stands for a group where the format has none: the name of the file (`fileGroup`). */
  readonly fileGroup?: string;
}

/**
 * Whether an ignore holds for a finding, or why not. `other`: it is about something else. `unclear`: it holds only
 * while there is no fix, and whether there is one could not be learnt.
 */
export type Hold = 'holds' | 'other' | 'expired' | 'fixed' | 'unclear' | 'malicious';

export function ignoreHold(ignore: Ignore, release: IgnoredRelease, finding: Finding, nowMs: number): Hold {
  if (!concerns(ignore, release, finding)) {
    return 'other';
  }
  if (finding.severity === 'malicious' && !isOwnId(ignore, finding)) {
    return 'malicious';
  }
  if (ignore.until !== undefined && ignore.until.endsAtMs <= nowMs) {
    return 'expired';
  }
  if (ignore.onlyWhileUnfixed && finding.fixedVersions.length > 0) {
    return 'fixed';
  }
  return ignore.onlyWhileUnfixed && finding.missingDetails.length > 0 ? 'unclear' : 'holds';
}

/** The finding with the first ignore that holds for it, else with the end of one that did, or as it is. */
export function withIgnores(
  ignores: readonly Ignore[],
  release: IgnoredRelease,
  finding: Finding,
  nowMs: number,
): Finding {
  let ended: Ignore | undefined;
  for (const ignore of ignores) {
    const hold = ignoreHold(ignore, release, finding, nowMs);
    if (hold === 'holds') {
      return { ...finding, ignored: ignoredBy(ignore) };
    }
    ended ??= hold === 'expired' ? ignore : undefined;
  }
  return ended?.until === undefined ? finding : { ...finding, ignoreEnded: ended.until.text };
}

function ignoredBy({ reason, until, vex }: Ignore): Ignored {
  return { reason, until: until?.text ?? null, ...(vex === undefined ? {} : { vex }) };
}

function concerns(ignore: Ignore, release: IgnoredRelease, finding: Finding): boolean {
  const { id } = ignore;
  const { normalizedName, version } = release;
  return (
    (id === undefined || id === finding.id || finding.aliases.includes(id) || finding.records.includes(id)) &&
    (ignore.package === undefined || ignore.package === normalizedName) &&
    (ignore.fitsPackage === undefined || ignore.fitsPackage(normalizedName)) &&
    (ignore.group === undefined || isInGroup(ignore.group, release)) &&
    (ignore.version === undefined || isSameVersion(ignore.version, version))
  );
}

/** As osv-scanner has it: a requirements file is a group of its own name, `requirements-dev` for `requirements-dev.txt`. */
export function fileGroup(path: string): string {
  return path.replace(/^.*[\\/]/u, '').replace(/\.[^.]*$/u, '');
}

function isInGroup(group: string, { scope, fileGroup: own }: IgnoredRelease): boolean {
  return scope === undefined ? group === own : scope === `group:${group}`;
}

function isSameVersion(one: string, other: string | null): boolean {
  const key = parseVersion(one)?.key;
  return key !== undefined && other !== null && parseVersion(other)?.key === key;
}

/** A malicious package is ignored by the id that calls it so; a CVE or a package as a whole does not say it. */
function isOwnId({ id }: Ignore, finding: Finding): boolean {
  return id !== undefined && (id === finding.id || (id.startsWith('MAL-') && finding.records.includes(id)));
}
