import { type Level, policyLevel } from '../../levels.ts';
import {
  type ReportedFinding,
  reportedFindings,
  reportedPolicies,
  type ReportedPolicy,
} from '../../reportedFindings.ts';
import type { ScanReport } from '../../scanReport.ts';
import { worstFirst } from '../../worstFirst.ts';

export interface SarifLimits {
  readonly results: number;
  /** Of the file as it is sent, compressed. */
  readonly bytes: number;
  /** Of lines that were not assessed. */
  readonly notifications: number;
}

/**
 * GitHub refuses a run of more than 25,000 results or rules and a file of more than 10 MB, compressed; it shows 5,000
 * results. See "SARIF support for code scanning", "Validating your SARIF file", in its documentation.
 */
export const sarifLimits: SarifLimits = { results: 25_000, bytes: 9_500_000, notifications: 5_000 };

/** What the report leaves out, for people; `undefined` where it is complete. Exit code and summary count everything. */
export function leftOutOfSarif(report: ScanReport, limits = sarifLimits): string | undefined {
  const { shown, policies, total } = shownResults(report, limits);
  const count = shown.length + policies.length;
  return total > count ? leftOutText(count, total) : undefined;
}

export function leftOutText(shown: number, total: number): string {
  const rest = total - shown;
  return `The SARIF report has ${shown} of ${total} results, the most severe ones: code scanning refuses more. The ${rest} least severe are left out; the JSON report has all.`;
}

/** A result, and which one of its place, package and vulnerability it is. */
export interface NumberedFinding extends ReportedFinding {
  readonly nth: number;
}

/** What of a report is shown, the worst first. */
export function shownResults(
  report: ScanReport,
  limits: SarifLimits,
): {
  readonly shown: readonly NumberedFinding[];
  readonly policies: readonly ReportedPolicy[];
  readonly total: number;
} {
  const seen = new Map<string, number>();
  let path: string | undefined;
  const all = reportedFindings(report).map((one) => {
    if (one.path !== path) {
      path = one.path;
      seen.clear();
    }
    const key = `${one.requirement.normalizedName}\n${one.finding.id}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return { ...one, nth };
  });
  const allPolicies = reportedPolicies(report);
  const policies = allPolicies
    .toSorted((a, b) => loudness[policyLevel(b.finding)] - loudness[policyLevel(a.finding)])
    .slice(0, Math.ceil(limits.results / 5));
  const shown = all.sort(worstFirst).slice(0, limits.results - policies.length);
  return { shown: fitting(shown, limits.bytes), policies, total: all.length + allPolicies.length };
}

/** As many as fit into a compressed file of so many bytes, by what their texts come to: what repeats itself takes next to nothing. */
function fitting(all: readonly NumberedFinding[], mostBytes: number): readonly NumberedFinding[] {
  const seen = new Set<string>();
  let bytes = 0;
  const end = all.findIndex(({ finding }) => {
    bytes += bytesOfResult;
    if (!seen.has(finding.id)) {
      seen.add(finding.id);
      bytes +=
        bytesOfRule + 4 * Math.min(finding.summary.length, 300) + finding.url.length + finding.aliases.join().length;
    }
    return bytes > mostBytes;
  });
  return end < 0 ? all : all.slice(0, end);
}

// Measured with texts that nothing is like.
const bytesOfResult = 220;
const bytesOfRule = 300;

export const loudness: Readonly<Record<Level, number>> = { note: 0, warning: 1, error: 2 };
