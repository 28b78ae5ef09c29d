import { type Coverage, type Headline, headlineOf, isIncompleteCoverage } from './words/headline.ts';
import type { FileReport } from '../assessment/fileReport.ts';
import { isLoud, isRemark, type ScanReport, summarize } from './scanReport.ts';

/** What every headline, exit code and figure of a report is made from. */
export function coverageOf(report: ScanReport): Coverage {
  const { unknownScopes = [] } = report;
  const { files, unread = [], unjudged = [], skippedPaths = [], freshness, strict = false, leftOut = {} } = report;
  const { requirements, assessed, skipped, failed, findings, ignored } = summarize(files);
  let [known, policy, brokenOff] = [0, 0, 0];
  for (const file of files) {
    for (const { outcome, policy: own = [] } of file.requirements) {
      if (outcome.kind === 'assessed') {
        for (const one of outcome.findings) known += one.known === true && one.ignored === undefined ? 1 : 0;
        brokenOff += outcome.brokenOff !== undefined ? 1 : 0;
      }
      policy += own.length === 0 ? 0 : own.filter((one) => isLoud(one) && one.known !== true).length;
    }
  }
  return {
    requirements,
    assessed,
    skipped,
    failed,
    brokenOff,
    open: findings - ignored - known,
    ignored,
    known,
    policy,
    unjudged: unjudged.length,
    unknownScopes,
    unread: unread.length + files.reduce((sum, file) => sum + unreadLines(file), 0),
    skippedPaths: skippedPaths.length,
    leftOut,
    imageFiles: files.reduce((sum, { problems }) => sum + problems.filter(({ code }) => code === imageFile).length, 0),
    freshness,
    strict,
  };
}

const imageFile = 'ignored.include';

/** Lines with a problem. One whose requirement has failed for that is counted among these already. */
function unreadLines({ requirements, problems }: FileReport): number {
  if (problems.length === 0) {
    return 0;
  }
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
