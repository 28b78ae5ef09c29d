import { cyclonedxPieces } from './formats/cyclonedx.ts';
import { githubReport } from './formats/github.ts';
import { jsonReportPieces } from './formats/json.ts';
import { markdownReport } from './formats/markdown.ts';
import { maskReport } from './maskReport.ts';
import { openvexReport } from './formats/openvex.ts';
import type { ReportContext } from './reportContext.ts';
import { sarifPieces } from './formats/sarif.ts';
import type { ScanReport } from './scanReport.ts';
import { textReport } from './formats/text.ts';

export const reportFormats = ['text', 'json', 'sarif', 'cyclonedx', 'openvex', 'markdown', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The report in one of its formats, with a line end at its end. */
export function renderReport(format: ReportFormat, report: ScanReport, context: ReportContext): string {
  return [...reportPieces(format, report, context)].join('');
}

/** The same in pieces: formats that machines read may be longer than one wants to hold at once. */
export function* reportPieces(format: ReportFormat, scanned: ScanReport, context: ReportContext): Generator<string> {
  const report = maskReport(scanned);
  switch (format) {
    case 'text':
      yield textReport(report);
      return;
    case 'json':
      yield* jsonReportPieces(report, context.tool);
      yield '\n';
      return;
    case 'sarif':
      yield* sarifPieces(report, context);
      return;
    case 'cyclonedx':
      yield* cyclonedxPieces(report, context);
      return;
    case 'openvex':
      yield openvexReport(report, context);
      return;
    case 'markdown':
      yield markdownReport(report);
      return;
    case 'github':
      yield githubReport(report);
      return;
  }
}
