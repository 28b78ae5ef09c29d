import type { AliasGroup } from '../advisories/aliases.ts';
import { isMalicious } from '../advisories/severity.ts';
import type { FixAdvice } from './advice/fixAdvice.ts';
import { rangeFix } from './advice/rangeFix.ts';
import { union, type VersionSet } from '../versions/versionSet.ts';
import { assessRange, type RangeAssessment } from './assessRange.ts';
import { type Assessment, requiresPython } from './assessRelease.ts';
import type { Finding } from './finding.ts';
import { foldFindings } from './findings.ts';
import { intervalText } from './advice/intervalText.ts';
import type { VersionRange } from './lookup.ts';
import { versIntervals } from '../packages/vers.ts';
import type { PackageFacts } from './packageFacts.ts';

/** What the advisories of its package mean for a requirement that allows more than one release. */
export function assessVersionRange({ specifier, isLimit }: VersionRange, facts: PackageFacts): Assessment {
  const { advisories } = facts;
  const assessment = assessRange(specifier, advisories);
  if (assessment.verdict === 'clean') {
    return { verdict: 'clean', findings: [] };
  }
  const fix = fixOf(assessment, facts);
  const matches = assessment.affecting.map(({ advisory }) => ({ id: advisory.id, advisory }));
  const affected = new Map<string, VersionSet[]>();
  for (const { advisory, versions } of assessment.affecting) {
    affected.set(advisory.id, [...(affected.get(advisory.id) ?? []), versions]);
  }
  const more = ({ ids, records }: AliasGroup): Partial<Finding> => {
    const intervals = assessment.intervalsOf(union(records.flatMap(({ id }) => affected.get(id) ?? [])));
    const affectedRange = versIntervals(intervals);
    return {
      nearestFix: isMalicious(ids) ? undefined : fix.nearest,
      admitted: intervalText(intervals),
      ...(affectedRange === undefined ? {} : { affectedRange }),
    };
  };
  const findings = foldFindings(advisories.name, matches, more, facts.memo);
  // What a limit allows is installed only where something asks for it.
  return { verdict: isLimit === true ? 'possiblyVulnerable' : assessment.verdict, findings, fix };
}

function fixOf(
  { admitted, vulnerable, prereleases }: RangeAssessment,
  { advisories, releases }: PackageFacts,
): FixAdvice {
  const { change, nearest, latest } = rangeFix(admitted, vulnerable, advisories, { prereleases, releases });
  return {
    nearest: nearest?.normal,
    latest: latest?.normal,
    verified: releases !== undefined,
    passedOver: [],
    change,
    ...requiresPython(nearest, releases),
  };
}
