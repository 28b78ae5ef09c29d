import type { Severity } from '../../core/advisories/advisory.ts';
import type { Assessment } from '../../core/assessment/assessRelease.ts';
import type { Finding, FixClaim } from '../../core/assessment/finding.ts';
import type { Verdict } from '../../core/assessment/outcome.ts';
import type { FixAdvice, PassedOver } from '../../core/assessment/advice/fixAdvice.ts';
import type { RangeChange } from '../../core/manifests/rewrite.ts';

/** What the knowledge of a package says of look-ups, as worked out before. `basis` names exactly that knowledge. */
export interface DerivedAnswers {
  readonly basis: string;
  /** By `lookupKey`. */
  readonly answers: ReadonlyMap<string, Assessment>;
}

// Of one package; a lock file has one version of it, a big repository some dozens.
const mostAnswers = 1_000;

export function encodeDerived({ basis, answers }: DerivedAnswers): unknown {
  return { basis, ...encodeAssessments(answers) };
}

/** What a package says of look-ups, by `lookupKey`, as plain JSON. */
export interface StoredAssessments {
  readonly findings: readonly unknown[];
  readonly answers: readonly unknown[];
}

/** Findings are written once each: most versions of a package share them, but for the nearest fix. */
export function encodeAssessments(answers: ReadonlyMap<string, Assessment>): StoredAssessments {
  const findings = new Map<string, number>();
  const texts: unknown[] = [];
  const rows = [...answers].slice(-mostAnswers).map(([key, { verdict, findings: own, fix }]) => [
    key,
    verdict,
    fix ?? null,
    own.map(({ nearestFix, admitted, affectedRange, ...shared }) => {
      const text = JSON.stringify(shared);
      const index = findings.get(text) ?? findings.set(text, findings.size).size - 1;
      if (index === texts.length) {
        texts.push(shared);
      }
      return [index, nearestFix ?? null, admitted ?? null, ...(affectedRange === undefined ? [] : [affectedRange])];
    }),
  ]);
  return { findings: texts, answers: rows };
}

/** `undefined` for anything that `encodeDerived` did not write: storage may be shared, and is not trusted. */
export function decodeDerived(json: unknown): DerivedAnswers | undefined {
  const { basis } = fieldsOf(json);
  const answers = decodeAssessments(json);
  return typeof basis === 'string' && answers !== undefined ? { basis, answers } : undefined;
}

/** `undefined` for anything that `encodeAssessments` did not write. */
export function decodeAssessments(json: unknown): ReadonlyMap<string, Assessment> | undefined {
  const { findings, answers } = fieldsOf(json);
  if (!Array.isArray(findings) || !Array.isArray(answers)) {
    return undefined;
  }
  const shared = (findings as readonly unknown[]).map(decodeFinding);
  const decoded = (answers as readonly unknown[]).map((row) => decodeRow(row, shared));
  return decoded.every((row) => row !== undefined) ? new Map(decoded) : undefined;
}

type SharedFinding = Omit<Finding, 'nearestFix' | 'admitted' | 'affectedRange' | 'ignored'>;

function decodeRow(
  row: unknown,
  shared: readonly (SharedFinding | undefined)[],
): readonly [string, Assessment] | undefined {
  const [key, verdict, fix, own] = listOf(row);
  const advice = fix === null ? undefined : decodeFix(fix);
  if (typeof key !== 'string' || !isVerdict(verdict) || !Array.isArray(own) || (fix !== null && advice === undefined)) {
    return undefined;
  }
  const findings: Finding[] = [];
  for (const reference of own as readonly unknown[]) {
    const [index, nearestFix, admitted, affectedRange] = listOf(reference);
    const finding = typeof index === 'number' ? shared[index] : undefined;
    if (
      finding === undefined ||
      !isTextOrNull(nearestFix) ||
      !isTextOrNull(admitted) ||
      !isOptionalText(affectedRange)
    ) {
      return undefined;
    }
    findings.push({
      ...finding,
      nearestFix: nearestFix ?? undefined,
      ...(admitted === null ? {} : { admitted }),
      ...(affectedRange === undefined ? {} : { affectedRange }),
    });
  }
  // A clean answer with findings, or the other way round, is none of ours.
  return (verdict === 'clean') === (findings.length === 0)
    ? [key, { verdict, findings, ...(advice === undefined ? {} : { fix: advice }) }]
    : undefined;
}

