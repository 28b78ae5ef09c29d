import { type Coverage, type Headline, headlineOf, isIncompleteCoverage } from './headline.ts';
import type { FileReport } from '../assessment/fileReport.ts';
import type { AssessedRequirement } from '../assessment/requirement.ts';
import { isLoud, isRemark, type ScanReport, summarize } from './scanReport.ts';

/** What every headline, exit code and figure of a report is made from. */
export function coverageOf(report: ScanReport): Coverage {
  const { files, unread = [], unjudged = [], skippedPaths = [], freshness, strict = false } = report;
  const { requirements, assessed, skipped, failed, findings, ignored } = summarize(files);
  const known = countOf(files, ({ outcome }) =>
    outcome.kind === 'assessed'
      ? outcome.findings.filter((one) => one.known === true && one.ignored === undefined)
      : [],
  );
  const policy = countOf(files, ({ policy = [] }) => policy.filter((one) => isLoud(one) && one.known !== true));
  return {
    requirements,
    assessed,
    skipped,
    failed,
    brokenOff: files.reduce((sum, file) => sum + file.requirements.filter(isBrokenOff).length, 0),
    open: findings - ignored - known,
    ignored,
    known,
    policy,
    unjudged: unjudged.length,
    unread: unread.length + files.reduce((sum, file) => sum + unreadLines(file), 0),
    skippedPaths: skippedPaths.length,
    freshness,
    strict,
  };
}

function countOf(files: readonly FileReport[], of: (requirement: AssessedRequirement) => readonly unknown[]): number {
  return files.reduce((sum, file) => sum + file.requirements.reduce((own, one) => own + of(one).length, 0), 0);
}

function isBrokenOff({ outcome }: AssessedRequirement): boolean {
  return outcome.kind === 'assessed' && outcome.brokenOff !== undefined;
}

/** Lines with a problem. One whose requirement has failed for that is counted among these already. */
function unreadLines({ requirements, problems }: FileReport): number {
  const invalid = new Set(
    requirements.flatMap(({ outcome, range }) =>
      outcome.kind === 'failed' && outcome.reason === 'invalid' ? [range.start.line] : [],
    ),
  );
  return problems.filter((one) => !isRemark(one) && !invalid.has(one.range.start.line)).length;
}

/** The report in one line, the same in every format. */
export function reportHeadline(report: ScanReport): Headline {
  return headlineOf(coverageOf(report));
}

/** Whether something could not be checked or read, or is too old: such a report is never a clean one. */
export function isIncomplete(report: ScanReport): boolean {
  return isIncompleteCoverage(coverageOf(report));
}
