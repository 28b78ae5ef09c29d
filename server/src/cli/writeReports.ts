import type { ScanArguments } from './arguments/command.ts';
import { scanMetrics } from '../core/report/formats/metrics.ts';
import { reportFormat } from '../core/report/formats.ts';
import { reportPieces } from '../core/report/renderReport.ts';
import type { ScanReport } from '../core/report/scanReport.ts';
import { rootsOf } from '../project/ignores.ts';
import type { CliIo } from './io.ts';
import { repositoryPaths } from './repositoryPaths.ts';

/** Writes the reports and the figures; returns what could not be written. */
export async function writeReports(
  report: ScanReport,
  { paths, outputs, metricsOut }: Pick<ScanArguments, 'paths' | 'outputs' | 'metricsOut'>,
  io: CliIo,
): Promise<readonly string[]> {
  const time = new Date(io.now()).toISOString();
  const tool = { name: 'pinwatch', version: io.version };
  const isBelow = outputs.some(({ format }) => reportFormat(format).namesRepositoryPaths === true);
  const context = isBelow ? { tool, time, below: await repositoryPaths(report, io) } : { tool, time };
  const faults: string[] = [];
  const projects = await rootsOf(paths, io);
  const write = async (path: string, contents: string | Iterable<string>, what: string): Promise<void> => {
    try {
      await io.writeFile(path, contents, projects);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push(`${what} could not be written to "${path}": ${why}`);
    }
  };
  for (const { format, file } of outputs) {
    const pieces = reportPieces(format, report, context);
    if (file === undefined) {
      await io.stdoutAll(pieces);
    } else {
      await write(file, pieces, 'the report');
    }
  }
  if (metricsOut !== undefined) {
    await write(metricsOut, scanMetrics(report, time), 'the metrics');
  }
  return faults;
}
