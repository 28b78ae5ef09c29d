import { plainText } from '../../text/plainText.ts';
import { missingNotes } from '../reportedFindings.ts';
import { reportHeadline } from '../reportCoverage.ts';
import type { Headline } from '../words/headline.ts';
import { type Paint, type Tone, withoutColour } from '../paint.ts';
import type { ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';
import { outOfDateTexts } from '../words/outOfDateTexts.ts';
import { totalsText } from '../totals.ts';

/** The end of a report for people: what could not be read, totals, what was left out, and what it all comes to. */
export function summaryLines(report: ScanReport, paint: Paint = withoutColour): readonly string[] {
  // At their own files.
  const said = new Set((report.ignoreFiles ?? []).flatMap(({ problems }) => problems.map(({ message }) => message)));
  const skippedPaths = skippedPathsText(report);
  const { text, kind } = reportHeadline(report);
  return [
    ...missingNotes(report)
      .filter(({ message }) => !said.has(message))
      .map(({ message }) => paint('error', plainText(message))),
    ...outOfDateTexts(report).map((text) => paint('warning', text)),
    totalsText(report),
    ...(skippedPaths === undefined ? [] : [`${skippedPaths}.`]),
    paint('strong', paint(tones[kind], `Result: ${text}.`)),
  ];
}

const tones: Readonly<Record<Headline['kind'], Tone>> = {
  findings: 'error',
  incomplete: 'error',
  partly: 'warning',
  empty: 'warning',
  ignored: 'good',
  clean: 'good',
};
