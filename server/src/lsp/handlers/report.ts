import { type CancellationToken, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { reportPageFormat, type ReportParams } from '../../../../protocol/messages.ts';
import { editorFormatIds } from '../../core/report/formats.ts';
import { renderReport } from '../../core/report/renderReport.ts';
import { reportPage } from '../../core/report/reportPage.ts';
import type { ScanReport } from '../../core/report/scanReport.ts';
import { fileReport } from '../../features/fileReport.ts';
import { type FileId, fileId, shownBelow } from '../../project/fileId.ts';
import { folderLinks } from '../../project/folderLinks.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import { projectReport, scanStatistics } from '../../project/report.ts';
import { cancellable } from '../client/cancellable.ts';
import type { Environment } from '../environment.ts';
import { Policies } from '../publish/policies.ts';
import type { Session } from '../session.ts';

type Reporting = Pick<Session, 'workspace' | 'engine' | 'ignores' | 'checks' | 'words'>;

/** `pinwatch/report`: on every requirements file of the workspace, as it is shown this instant. */
export function report(
  { version, clock }: Pick<Environment, 'version' | 'clock'>,
  session: Reporting,
): (params: unknown, token: CancellationToken) => Promise<{ readonly text: string } | ResponseError> {
  const policies = new Policies(clock);
  const elapsedMs = (): number => clock.elapsedMs?.() ?? clock.now();
  return async (params, token) => {
    const wanted = (params as ReportParams | null)?.format;
    const format = editorFormatIds.find((one) => one === wanted);
    if (format === undefined && wanted !== reportPageFormat) {
      const formats = editorFormatIds.join(', ');
      return new ResponseError(ErrorCodes.InvalidParams, `A report has one of these formats: ${formats}.`);
    }
    return cancellable(token, 'The report was cancelled.', async (signal) => {
      const startedMs = elapsedMs();
      const examined = await session.checks.examine(undefined, signal);
      const files = session.workspace.inReportOrder(examined);
      const now = clock.now();
      const context = { tool: { name: 'pinwatch', version }, time: new Date(now).toISOString() };
      const scanned = reportOn(files, session, policies, { now, durationMs: elapsedMs() - startedMs });
      const { folders } = session.workspace;
      const ids = [...files.map(({ id }) => id), ...files.flatMap(({ id }) => ignoreFileIds(session, id))];
      return {
        text:
          format === undefined
            ? reportPage(scanned, context, folderLinks(folders, ids), session.words)
            : renderReport(format, scanned, context),
      };
    });
  };
}

function ignoreFileIds({ ignores }: Reporting, file: FileId): readonly FileId[] {
  return ignores.sourcesFor(file).flatMap(({ uri }) => (uri === undefined ? [] : [fileId(uri)]));
}

function reportOn(
  files: readonly FileSnapshot[],
  { workspace, engine, ignores }: Reporting,
  policies: Policies,
  { now, durationMs }: { readonly now: number; readonly durationMs: number },
): ScanReport {
  const { folders, unread, skipped } = workspace;
  const { counters, scanner } = engine.engine;
  const ignoring = files.map((file) => ({
    file: fileReport(file, folders, policies.of(file.settings, engine.engine)),
    lists: ignores.sourcesFor(file.id).map(({ list }) => list),
  }));
  const report = projectReport({
    source: engine.engine.describe(),
    files: ignoring,
    unread,
    skipped: skipped.map(({ uri, reason }) => ({ path: shownBelow(folders, fileId(uri)), reason })),
    statistics: scanStatistics(counters, scanner.figures, durationMs),
    nowMs: now,
    maxDataAgeDays: workspace.settings.window.offlineMaxDataAgeDays,
  });
  const sources = files.flatMap(({ id }) => ignores.sourcesFor(id));
  const shownPath = (path: string): string =>
    shownBelow(folders, fileId(sources.find(({ list }) => list.path === path)?.uri ?? path));
  return {
    ...report,
    ignoreFiles: (report.ignoreFiles ?? []).map(({ path, problems }) => ({ path: shownPath(path), problems })),
  };
}
