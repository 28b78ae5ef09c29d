import { plainText } from '../../text/plainText.ts';
import { missingText } from '../reportedFindings.ts';
import { reportHeadline } from '../reportCoverage.ts';
import type { ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';
import { totalsText } from '../totals.ts';

/** The end of a report for people: totals, what was left out, and what it all comes to. */
export function summaryLines(report: ScanReport): readonly string[] {
  const skippedPaths = skippedPathsText(report);
  return [
    ...missingText({ ...report, unread: [] }).map((message) => plainText(message)),
    totalsText(report),
    ...(skippedPaths === undefined ? [] : [`${skippedPaths}.`]),
    `Result: ${reportHeadline(report).text}.`,
  ];
}
