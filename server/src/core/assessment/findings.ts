import type { PackageName } from '../requirements/model.ts';
import type { Advisory } from '../advisories/advisory.ts';
import { groupByAlias } from '../advisories/aliases.ts';
import type { AliasGroup, MatchedRecord } from '../advisories/aliases.ts';
import { fixedVersionsOf } from '../advisories/fixedVersions.ts';
import { compareSeverities, isMalicious, rate } from '../advisories/severity.ts';
import type { Rating } from '../advisories/severity.ts';
import type { Finding } from './finding.ts';

/**
 * The findings of one requirement, worst first: one for each vulnerability, however many records tell of it. A record
 * without details still makes a finding; a withdrawn one never does.
 */
export function foldFindings(name: PackageName, matches: readonly MatchedRecord[]): readonly Finding[] {
  const live = matches.filter(({ advisory }) => advisory?.withdrawn === undefined);
  return groupByAlias(live)
    .map((group) => toFinding(name, group))
    .sort((a, b) => compareSeverities(a.severity, b.severity) || (a.id < b.id ? -1 : 1));
}

function toFinding(name: PackageName, { records, ids }: AliasGroup): Finding {
  const malicious = isMalicious(ids);
  const id = first(ids, malicious ? maliciousDisplayOrder : displayOrder);
  const advisories = records.flatMap(({ advisory }) => advisory ?? []);
  const recordIds = records.map((record) => record.id);
  return {
    id,
    aliases: ids.filter((other) => other !== id),
    records: recordIds,
    ...rating(advisories, malicious),
    summary: summaryOf(records, malicious),
    fixedVersions: fixedVersionsOf(name, advisories).map((version) => version.normal),
    url: advisoryUrl(first(recordIds, malicious ? maliciousRecordOrder : recordOrder)),
    missingDetails: records.filter(({ advisory }) => advisory === undefined).map((record) => record.id),
  };
}

// What users know best.
const displayOrder = ['CVE-', 'GHSA-', 'PYSEC-', 'MAL-'];
const maliciousDisplayOrder = ['MAL-', ...displayOrder];
// OSV has no page for most CVE ids; a GHSA record is the fullest.
const recordOrder = ['GHSA-', 'PYSEC-', 'MAL-'];
const maliciousRecordOrder = ['MAL-', ...recordOrder];

/** The first of the ids by database, then by text. */
function first(ids: readonly string[], databases: readonly string[]): string {
  const [best = ''] = [...ids].sort((a, b) => rankOf(a, databases) - rankOf(b, databases) || (a < b ? -1 : 1));
  return best;
}

function rankOf(id: string, databases: readonly string[]): number {
  const rank = databases.findIndex((prefix) => id.startsWith(prefix));
  return rank === -1 ? databases.length : rank;
}

function rating(advisories: readonly Advisory[], malicious: boolean): Rating {
  return malicious
    ? { severity: 'malicious', score: null, vector: null }
    : rate(
        advisories.flatMap(({ severities }) => severities),
        advisories.flatMap(({ label }) => label ?? []),
      );
}

function summaryOf(records: readonly MatchedRecord[], malicious: boolean): string {
  const told = records.filter(({ advisory }) => (advisory?.summary ?? '') !== '');
  const best = first(
    told.map(({ id }) => id),
    malicious ? maliciousRecordOrder : recordOrder,
  );
  return told.find(({ id }) => id === best)?.advisory?.summary ?? '';
}

function advisoryUrl(id: string): string {
  return `https://osv.dev/vulnerability/${encodeURIComponent(id)}`;
}
