import type { MatchedRecord } from '../advisories/aliases.ts';
import { advisoriesAffecting } from '../advisories/packageAdvisories.ts';
import { isMalicious } from '../advisories/severity.ts';
import { nearestSafe } from './advice/nearestSafe.ts';
import type { FixAdvice } from './advice/fixAdvice.ts';
import { parseVersion, type Version } from '../versions/version.ts';
import { foldFindings } from './findings.ts';
import type { Assessed } from './outcome.ts';
import type { PackageFacts } from './packageFacts.ts';
import type { Pin } from './pin.ts';

export type Assessment = Pick<Assessed, 'verdict' | 'findings' | 'fix'>;

/**
 * What the records that match a release mean. `facts` are for the fix, which must be free of every advisory of the
 * package; without them it is not known.
 */
export function assessRelease(
  pin: Pin,
  matches: readonly MatchedRecord[],
  facts: PackageFacts | undefined,
): Assessment {
  const version = parseVersion(pin.version);
  const fix = matches.length === 0 || version === undefined ? undefined : facts && fixOf(version, facts);
  const findings = foldFindings(
    pin.name,
    matches,
    ({ ids }) => ({ nearestFix: isMalicious(ids) ? undefined : fix?.nearest }),
    facts?.memo,
  );
  const verdict = findings.length === 0 ? 'clean' : 'vulnerable';
  return { verdict, findings, ...(fix === undefined || verdict === 'clean' ? {} : { fix }) };
}

/** The same from the package's advisories alone, without asking anybody; `undefined` for what is no PEP 440 version. */
export function assessReleaseFromFacts(pin: Pin, facts: PackageFacts): Assessment | undefined {
  const version = parseVersion(pin.version);
  const matches = version && advisoriesAffecting(facts.advisories, version);
  return (
    matches &&
    assessRelease(
      pin,
      matches.map((advisory) => ({ id: advisory.id, advisory })),
      facts,
    )
  );
}

function fixOf(version: Version, { advisories, releases }: PackageFacts): FixAdvice {
  const { nearest, latest, passedOver } = nearestSafe(version, advisories, releases);
  return {
    nearest: nearest?.normal,
    latest: latest?.normal,
    verified: releases !== undefined,
    passedOver,
    ...requiresPython(nearest, releases),
  };
}

/** What the index says that a release needs of Python, for a `FixAdvice`. */
export function requiresPython(
  version: Version | undefined,
  releases: PackageFacts['releases'],
): Pick<FixAdvice, 'requiresPython'> {
  const needs = version && releases?.find((release) => release.version.key === version.key)?.requiresPython;
  return needs === undefined ? {} : { requiresPython: needs };
}
