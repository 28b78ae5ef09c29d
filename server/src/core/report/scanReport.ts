import type { ReportSource } from './reportSource.ts';
import type { PlacedProblem } from '../text/position.ts';
import type { FileReport, IgnoreFileReport } from '../assessment/fileReport.ts';
import type { PolicyFinding } from '../assessment/policyFinding.ts';
import type { Finding } from '../assessment/finding.ts';
import { isIgnoredText } from '../manifests/problemCodes.ts';
import type { Freshness } from './freshness.ts';

/** What one scan said, before it is put into words (text, JSON) or diagnostics. */
export interface ScanReport {
  /** That of the log lines of this scan; absent where it has none of its own. */
  readonly scanId?: string | undefined;
  readonly source: ReportSource;
  readonly files: readonly FileReport[];
  /** Ignore files that something is to be said about; they are not among those scanned. */
  readonly ignoreFiles?: readonly IgnoreFileReport[];
  /** What exists and could not be read or was not looked at, in words: the scan is incomplete. */
  readonly unread?: readonly string[];
  /** What the search for files left out on purpose, and why. */
  readonly skippedPaths?: readonly SkippedPath[];
  /** How many requirements were left out on purpose, by the part of the file that they are in. */
  readonly leftOut?: Readonly<Record<string, number>>;
  /** What the user's rules could not be checked for, in words: the scan is incomplete. */
  readonly unjudged?: readonly string[];
  /** What was asked for as a scope and no requirement has: the scan is incomplete. */
  readonly unknownScopes?: readonly string[];
  /** It was compared with an earlier report. */
  readonly hasBaseline?: boolean;
  /** How old the data are; absent where nothing was assessed. */
  readonly freshness?: Freshness | undefined;
  /** Anything skipped makes the scan incomplete. */
  readonly strict?: boolean;
  readonly statistics: ScanStatistics;
}

export interface SkippedPath {
  readonly path: string;
  /** For people. */
  readonly reason: string;
}

export interface ScanStatistics {
  readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
  readonly retries: number;
  readonly cache: { readonly hits: number; readonly misses: number; readonly hitRate: number };
  readonly durationMs: number;
  /** What each part of that took, in milliseconds; absent where parts were not told apart. */
  readonly timings?: Readonly<Record<string, number>>;
}

export interface Summary {
  readonly files: number;
  readonly requirements: number;
  readonly assessed: number;
  readonly skipped: number;
  readonly failed: number;
  /** With those whose findings are all ignored. */
  readonly vulnerable: number;
  readonly possiblyVulnerable: number;
  /** With the ignored ones. */
  readonly findings: number;
  /** How many of the findings are ignored. */
  readonly ignored: number;
  /** Errors and warnings of the user's rules. */
  readonly policy: number;
}

/** Whether a problem is about text without effect: what the line asks for could be read all the same. */
export function isRemark({ code }: PlacedProblem): boolean {
  return isIgnoredText(code);
}

export function isIgnored({ ignored }: Finding): boolean {
  return ignored !== undefined;
}

/** Counts, but for a baseline that has it already. */
export function isOpen({ ignored, known }: Finding): boolean {
  return ignored === undefined && known !== true;
}

/** An error or a warning of the rules; what is not known and what may be is said, and not counted. */
export function isLoud({ level }: PolicyFinding): boolean {
  return level === 'error' || level === 'warning';
}

export function summarize(files: readonly FileReport[]): Summary {
  const counts = { requirements: 0, assessed: 0, skipped: 0, failed: 0, vulnerable: 0, possiblyVulnerable: 0 };
  let [findings, ignored, policy] = [0, 0, 0];
  for (const { requirements } of files) {
    counts.requirements += requirements.length;
    for (const { outcome, policy: own = [] } of requirements) {
      counts[outcome.kind]++;
      policy += own.length === 0 ? 0 : own.filter(isLoud).length;
      if (outcome.kind === 'assessed' && outcome.verdict !== 'clean') {
        counts[outcome.verdict]++;
      }
      if (outcome.kind === 'assessed' && outcome.findings.length > 0) {
        findings += outcome.findings.length;
        for (const one of outcome.findings) ignored += isIgnored(one) ? 1 : 0;
      }
    }
  }
  return { files: files.length, ...counts, findings, ignored, policy };
}
