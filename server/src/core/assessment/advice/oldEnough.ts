import { parseVersion } from '../../versions/version.ts';
import { isPin, type Lookup } from '../lookup.ts';
import { nearestSafe } from './nearestSafe.ts';
import type { Assessed, Outcome } from '../outcome.ts';
import type { PackageFacts } from '../packageFacts.ts';

export interface MinimumAge {
  /** 0 for any age. */
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

const millisecondsPerDay = 24 * 60 * 60 * 1_000;

/** Whether a release is older than that; one of which the index does not say when it was uploaded is not. */
export function isOldEnough({ uploadedAt }: { readonly uploadedAt?: number | undefined }, age: MinimumAge): boolean {
  return age.days <= 0 || (uploadedAt !== undefined && age.nowMs - uploadedAt >= age.days * millisecondsPerDay);
}

/** The same outcome of a pin, its advice to releases that are old enough; as it was where nothing older is safe. */
export function adviseOldEnough(
  outcome: Outcome,
  lookup: Lookup,
  facts: PackageFacts | undefined,
  age: MinimumAge,
): Outcome {
  const version = isPin(lookup) ? parseVersion(lookup.version) : undefined;
  if (age.days <= 0 || outcome.kind !== 'assessed' || version === undefined || facts?.releases === undefined) {
    return outcome;
  }
  return outcome.fix?.nearest === undefined ? outcome : advised({ ...outcome, fix: outcome.fix }, version, facts, age);
}

function advised(
  outcome: Assessed & Required<Pick<Assessed, 'fix'>>,
  version: NonNullable<ReturnType<typeof parseVersion>>,
  { advisories, releases = [] }: PackageFacts,
  age: MinimumAge,
): Assessed {
  const old = releases.filter((release) => isOldEnough(release, age));
  const { nearest, latest } = nearestSafe(version, advisories, old);
  if (nearest === undefined || latest === undefined) {
    return outcome;
  }
  const { verified, passedOver } = outcome.fix;
  const needs = old.find((release) => release.version.key === nearest.key)?.requiresPython;
  return {
    ...outcome,
    fix: {
      verified,
      passedOver,
      nearest: nearest.normal,
      latest: latest.normal,
      ...(needs === undefined ? {} : { requiresPython: needs }),
    },
    findings: outcome.findings.map((finding) =>
      finding.nearestFix === undefined ? finding : { ...finding, nearestFix: nearest.normal },
    ),
  };
}
