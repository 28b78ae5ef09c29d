import type { Advisory } from './advisory.ts';
import { isMalicious } from './severity.ts';

/** What users know an advisory by: CVE, then GHSA, then PYSEC, then whatever there is. MAL first for a malicious package. */
export function displayId({ id, aliases }: Pick<Advisory, 'id' | 'aliases'>): string {
  return bestId([id, ...aliases]);
}

export function bestId(ids: readonly string[]): string {
  return firstByDatabase(ids, isMalicious(ids) ? maliciousDisplayOrder : displayOrder);
}

/** The first of the ids by database, then by text. */
export function firstByDatabase(ids: readonly string[], databases: readonly string[]): string {
  const [best = ''] = [...ids].sort((a, b) => rankOf(a, databases) - rankOf(b, databases) || (a < b ? -1 : 1));
  return best;
}

const displayOrder = ['CVE-', 'GHSA-', 'PYSEC-', 'MAL-'];
const maliciousDisplayOrder = ['MAL-', ...displayOrder];

function rankOf(id: string, databases: readonly string[]): number {
  const rank = databases.findIndex((prefix) => id.startsWith(prefix));
  return rank === -1 ? databases.length : rank;
}
