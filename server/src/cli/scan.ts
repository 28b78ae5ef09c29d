import type { AssessedRequirement, PlacedRequirement } from '../core/assessment/requirement.ts';
import { type ConstraintPins, constraintPins } from '../core/assessment/constraints.ts';
import { type LockedVersions, nothingDecided } from '../core/assessment/decidedVersions.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import { lookupKey } from '../core/assessment/lookup.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import { applyIgnores } from '../core/ignores/applyIgnores.ts';
import { freshnessOf, outcomesOf as reportOutcomes } from '../core/report/freshness.ts';
import { scanMetrics } from '../core/report/formats/metrics.ts';
import type { PlacedFile } from '../core/assessment/placeRequirements.ts';
import { reportFormat } from '../core/report/formats.ts';
import type { ScanReport } from '../core/report/scanReport.ts';
import { reportPieces } from '../core/report/renderReport.ts';
import { constraintFilesIn } from '../core/manifests/includeGraph.ts';
import type { Log } from '../engine/ports.ts';
import type { ScanArguments } from './args.ts';
import { exitCodeFor } from './exitCode.ts';
import { exitCodes } from './exitCodes.ts';
import { findInputs, type FoundInputs, type Input } from './inputs.ts';
import type { CliEngine, CliIo } from './io.ts';
import { placeInputs } from './placeInputs.ts';
import { type CliLog, engineLog, stderrLog } from './stderrLog.ts';

/** `pinwatch scan`: reads the files, asks once for all their pins, reports. */
export async function runScan(options: ScanArguments, io: CliIo): Promise<number> {
  const startedMs = io.elapsedMs();
  const end = endOf(options, io); // from here on: reading counts too
  const log = stderrLog(io, options.log);
  const found = await findInputs(options.paths, io, end);
  if (found.missing.length > 0) {
    found.missing.forEach((path) => log.error(`there is no file or folder "${path}"`));
    return exitCodes.usage;
  }
  found.unread.forEach((message) => log.error(message));
  if (found.inputs.length === 0 && found.unread.length === 0) {
    log.warn('no requirements files found; name one, or see "pinwatch --help"');
  }
  const ignores = await ignoresFor(found, options, io, end.signal);
  if ('error' in ignores) {
    log.error(ignores.error);
    return exitCodes.usage;
  }
  const engine = await io.createEngine(options, engineLog(log));
  let code: number;
  try {
    const locks = await locksFor(found, options.paths, io, engineLog(log), end.signal);
    const unreadIgnores = unreadIgnoresOf(ignores, found.inputs, end);
    const scan: Scan = { engine, io, startedMs, rewrites: options.fix, locks, unreadIgnores, ...end };
    const { strict, maxDataAgeDays } = options;
    const summedUp = (report: ScanReport): ScanReport => ({
      ...withIgnores(report, ignores, io.now()),
      freshness: freshnessOf(report.source, reportOutcomes(report.files), { nowMs: io.now(), maxDataAgeDays }),
      strict,
    });
    const first = await scanInputs(found, scan, new Map());
    const marked = summedUp(first);
    const changed = options.fix
      ? await (await import('./fix.ts')).fixInputs(found, marked.files, engine, io, log, end.signal)
      : new Set<string>();
    const isChanged = changed.size > 0;
    // What is left is what counts, so that the report is about the files as they are now.
    const now = isChanged ? await findInputs(options.paths, io, end, textsOf(found, changed)) : found;
    const report = isChanged ? summedUp(await scanInputs(now, scan, outcomesIn(first))) : marked;
    // Unless the report on the terminal says it.
    if (!options.outputs.some(({ format, file }) => reportFormat(format).saysProblems === true && file === undefined)) {
      for (const { path, problems } of report.ignoreFiles ?? []) {
        problems.forEach(({ range, message }) => log.warn(`${path}:${range.start.line + 1}: ${message}`));
      }
      for (const { path, problems } of report.files) {
        const unread = problems.filter(({ code }) => code.startsWith('include.'));
        unread.forEach(({ range, message }) => log.warn(`${path}:${range.start.line + 1}: ${message}`));
      }
    }
    for (const id of new Set(options.outputs.map(({ format }) => format))) {
      const leftOut = reportFormat(id).leftOut?.(report);
      if (leftOut !== undefined) {
        log.warn(leftOut);
      }
    }
    const faults = await writeAll(report, options, io);
    faults.forEach((fault) => log.error(fault));
    code = faults.length > 0 ? exitCodes.usage : exitCodeFor(report, options.failOn);
  } catch (error) {
    await engine.close().catch(() => undefined); // what broke first is what counts
    throw error;
  }
  return afterClosing(engine, code, log);
}