function decodeFinding(json: unknown): SharedFinding | undefined {
  const finding = fieldsOf(json);
  const { id, aliases, records, severity, score, vector, summary, fixedVersions, fixesDisagree, url, missingDetails } =
    finding;
  const { cwes, published, modified } = finding;
  return typeof id === 'string' &&
    isTexts(aliases) &&
    isTexts(records) &&
    isSeverity(severity) &&
    (score === null || typeof score === 'number') &&
    isTextOrNull(vector) &&
    typeof summary === 'string' &&
    isTexts(fixedVersions) &&
    isListOf(fixesDisagree, isClaim) &&
    typeof url === 'string' &&
    isTexts(missingDetails) &&
    (cwes === undefined || isTexts(cwes)) &&
    isOptionalText(published) &&
    isOptionalText(modified)
    ? {
        id,
        aliases,
        records,
        severity,
        score,
        vector,
        summary,
        fixedVersions,
        fixesDisagree,
        url,
        missingDetails,
        ...(cwes === undefined ? {} : { cwes }),
        ...(published === undefined ? {} : { published }),
        ...(modified === undefined ? {} : { modified }),
      }
    : undefined;
}

function decodeFix(json: unknown): FixAdvice | undefined {
  const { nearest, latest, verified, requiresPython, passedOver, change } = fieldsOf(json);
  return isOptionalText(nearest) &&
    isOptionalText(latest) &&
    typeof verified === 'boolean' &&
    isOptionalText(requiresPython) &&
    isListOf(passedOver, isPassedOver) &&
    (change === undefined || isChange(change))
    ? {
        nearest,
        latest,
        verified,
        passedOver,
        ...(requiresPython === undefined ? {} : { requiresPython }),
        ...(change === undefined ? {} : { change }),
      }
    : undefined;
}

const severities: Readonly<Record<Severity, true>> = {
  none: true,
  low: true,
  medium: true,
  high: true,
  critical: true,
  unknown: true,
  malicious: true,
};
const verdicts: Readonly<Record<Verdict, true>> = { clean: true, vulnerable: true, possiblyVulnerable: true };
const reasons: Readonly<Record<PassedOver['reason'], true>> = {
  affected: true,
  prerelease: true,
  yanked: true,
  missing: true,
};

function isSeverity(value: unknown): value is Severity {
  return typeof value === 'string' && Object.hasOwn(severities, value);
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'string' && Object.hasOwn(verdicts, value);
}

function isClaim(value: unknown): value is FixClaim {
  const { record, fixed } = fieldsOf(value);
  return typeof record === 'string' && isTexts(fixed);
}

function isPassedOver(value: unknown): value is PassedOver {
  const { version, reason, affectedBy } = fieldsOf(value);
  return (
    typeof version === 'string' && typeof reason === 'string' && Object.hasOwn(reasons, reason) && isTexts(affectedBy)
  );
}

function isChange(value: unknown): value is RangeChange {
  const { kind, version, versions, highestSafe } = fieldsOf(value);
  switch (kind) {
    case 'floor':
      return typeof version === 'string';
    case 'exclude':
      return isTexts(versions);
    case 'none':
      return isOptionalText(highestSafe);
    default:
      return false;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return isListOf(value, (entry): entry is string => typeof entry === 'string');
}

function isListOf<T>(value: unknown, isEntry: (entry: unknown) => entry is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isEntry);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}
