import { type ConstraintPins, constraintPins } from '../core/assessment/constraints.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import { lookupKey } from '../core/assessment/lookup.ts';
import { jsonReport } from '../core/report/json.ts';
import { type PlacedFile, placeRequirements, rememberedTargets } from '../core/report/placeRequirements.ts';
import type { AssessedRequirement, PlacedRequirement, ScanReport } from '../core/report/scanReport.ts';
import { textReport } from '../core/report/text.ts';
import { constraintFilesOf } from '../core/requirements/includeGraph.ts';
import type { ScanArguments } from './args.ts';
import { exitCodeFor, exitCodes } from './exitCode.ts';
import { findInputs, type FoundInputs } from './inputs.ts';
import type { CliEngine, CliIo } from './io.ts';
import { stderrLog } from './stderrLog.ts';

/** `pinwatch scan`: reads the files, asks once for all their pins, reports. */
export async function runScan(options: ScanArguments, io: CliIo): Promise<number> {
  const startedMs = io.elapsedMs();
  const log = stderrLog(io, options.log);
  const found = await findInputs(options.paths, io);
  if (found.missing.length > 0) {
    found.missing.forEach((path) => log.error(`there is no file or folder "${path}"`));
    return exitCodes.usage;
  }
  found.unread.forEach((message) => log.error(message));
  if (found.inputs.length === 0 && found.unread.length === 0) {
    log.warn('no requirement files found; name one, or see "pinwatch --help"');
  }
  const engine = io.createEngine(options, log);
  try {
    const report = await scanInputs(found, options, engine, io, startedMs);
    const written = await writeReport(report, options, io);
    if (written !== undefined) {
      log.error(written);
      return exitCodes.usage;
    }
    return exitCodeFor(report.files, options.failOn, found.unread.length > 0);
  } finally {
    await engine.close();
  }
}

async function scanInputs(
  found: FoundInputs,
  options: ScanArguments,
  engine: CliEngine,
  io: CliIo,
  startedMs: number,
): Promise<ScanReport> {
  const files = found.inputs.map(({ path, file, problems }) => {
    const placed = placeRequirements(
      file,
      rememberedTargets(() => false, constraintsFor(path, found)),
    );
    return { path, placed: { ...placed, problems: [...placed.problems, ...problems] } };
  });
  const outcomes = await outcomesOf(
    files.map((file) => file.placed),
    options,
    engine,
    io,
  );
  const { counters } = engine;
  const { hits, misses } = engine.scanner.figures;
  return {
    source: engine.source,
    files: files.map(({ path, placed }) => ({
      path,
      requirements: placed.requirements.map((requirement) => assessed(requirement, outcomes)),
      problems: placed.problems,
    })),
    statistics: {
      requests: { querybatch: counters.querybatch, query: counters.query, vulns: counters.vulns },
      retries: counters.retries,
      cache: { hits, misses, hitRate: hits + misses === 0 ? 0 : hits / (hits + misses) },
      durationMs: Math.round(io.elapsedMs() - startedMs),
    },
  };
}

function constraintsFor(path: string, { inputs, edges }: FoundInputs): ConstraintPins {
  const files = constraintFilesOf(path, edges);
  return constraintPins(
    inputs.filter((input) => files.includes(input.path)).map((input) => ({ ...input, source: input.path })),
  );
}

/** One answer a look-up. When the time is up, what is unanswered has failed; what was answered stays. */
async function outcomesOf(
  files: readonly PlacedFile[],
  options: ScanArguments,
  engine: CliEngine,
  io: CliIo,
): Promise<ReadonlyMap<string, Outcome>> {
  const lookups = files.flatMap((file) =>
    file.requirements.flatMap(({ subject }) => (subject.kind === 'lookup' ? [subject.lookup] : [])),
  );
  const { timeoutSeconds } = options;
  const deadline = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = AbortSignal.any(deadline === undefined ? [io.signal] : [io.signal, deadline]);
  try {
    return await engine.scanner.scan(lookups, { signal });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
    const message = io.signal.aborted ? 'The scan was interrupted.' : `The scan took longer than ${timeoutSeconds} s.`;
    return new Map(
      lookups.map((lookup) => {
        const known = engine.scanner.peek(lookup);
        return [
          lookupKey(lookup),
          known.kind === 'fresh' ? known.outcome : ({ kind: 'failed', reason: 'timeout', message } as const),
        ];
      }),
    );
  }
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

/** Why the report could not be written; `undefined` when it was. */
async function writeReport(report: ScanReport, options: ScanArguments, io: CliIo): Promise<string | undefined> {
  const tool = { name: 'pinwatch', version: io.version };
  const text = options.format === 'json' ? `${jsonReport(report, tool)}\n` : textReport(report);
  if (options.output === undefined) {
    io.stdout(text);
    return undefined;
  }
  try {
    await io.writeFile(options.output, text);
    return undefined;
  } catch (error) {
    return `the report could not be written to "${options.output}": ${error instanceof Error ? error.message : String(error)}`;
  }
}
