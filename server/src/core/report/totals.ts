import { english, type Words } from '../words/words.ts';
import { dataAgeText } from './words/dataAge.ts';
import { isOld } from './freshness.ts';
import { type ScanReport, summarize } from './scanReport.ts';

/** One line of totals, which says first what could not be vouched for. */
export function totalsText(report: ScanReport, words: Words = english): string {
  const { t } = words;
  const summary = summarize(report.files);
  const unread = report.unread?.length ?? 0;
  const ignored = summary.ignored === 0 ? '' : `, ${t('{0} of them ignored', summary.ignored)}`;
  const { requirements, files, findings } = summary;
  const requirementsText = requirements === 1 ? t('1 requirement') : t('{0} requirements', requirements);
  const findingsText = findings === 1 ? t('1 finding') : t('{0} findings', findings);
  const counts = [
    files === 1 ? t('{0} in 1 file', requirementsText) : t('{0} in {1} files', requirementsText, files),
    t('{0} vulnerable ({1})', summary.vulnerable, findingsText + ignored),
    ...(summary.possiblyVulnerable > 0 ? [t('{0} possibly vulnerable', summary.possiblyVulnerable)] : []),
    t('{0} could not be checked', summary.failed),
    t('{0} not assessed', summary.skipped),
    ...(unread > 0 ? [unread === 1 ? t('1 file not read') : t('{0} files not read', unread)] : []),
  ];
  return t('{0}. Advisories: {1}', counts.join(', '), sourceText(report, words));
}

function sourceText({ source, freshness }: ScanReport, { t, part }: Words): string {
  switch (source.kind) {
    case 'osv':
      // Answers that were kept are as old as their oldest.
      return freshness !== undefined && isOld(freshness)
        ? `${source.url}, ${part(dataAgeText(freshness.dataAgeSeconds))}`
        : source.url;
    case 'database':
      return t('local database, {0}', part(dataAgeText(source.dataAge)));
  }
}
