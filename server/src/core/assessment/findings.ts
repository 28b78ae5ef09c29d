import type { PackageName } from '../packages/packageName.ts';
import type { Advisory } from '../advisories/advisory.ts';
import { groupByAlias } from '../advisories/aliases.ts';
import { bestId, firstByDatabase } from '../advisories/displayId.ts';
import type { AliasGroup, MatchedRecord } from '../advisories/aliases.ts';
import { fixedVersionsOf } from '../advisories/fixedVersions.ts';
import { isInstant } from '../advisories/recordFaults.ts';
import { isMalicious, rate, type VectorScores } from '../advisories/severity.ts';
import { compareSeverities } from '../advisories/severityOrder.ts';
import type { Rating } from '../advisories/severity.ts';
import type { Finding, FixClaim } from './finding.ts';

/**
 * The findings of one requirement, worst first: one for each vulnerability, however many records tell of it. A record
 * without details still makes a finding; a withdrawn one never does. `more` adds what is known of a group besides. `memo`
 * is for the package `name` and saves working out the same group again.
 */
export function foldFindings(
  name: PackageName,
  matches: readonly MatchedRecord[],
  more: (group: AliasGroup) => Partial<Finding> = () => ({}),
  memo?: FindingMemo,
): readonly Finding[] {
  const live = matches.filter(({ advisory }) => advisory?.withdrawn === undefined);
  const told = (group: AliasGroup): Finding =>
    memo === undefined ? toFinding(name, group) : memo.finding(group, () => toFinding(name, group, memo.scores));
  return groupByAlias(live)
    .map((group) => ({ ...told(group), ...more(group) }))
    .sort(
      (a, b) => compareSeverities(a.severity, b.severity) || (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1),
    );
}

/** Has `memo` remember what the records come to, a group a step; for those who must not do it all at once. */
export function* folding(name: PackageName, matches: readonly MatchedRecord[], memo: FindingMemo): Generator<void> {
  for (const group of groupByAlias(matches.filter(({ advisory }) => advisory?.withdrawn === undefined))) {
    yield void memo.finding(group, () => toFinding(name, group, memo.scores));
  }
}

/** What groups of records of one package come to. Scores and fixes of a group are the same for every version it affects. */
export class FindingMemo {
  /** Of all packages, where the caller has them. */
  readonly scores: VectorScores | undefined;
  readonly #held = new Map<string, { readonly records: readonly MatchedRecord[]; readonly finding: Finding }>();

  constructor(scores?: VectorScores) {
    this.scores = scores;
  }

  finding({ records }: AliasGroup, make: () => Finding): Finding {
    const key = records.map(({ id }) => id).join('\n');
    const held = this.#held.get(key);
    // The same ids may come with other details.
    if (held?.records.every(({ advisory }, index) => advisory === records[index]?.advisory) === true) {
      return held.finding;
    }
    const finding = make();
    this.#held.set(key, { records, finding });
    return finding;
  }
}

function toFinding(name: PackageName, { records, ids }: AliasGroup, scores?: VectorScores): Finding {
  const malicious = isMalicious(ids);
  const id = bestId(ids);
  const advisories = records.flatMap(({ advisory }) => advisory ?? []);
  const recordIds = records.map((record) => record.id);
  return {
    id,
    aliases: ids.filter((other) => other !== id),
    records: recordIds,
    ...rating(advisories, malicious, scores),
    summary: summaryOf(records, malicious),
    fixedVersions: fixedVersionsOf(name, advisories).map((version) => version.normal),
    nearestFix: undefined,
    fixesDisagree: disagree(name, advisories),
    url: advisoryUrl(firstByDatabase(recordIds, malicious ? maliciousRecordOrder : recordOrder)),
    missingDetails: records.filter(({ advisory }) => advisory === undefined).map((record) => record.id),
    ...cwesOf(advisories),
    ...datesOf(advisories),
  };
}

function cwesOf(advisories: readonly Advisory[]): Pick<Finding, 'cwes'> {
  const cwes = [...new Set(advisories.flatMap((advisory) => advisory.cwes ?? []))];
  return cwes.length === 0 ? {} : { cwes: cwes.sort((a, b) => Number(a.slice(4)) - Number(b.slice(4))) };
}

function datesOf(advisories: readonly Advisory[]): Pick<Finding, 'published' | 'modified'> {
  const byTime = (times: readonly (string | undefined)[]): readonly string[] =>
    times.filter(isInstant).sort((a, b) => Date.parse(a) - Date.parse(b));
  const published = byTime(advisories.map((advisory) => advisory.published))[0];
  const modified = byTime(advisories.map((advisory) => advisory.modified)).at(-1);
  return { ...(published === undefined ? {} : { published }), ...(modified === undefined ? {} : { modified }) };
}

// OSV has no page for most CVE ids; a GHSA record is the fullest.
const recordOrder = ['GHSA-', 'PYSEC-', 'MAL-'];
const maliciousRecordOrder = ['MAL-', ...recordOrder];

/** What each record calls fixed, where the records of one vulnerability do not say the same. */
function disagree(name: PackageName, advisories: readonly Advisory[]): readonly FixClaim[] {
  const claims = advisories.map((advisory) => {
    const fixed = fixedVersionsOf(name, [advisory]);
    return { record: advisory.id, fixed: fixed.map(({ normal }) => normal), keys: fixed.map(({ key }) => key).join() };
  });
  return new Set(claims.map(({ keys }) => keys)).size > 1 ? claims.map(({ record, fixed }) => ({ record, fixed })) : [];
}

function rating(advisories: readonly Advisory[], malicious: boolean, scores: VectorScores | undefined): Rating {
  return malicious
    ? { severity: 'malicious', score: null, vector: null }
    : rate(
        advisories.flatMap(({ severities }) => severities),
        advisories.flatMap(({ label }) => label ?? []),
        scores?.of,
      );
}

function summaryOf(records: readonly MatchedRecord[], malicious: boolean): string {
  const told = records.filter(({ advisory }) => (advisory?.summary ?? '') !== '');
  const best = firstByDatabase(
    told.map(({ id }) => id),
    malicious ? maliciousRecordOrder : recordOrder,
  );
  return told.find(({ id }) => id === best)?.advisory?.summary ?? '';
}

function advisoryUrl(id: string): string {
  return `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}
