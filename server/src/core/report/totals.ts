import { counted } from '../text/counted.ts';
import { dataAgeText } from './dataAge.ts';
import { isOld } from './freshness.ts';
import { type ScanReport, summarize } from './scanReport.ts';

/** One line of totals, which says first what could not be vouched for. */
export function totalsText(report: ScanReport): string {
  const summary = summarize(report.files);
  const unread = report.unread?.length ?? 0;
  const ignored = summary.ignored === 0 ? '' : `, ${summary.ignored} of them ignored`;
  const counts = [
    `${counted(summary.requirements, 'requirement')} in ${counted(summary.files, 'file')}`,
    `${summary.vulnerable} vulnerable (${counted(summary.findings, 'finding')}${ignored})`,
    ...(summary.possiblyVulnerable > 0 ? [`${summary.possiblyVulnerable} possibly vulnerable`] : []),
    `${summary.failed} could not be checked`,
    `${summary.skipped} not assessed`,
    ...(unread > 0 ? [`${counted(unread, 'file')} not read`] : []),
  ];
  return `${counts.join(', ')}. Advisories: ${sourceText(report)}`;
}

function sourceText({ source, freshness }: ScanReport): string {
  switch (source.kind) {
    case 'osv':
      // Answers that were kept are as old as their oldest.
      return freshness !== undefined && isOld(freshness)
        ? `${source.url}, ${dataAgeText(freshness.dataAgeSeconds)}`
        : source.url;
    case 'database':
      return `local database, ${dataAgeText(source.dataAge)}`;
  }
}
