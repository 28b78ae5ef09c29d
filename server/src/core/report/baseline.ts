import type { AssessedRequirement } from '../assessment/requirement.ts';
import type { Finding } from '../assessment/finding.ts';
import type { FileReport } from '../assessment/fileReport.ts';
import type { ScanReport } from './scanReport.ts';

/**
 * What an earlier report had: by file, package and advisory, wherever the line was and whatever the version. Paths are those
 * below the root of the repository.
 */
export interface Baseline {
  hasFinding(path: string, name: string, finding: Pick<Finding, 'id' | 'aliases' | 'records'>): boolean;
  hasPolicy(path: string, name: string, code: string): boolean;
}

/**
 * The baseline of a JSON report; what is wrong with it, for people. `below` says where a path lies of which the report itself
 * does not say it.
 */
export function decodeBaseline(json: unknown, below: (path: string) => string): Baseline | { readonly wrong: string } {
  if (field(json, 'schemaVersion') !== 1) {
    return { wrong: 'it is no JSON report of pinwatch, version 1' };
  }
  const files = field(json, 'files');
  if (!Array.isArray(files)) {
    return { wrong: 'it has no files' };
  }
  const findings = new Set<string>();
  const policies = new Set<string>();
  for (const file of files as readonly unknown[]) {
    const path = field(file, 'path');
    const inRepository = field(file, 'repositoryPath');
    const requirements = field(file, 'requirements');
    if (typeof path !== 'string' || !Array.isArray(requirements)) {
      return { wrong: 'a file of it has no path or no requirements' };
    }
    const place = typeof inRepository === 'string' ? inRepository : below(path);
    for (const requirement of requirements as readonly unknown[]) {
      const name = field(requirement, 'normalizedName');
      const where = [place, typeof name === 'string' ? name : ''];
      for (const finding of listOf(requirement, 'findings')) {
        // What was ignored was decided upon, which is to be decided again where the ignore is gone.
        if (isNone(field(finding, 'ignored'))) {
          idsOf(finding).forEach((id) => findings.add(keyOf(...where, id)));
        }
      }
      for (const policy of listOf(requirement, 'policy')) {
        const code = field(policy, 'code');
        if (typeof code === 'string') policies.add(keyOf(...where, code));
      }
    }
  }
  return {
    hasFinding: (path, name, { id, aliases, records }) =>
      [id, ...aliases, ...records].some((one) => findings.has(keyOf(path, name, one))),
    hasPolicy: (path, name, code) => policies.has(keyOf(path, name, code)),
  };
}

/** The report with what the baseline has marked as known. `below` says a path as it is below the root of its repository. */
export function markKnown(report: ScanReport, baseline: Baseline, below: (path: string) => string): ScanReport {
  const markFile = (file: FileReport): FileReport => {
    const path = below(file.path);
    return { ...file, requirements: file.requirements.map((one) => mark(path, one, baseline)) };
  };
  return { ...report, hasBaseline: true, files: report.files.map(markFile) };
}

function mark(path: string, requirement: AssessedRequirement, baseline: Baseline): AssessedRequirement {
  const { normalizedName: name, outcome, policy } = requirement;
  return {
    ...requirement,
    ...(policy === undefined
      ? {}
      : { policy: policy.map((one) => (baseline.hasPolicy(path, name, one.code) ? { ...one, known: true } : one)) }),
    outcome:
      outcome.kind !== 'assessed'
        ? outcome
        : {
            ...outcome,
            findings: outcome.findings.map((one) =>
              baseline.hasFinding(path, name, one) ? { ...one, known: true } : one,
            ),
          },
  };
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n');
}

function idsOf(finding: unknown): readonly string[] {
  const own = field(finding, 'id');
  const more = [...listOf(finding, 'aliases'), ...listOf(finding, 'records')];
  return [own, ...more].filter((id) => typeof id === 'string');
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? list : [];
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