/** Of the files that are as they were. */
function textsOf({ inputs }: FoundInputs, changed: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map(inputs.filter(({ path }) => !changed.has(path)).map(({ path, file }) => [path, file.text]));
}

/** An engine that cannot be closed is an error of ours, and takes no finding back. */
async function afterClosing(engine: CliEngine, code: number, log: CliLog): Promise<number> {
  try {
    await engine.close();
    return code;
  } catch (error) {
    log.error(
      `an error of pinwatch itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return code === exitCodes.clean || code === exitCodes.nothingToScan ? exitCodes.incomplete : code;
  }
}

/** What a scan needs besides its files. */
interface Scan extends End {
  readonly engine: CliEngine;
  readonly io: CliIo;
  readonly startedMs: number;
  /** The files are needed again, to write fixes into them. */
  readonly rewrites: boolean;
  /** What locks and environments decide, by input. */
  readonly locks: ReadonlyMap<string, readonly LockedVersions[]>;
  /** Ignore files that could not be read, in words. */
  readonly unreadIgnores: readonly string[];
}

interface End {
  readonly signal: AbortSignal;
  /** Why it ended, once it has. */
  readonly reason: () => string;
}

function endOf({ timeoutSeconds }: ScanArguments, io: CliIo): End {
  const deadline = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
  return {
    signal: AbortSignal.any(deadline === undefined ? [io.signal] : [io.signal, deadline]),
    reason: () => (io.signal.aborted ? 'The scan was interrupted.' : `The scan took longer than ${timeoutSeconds} s.`),
  };
}

/** By look-up. */
type Outcomes = ReadonlyMap<string, Outcome>;

/** The outcomes of what `known` does not hold are looked up. */
async function scanInputs(found: FoundInputs, scan: Scan, known: Outcomes): Promise<ScanReport> {
  const { engine, io, startedMs } = scan;
  const constraintsFor = constraintsIn(found);
  const decided = new Map(
    found.inputs.map(({ path }) => [path, { constraints: constraintsFor(path), locked: scan.locks.get(path) ?? [] }]),
  );
  const inputs = scan.rewrites ? [...found.inputs] : found.release();
  const files = placeInputs(inputs, (path) => decided.get(path) ?? nothingDecided);
  const outcomes = await outcomesOf(
    files.map((file) => file.placed),
    scan,
    known,
  );
  const assess = assessor(outcomes);
  const { counters } = engine;
  const { hits, misses } = engine.scanner.figures;
  return {
    source: engine.source,
    files: files.map(({ path, placed }) => ({
      path,
      requirements: assess(placed.requirements),
      problems: placed.problems,
    })),
    unread: [...found.unread, ...scan.unreadIgnores],
    skippedPaths: found.skipped,
    statistics: {
      requests: { querybatch: counters.querybatch, query: counters.query, vulns: counters.vulns },
      retries: counters.retries,
      cache: { hits, misses, hitRate: hits + misses === 0 ? 0 : hits / (hits + misses) },
      durationMs: Math.round(io.elapsedMs() - startedMs),
    },
  };
}

/** What else decides versions, by input; of standard input nothing is known. */
async function locksFor(
  { inputs }: FoundInputs,
  paths: readonly string[],
  io: CliIo,
  log: Log,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly LockedVersions[]>> {
  const files = inputs.filter(({ path }) => path !== '-').map(({ path }) => path);
  return io.createLockReader(log).read(files, await rootsOf(paths, io), signal);
}

function constraintsIn({ inputs, edges }: FoundInputs): (path: string) => ConstraintPins {
  const filesOf = constraintFilesIn(edges);
  const byPath = new Map(inputs.map((input) => [input.path, input]));
  return (path) =>
    constraintPins(
      filesOf(path).flatMap((one) => {
        const input = byPath.get(one);
        return input === undefined ? [] : [{ ...input, source: input.path }];
      }),
    );
}

/** One answer a look-up. When the time is up, what is unanswered has failed; what was answered, or named without details, stays. */
async function outcomesOf(
  files: readonly PlacedFile[],
  { engine, signal, reason }: Scan,
  known: Outcomes,
): Promise<Outcomes> {
  const lookups = [...new Set(files.map(({ requirements }) => requirements))]
    .flatMap((requirements) =>
      requirements.flatMap(({ subject }) => (subject.kind === 'lookup' ? [subject.lookup] : [])),
    )
    .filter((lookup) => !known.has(lookupKey(lookup)));
  let soFar: Outcomes = new Map();
  const onAborted = (answered: Outcomes): void => void (soFar = answered);
  try {
    return new Map([...known, ...(await engine.scanner.scan(lookups, { signal, onAborted }))]);
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
    const unanswered: Outcome = { kind: 'failed', reason: 'timeout', message: reason() };
    return new Map([
      ...known,
      ...lookups.map((lookup) => [lookupKey(lookup), soFar.get(lookupKey(lookup)) ?? unanswered] as const),
    ]);
  }
}

function outcomesIn({ files }: ScanReport): Outcomes {
  return new Map(
    files.flatMap(({ requirements }) =>
      requirements.flatMap(({ subject, outcome }) =>
        subject.kind === 'lookup' ? [[lookupKey(subject.lookup), outcome] as const] : [],
      ),
    ),
  );
}

/** Each list is assessed once, however many copies of a file share it. */
function assessor(outcomes: Outcomes): (requirements: readonly PlacedRequirement[]) => readonly AssessedRequirement[] {
  const all = new Map<readonly PlacedRequirement[], readonly AssessedRequirement[]>();
  return (requirements) => {
    const known = all.get(requirements) ?? requirements.map((requirement) => assessed(requirement, outcomes));
    all.set(requirements, known);
    return known;
  };
}

function assessed(requirement: PlacedRequirement, outcomes: ReadonlyMap<string, Outcome>): AssessedRequirement {
  const { subject } = requirement;
  if (subject.kind === 'settled') {
    return { ...requirement, outcome: subject.outcome };
  }
  const outcome = outcomes.get(lookupKey(subject.lookup));
  if (outcome === undefined) {
    throw new Error(`no outcome for ${lookupKey(subject.lookup)}`);
  }
  return { ...requirement, outcome };
}

/** The ignore lists of each input, by its path, or why the file that was named cannot be used. */
async function ignoresFor(
  { inputs }: FoundInputs,
  { ignoreFile, paths }: ScanArguments,
  io: CliIo,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly IgnoreList[]> | { readonly error: string }> {
  if (ignoreFile !== undefined) {
    const list = await io.ignoreFiles.named(ignoreFile, signal);
    return 'error' in list ? list : new Map(inputs.map(({ path }) => [path, [list]]));
  }
  const roots = await rootsOf(paths, io);
  const lists = new Map<string, readonly IgnoreList[]>();
  for (const { path } of inputs) {
    if (signal.aborted) {
      break; // nobody waits for these any more: what they would ignore counts
    }
    lists.set(path, await io.ignoreFiles.nearest(path, roots, signal));
  }
  return lists;
}

/** Nobody knows what they would have said, so a report without them is not complete. */
function unreadIgnoresOf(
  lists: ReadonlyMap<string, readonly IgnoreList[]>,
  inputs: readonly Input[],
  { reason }: End,
): readonly string[] {
  const isWhole = inputs.every(({ path }) => lists.has(path));
  const all = new Set([...lists.values()].flat());
  const unread = [...all].flatMap(({ isUnread, problems }) =>
    isUnread === true ? problems.map(({ message }) => message) : [],
  );
  return isWhole ? unread : [...unread, `Ignore files were not read: ${reason()}`];
}

/** How far up ignore files and locks are looked for: the present folder, a folder that was named, the folder of a named file. */
async function rootsOf(paths: readonly string[], io: CliIo): Promise<readonly string[]> {
  const roots = ['.'];
  for (const path of paths) {
    if (path !== '-') {
      roots.push((await io.kindOf(path)) === 'folder' ? path : `${path}/..`);
    }
  }
  return roots;
}

function withIgnores(report: ScanReport, lists: ReadonlyMap<string, readonly IgnoreList[]>, nowMs: number): ScanReport {
  const files = report.files.map((file) => ({ file, lists: lists.get(file.path) ?? [] }));
  return { ...report, ...applyIgnores(files, nowMs) };
}

/** Writes the report and the figures; says what could not be written. */
async function writeAll(report: ScanReport, options: ScanArguments, io: CliIo): Promise<readonly string[]> {
  const { outputs, metricsOut } = options;
  const time = new Date(io.now()).toISOString();
  const context = { tool: { name: 'pinwatch', version: io.version }, time };
  const faults: string[] = [];
  const projects = await rootsOf(options.paths, io);
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
      for (const piece of pieces) {
        io.stdout(piece);
        await io.stdoutReady();
      }
    } else {
      await write(file, pieces, 'the report');
    }
  }
  if (metricsOut !== undefined) {
    await write(metricsOut, scanMetrics(report, time), 'the metrics');
  }
  return faults;
}
