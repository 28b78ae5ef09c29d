import type { ScanArguments } from './arguments/command.ts';
import { scanMetrics } from '../core/report/formats/metrics.ts';
import { inColour } from '../core/report/paint.ts';
import type { ReportContext } from '../core/report/reportContext.ts';
import { reportPieces } from '../core/report/renderReport.ts';
import type { ScanReport } from '../core/report/scanReport.ts';
import { reachOf } from '../project/fixing/reach.ts';
import { rootsOf } from '../project/ignores.ts';
import type { CliIo } from './io.ts';
import { repositoryName } from './repositoryName.ts';
import type { PathBelow } from './repositoryPaths.ts';

/** Writes the reports and the figures; returns what could not be written. `below` says paths below the root of their repository. */
export async function writeReports(
  report: ScanReport,
  { paths, outputs, metricsOut }: Pick<ScanArguments, 'paths' | 'outputs' | 'metricsOut'>,
  below: PathBelow,
  io: CliIo,
): Promise<readonly string[]> {
  const time = new Date(io.now()).toISOString();
  const context: ReportContext = { tool: { name: 'pinwatch', version: io.version }, time, below };
  const faults: string[] = [];
  const projects = await rootsOf(paths, io);
  const { placeOf } = reachOf([], io.presentFolder);
  const scanned = new Set([...report.files, ...(report.ignoreFiles ?? [])].map(({ path }) => placeOf(path)));
  const written = new Set<string>();
  const write = async (path: string, contents: string | Iterable<string>, what: string): Promise<void> => {
    const place = placeOf(path);
    const objection = scanned.has(place)
      ? 'it is a file of this scan'
      : written.has(place)
        ? 'it has another report of this scan'
        : undefined;
    if (objection !== undefined) {
      faults.push(`${what} could not be written to "${path}": ${objection}`);
      return;
    }
    written.add(place);
    try {
      await io.writeFile(path, contents, projects, [...scanned]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push(`${what} could not be written to "${path}": ${why}`);
    }
  };
  for (const { format, file } of outputs) {
    const isShown = file === undefined && io.showsColour;
    const pieces = reportPieces(format, report, isShown ? { ...context, paint: inColour } : context);
    if (file === undefined) {
      await io.stdoutAll(pieces);
    } else {
      await write(file, pieces, 'the report');
    }
  }
  if (metricsOut !== undefined) {
    const repository = await repositoryName(paths, io);
    await write(metricsOut, scanMetrics(report, { time, version: io.version, repository }), 'the metrics');
  }
  return faults;
}
