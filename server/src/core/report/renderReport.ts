import { reportFormat, type ReportFormatId } from './formats.ts';
import { maskReport } from './maskReport.ts';
import type { ReportContext } from './reportContext.ts';
import type { ScanReport } from './scanReport.ts';

/** The report in one of its formats, with a line end at its end. */
export function renderReport(format: ReportFormatId, report: ScanReport, context: ReportContext): string {
  return [...reportPieces(format, report, context)].join('');
}

/** The same in pieces: formats that machines read may be longer than one wants to hold at once. */
export function reportPieces(format: ReportFormatId, report: ScanReport, context: ReportContext): Iterable<string> {
  const { pieces, namesRepositoryPaths } = reportFormat(format);
  const { below } = context;
  return pieces(
    maskReport(namesRepositoryPaths === true && below !== undefined ? withPaths(report, below) : report),
    context,
  );
}

function withPaths(report: ScanReport, below: (path: string) => string): ScanReport {
  const { files, ignoreFiles } = report;
  return {
    ...report,
    files: files.map((file) => ({ ...file, path: below(file.path) })),
    ...(ignoreFiles && { ignoreFiles: ignoreFiles.map((file) => ({ ...file, path: below(file.path) })) }),
  };
}
