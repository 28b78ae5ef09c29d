import { type CancellationToken, ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Settings } from '../../../../protocol/settings.ts';
import { reportPageFormat, type ReportParams } from '../../../../protocol/messages/report.ts';
import { editorFormatIds } from '../../core/report/formats.ts';
import { renderReport } from '../../core/report/renderReport.ts';
import { reportPage } from '../../core/report/reportPage.ts';
import type { ScanReport } from '../../core/report/scanReport.ts';
import type { FileReport } from '../../core/assessment/fileReport.ts';
import type { AssessedRequirement } from '../../core/assessment/requirement.ts';
import type { IgnoringFile } from '../../core/ignores/applyIgnores.ts';
import { fileReport } from '../../features/fileReport.ts';
import { decodedId, type FileId, fileId, shownBelow } from '../../project/fileId.ts';
import { folderLinks } from '../../project/reading/folderLinks.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import { adviseRaises } from '../../project/raising/adviseRaises.ts';
import { judgedRequirement } from '../../project/judgedRequirement.ts';
import { withLicenceOverrides } from '../../project/licenceOverrides.ts';
import { PolicyGaps } from '../../project/policyGaps.ts';
import { policyKnowledge } from '../../project/policyKnowledge.ts';
import { projectReport, scanStatistics } from '../../project/report.ts';
import { cancellable } from '../client/cancellable.ts';
import type { Environment } from '../environment.ts';
import { type InstalledFile, installedFiles } from './installedFiles.ts';
import { raisingPlaces } from '../tasks/raisingPlaces.ts';
import { Policies } from '../publish/policies.ts';
import type { Session } from '../session.ts';

type Reporting = Pick<
  Session,
  'workspace' | 'engine' | 'ignores' | 'locks' | 'checks' | 'policyRequests' | 'raises' | 'words'
>;

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
      const { workspace, policyRequests } = session;
      await policyRequests.complete(examined, signal);
      // What was edited or closed meanwhile is another file, or none.
      const files = workspace.inReportOrder(examined.flatMap(({ id }) => workspace.snapshot(id) ?? []));
      const now = clock.now();
      const installed = await installedFiles(files, session, now, signal);
      signal.throwIfAborted();
      const context = { tool: { name: 'pinwatch', version }, time: new Date(now).toISOString() };
      const unadvised = reportOn(files, installed, session, policies, { now, durationMs: elapsedMs() - startedMs });
      const placeOf = raisingPlaces(files, session);
      const advised = await adviseRaises(
        unadvised.files,
        (path) => Promise.resolve(placeOf(path)),
        session.engine.engine,
        signal,
      );
      signal.throwIfAborted();
      const scanned = { ...unadvised, files: advised };
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

type Judged = (requirement: AssessedRequirement) => AssessedRequirement;

function ignoreFileIds({ ignores }: Reporting, file: FileId): readonly FileId[] {
  return ignores.sourcesFor(file).flatMap(({ uri }) => (uri === undefined ? [] : [fileId(uri)]));
}

function reportOn(
  files: readonly FileSnapshot[],
  installed: readonly InstalledFile[],
  { workspace, engine, ignores }: Reporting,
  policies: Policies,
  { now, durationMs }: { readonly now: number; readonly durationMs: number },
): ScanReport {
  const { folders, unread, skipped } = workspace;
  const { counters, scanner } = engine.engine;
  const known = policyKnowledge(engine.engine, 'no package index is asked', now);
  const gaps = new PolicyGaps();
  const knowledge = gaps.collecting(known, 'it was not asked');
  const reportedOf = (id: FileId, settings: Settings, made: (judged?: Judged) => FileReport): IgnoringFile => {
    const lists = ignores.sourcesFor(id).map(({ list }) => list);
    const rules = policies.rulesOf(settings);
    if (rules === undefined) return { file: made(), lists };
    const path = decodedId(id);
    const own = withLicenceOverrides(knowledge, lists, path);
    const licenceOf = rules.asksForLicences ? withLicenceOverrides(known, lists, path).licenceOf : undefined;
    return { file: made((one) => judgedRequirement(one, rules, own, licenceOf)), lists };
  };
  const ignoring = [
    ...files.map((file) => reportedOf(file.id, file.settings, (judged) => fileReport(file, folders, judged))),
    ...installed.map(({ id, report: own }) =>
      reportedOf(id, workspace.settingsOf(id), (judged) =>
        judged === undefined ? own : { ...own, requirements: own.requirements.map(judged) },
      ),
    ),
  ];
  const isRead = new Set(installed.map(({ id }) => id));
  const report = projectReport({
    source: engine.engine.describe(),
    files: ignoring,
    unread,
    unjudged: gaps.texts,
    skipped: skipped
      .filter(({ uri }) => !isRead.has(fileId(uri)))
      .map(({ uri, reason }) => ({ path: shownBelow(folders, fileId(uri)), reason })),
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
