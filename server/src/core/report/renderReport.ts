import { cyclonedxReport } from './cyclonedx.ts';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { markdownReport } from './markdown.ts';
import { maskReport } from './maskReport.ts';
import { openvexReport } from './openvex.ts';
import type { ReportContext } from './reportContext.ts';
import { sarifReport } from './sarif.ts';
import type { ScanReport } from './scanReport.ts';
import { textReport } from './text.ts';

export const reportFormats = ['text', 'json', 'sarif', 'cyclonedx', 'openvex', 'markdown', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The report in one of its formats, with a line end at its end. */
export function renderReport(format: ReportFormat, scanned: ScanReport, context: ReportContext): string {
  const report = maskReport(scanned);
  switch (format) {
    case 'text':
      return textReport(report);
    case 'json':
      return `${jsonReport(report, context.tool)}\n`;
    case 'sarif':
      return sarifReport(report, context);
    case 'cyclonedx':
      return cyclonedxReport(report, context);
    case 'openvex':
      return openvexReport(report, context);
    case 'markdown':
      return markdownReport(report);
    case 'github':
      return githubReport(report);
  }
}
