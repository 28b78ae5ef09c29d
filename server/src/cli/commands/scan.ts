import type { FailOn } from '../arguments/failOn.ts';
import type { ScanArguments } from '../arguments/command.ts';
import type { ProjectConfig } from '../../core/config/projectConfig.ts';
import { reportFormat } from '../../core/report/formats.ts';
import { unknownScopeText } from '../../core/report/reportedFindings.ts';
import { markKnown } from '../../core/report/baseline.ts';
import { type ScanReport, summarize } from '../../core/report/scanReport.ts';
import { lookUpParts, type LookUpPart, PartsClock } from '../../engine/operations/partsClock.ts';
import type { Log } from '../../engine/ports.ts';
import type { PlacedProblem } from '../../core/text/position.ts';
import { counted } from '../../core/text/counted.ts';
import { fixPolicyOf } from '../../project/fixing/adviseFiles.ts';
import { createChecker, type Fixed } from '../../project/checker.ts';
import { exitCodeFor } from '../exitCode.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliEngine, CliIo } from '../io.ts';
import { fixMessages } from '../fixMessages.ts';
import { dryRun } from '../dryRun.ts';
import { endOf } from '../endOf.ts';
import { engineLog, stderrLog } from '../stderrLog.ts';
import { readBaseline } from '../readBaseline.ts';
import { readVex } from '../readVex.ts';
import { repositoryPaths } from '../repositoryPaths.ts';
import { type ReadingPart, readingParts, timedFiles } from '../timedFiles.ts';
import { scanProgress } from '../scanProgress.ts';
import { writeReports } from '../writeReports.ts';

/** `pinwatch scan`: has the files checked, fixes them where that was asked for, and reports. */
export async function runScan(options: ScanArguments, io: CliIo): Promise<number> {
  const signal = endOf(options.timeoutSeconds, io.signal); // from here on: reading counts too
  const scanId = io.newId();
  const log = stderrLog(io, { format: options.log, level: options.logLevel, scanId });
  const times = new PartsClock<LookUpPart | ReadingPart>([...readingParts, ...lookUpParts], () => io.elapsedMs());
  const progress = scanProgress(io, options.log);
  let engine: Promise<CliEngine> | undefined;
  let made: CliEngine | undefined;
  let code: number;
  try {
    code = await checkAndReport();
  } catch (error) {
    progress.end();
    await engine?.then((made) => made.close()).catch(() => undefined); // what broke first is what counts
    throw error;
  }
  progress.end();
  return engine === undefined ? code : afterClosing(await engine, code, log);

  async function makeEngine(): Promise<CliEngine> {
    return (made = await io.createEngine(options, engineLog(log), times));
  }

  async function checkAndReport(): Promise<number> {
    const dry = options.dryRun ? dryRun(io) : undefined;
    const checker = createChecker({
      disk: timedFiles(dry?.disk ?? io, times),
      ignoreFiles: io.ignoreFiles,
      configFiles: io.configFiles,
      locks: io.createLockReader(engineLog(log)),
      engine: () => (engine ??= makeEngine()),
      now: () => io.now(),
      elapsedMs: () => io.elapsedMs(),
      partsMs: () => times.spentMs,
    });
    const { paths, ignoreFile, config, include, exclude, environments, strict, scopes, maxDataAgeDays, fix } = options;
    const onRead = (files: number, unread: readonly string[]): void => {
      unread.forEach((message) => log.error(message, { event: 'file.unread' }));
      progress.checking(files, () => made?.counters);
      if (files === 0 && unread.length === 0) {
        log.warn(
          'no requirements files found; name a file, add its name with --include, or name an environment with --environment',
        );
      }
    };
    progress.searching();
    const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline, io, signal);
    if (baseline !== undefined && 'error' in baseline) {
      log.error(baseline.error);
      return exitCodes.usage;
    }
    const vex = await readVex(options.vex, io, signal);
    if ('error' in vex) {
      log.error(vex.error);
      return exitCodes.usage;
    }
    const chosen = { scanId, ignoreFile, config, include, exclude, moreIgnores: vex };
    const scan = await checker.scan(
      paths,
      { ...chosen, environments, strict, scopes, maxDataAgeDays, keepsFiles: fix, onRead },
      signal,
    );
    if (scan.kind === 'refused') {
      scan.messages.forEach((message) => log.error(message));
      return exitCodes.usage;
    }
    (scan.report.unknownScopes ?? []).forEach((scope) => log.error(unknownScopeText(scope)));
    const found = fix
      ? logFix(await checker.fix(scan, fixPolicyOf(scan.configs), signal), options.dryRun, log)
      : scan.report;
    progress.end();
    const below = await repositoryPaths(found, io);
    const report = baseline === undefined ? found : markKnown(found, baseline, below);
    if (dry !== undefined) {
      // Standard output belongs to the report that was asked for there.
      const isTaken = options.outputs.some(({ file }) => file === undefined);
      (isTaken ? io.stderr.bind(io) : io.stdout.bind(io))(dry.diff);
    }
    logUntold(report, options, log);
    if (options.logLevel === 'debug') logEnd(report, log); // it counts all of it once more
    const startedMs = io.elapsedMs();
    const faults = await writeReports(report, options, below, io);
    const tookMs = Math.round(io.elapsedMs() - startedMs);
    log.debug(`wrote ${counted(options.outputs.length, 'report')} in ${tookMs} ms`, {
      event: 'report.written',
      reports: options.outputs.length,
      faults: faults.length,
      durationMs: tookMs,
    });
    faults.forEach((fault) => log.error(fault));
    return faults.length > 0 ? exitCodes.usage : exitCodeFor(report, options.failOn ?? failOnOf(scan.configs));
  }
}

