import type { PlacedProblem } from '../text/position.ts';
import type { RaiseAdvice } from '../assessment/advice/raise.ts';
import type { FileReport, IgnoreFileReport } from '../assessment/fileReport.ts';
import { maskSecrets } from '../text/maskSecrets.ts';
import type { ScanReport } from './scanReport.ts';

/**
 * The report as it may leave the process: texts that come from files, paths, settings and options hold no secrets. They are
 * masked where they are made; this is the one place that every format passes.
 */
export function maskReport(report: ScanReport): ScanReport {
  const { source } = report;
  return {
    ...report,
    source: source.kind === 'osv' ? { ...source, url: maskSecrets(source.url) } : source,
    files: report.files.map(maskFile),
    ...(report.ignoreFiles && { ignoreFiles: report.ignoreFiles.map(maskIgnoreFile) }),
    ...(report.unknownScopes && { unknownScopes: report.unknownScopes.map(maskSecrets) }),
    ...(report.unread && { unread: report.unread.map(maskSecrets) }),
    ...(report.unjudged && { unjudged: report.unjudged.map(maskSecrets) }),
  };
}

function maskFile(file: FileReport): FileReport {
  return {
    ...file,
    path: maskSecrets(file.path),
    requirements: file.requirements.map((requirement) => {
      const { outcome, policy, raise } = requirement;
      const name = maskSecrets(requirement.name);
      const specifier = maskSecrets(requirement.specifier);
      const isSame = name === requirement.name && specifier === requirement.specifier;
      if (isSame && outcome.kind === 'assessed' && policy === undefined && raise === undefined) {
        return requirement; // as nearly all
      }
      return {
        ...requirement,
        name,
        specifier,
        ...(raise && { raise: maskRaise(raise) }),
        ...(policy && { policy: policy.map((one) => ({ ...one, message: maskSecrets(one.message) })) }),
        outcome: outcome.kind === 'assessed' ? outcome : { ...outcome, message: maskSecrets(outcome.message) },
      };
    }),
    problems: file.problems.map(maskProblem),
  };
}

function maskRaise({ raise, text, doubt }: RaiseAdvice): RaiseAdvice {
  return {
    raise: 'why' in raise ? { ...raise, why: maskSecrets(raise.why) } : raise,
    text: maskSecrets(text),
    ...(doubt === undefined ? {} : { doubt: maskSecrets(doubt) }),
  };
}

function maskIgnoreFile(file: IgnoreFileReport): IgnoreFileReport {
  return { ...file, path: maskSecrets(file.path), problems: file.problems.map(maskProblem) };
}

function maskProblem(problem: PlacedProblem): PlacedProblem {
  return { ...problem, message: maskSecrets(problem.message) };
}