/** What the scan came to and what its parts took: the same figures as in the report. */
function logEnd({ files, statistics }: ScanReport, log: Log): void {
  const summary = summarize(files);
  const { durationMs, timings, requests, cache } = statistics;
  log.debug(`scanned ${counted(summary.requirements, 'requirement')} in ${durationMs} ms`, {
    event: 'scan.finished',
    durationMs,
    timings,
    requests,
    cache,
    ...summary,
  });
}

/** The strictest that the configurations of this scan say. */
function failOnOf(configs: readonly ProjectConfig[]): FailOn {
  const said = configs.flatMap(({ failOn }) => failOn ?? []);
  return strictestFirst.find((level) => said.includes(level)) ?? 'any';
}

const strictestFirst: readonly FailOn[] = ['any', 'low', 'medium', 'high', 'critical', 'none'];

function logFix(fixed: Fixed, isDry: boolean, log: Log): ScanReport {
  fixMessages(fixed, isDry).forEach(({ level, message }) => log[level](message));
  return fixed.report;
}

/** What standard error has to say, since the reports that were asked for do not. */
function logUntold(report: ScanReport, { outputs }: ScanArguments, log: Log): void {
  if (!outputs.some(({ format, file }) => reportFormat(format).saysProblems === true && file === undefined)) {
    for (const { path, problems } of report.ignoreFiles ?? []) {
      problems.forEach((problem) => logProblem(path, problem, log));
    }
    for (const { path, problems } of report.files) {
      const unread = problems.filter(({ code }) => code.startsWith('include.'));
      unread.forEach((problem) => logProblem(path, problem, log));
    }
  }
  for (const id of new Set(outputs.map(({ format }) => format))) {
    const leftOut = reportFormat(id).leftOut?.(report);
    if (leftOut !== undefined) {
      log.warn(leftOut);
    }
  }
}

function logProblem(file: string, { range, message }: PlacedProblem, log: Log): void {
  const line = range.start.line + 1;
  log.warn(`${file}:${line}: ${message}`, { event: 'file.problem', file, line });
}

/** An engine that cannot be closed is an error of ours, and takes no finding back. */
async function afterClosing(engine: CliEngine, code: number, log: Log): Promise<number> {
  try {
    await engine.close();
    return code;
  } catch (error) {
    log.error(
      `an error of pinwatch itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      { event: 'internal' },
    );
    return code === exitCodes.clean || code === exitCodes.nothingToScan ? exitCodes.incomplete : code;
  }
}
