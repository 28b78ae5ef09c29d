import type { ReportSource } from '../core/report/reportSource.ts';
import { type LockedVersions, nothingDecided } from '../core/assessment/decided/decidedVersions.ts';
import type { ScanReport } from '../core/report/scanReport.ts';
import type { IgnoreFiles } from '../engine/ignoreFiles.ts';
import type { PackageIndex } from '../engine/index/packageIndex.ts';
import type { LockReader } from '../engine/lockReader.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';
import type { SourceCounters } from '../engine/ports.ts';
import { constraintsIn } from './decided.ts';
import type { ProjectFiles } from './files.ts';
import type { ProjectIgnores } from './ignores.ts';
import { assessor, type Outcomes, outcomesOf } from './outcomes.ts';
import { placeFiles } from './placeFiles.ts';
import type { KnownTexts, Project } from './readProject.ts';
import { projectReport, scanStatistics } from './report.ts';

/** What a checker needs of the world. */
export interface CheckerWorld {
  readonly disk: ProjectFiles;
  readonly ignoreFiles: IgnoreFiles;
  readonly locks: LockReader;
  /** The same one for every call; made when there is something to ask. */
  readonly engine: () => Promise<CheckerEngine>;
  /** The time of day, milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds; only differences matter. */
  readonly elapsedMs: () => number;
}

export interface CheckerEngine {
  readonly scanner: Scanner;
  /** Absent where nobody is to be asked. */
  readonly index: PackageIndex | undefined;
  readonly counters: SourceCounters;
  /** Who answers, for the report. */
  readonly source: ReportSource;
}

export interface CheckOptions {
  /** Older advisory data make the report incomplete. */
  readonly maxDataAgeDays: number;
  /** Anything skipped makes it incomplete. */
  readonly strict?: boolean;
  /** Texts in place of what the disk has, by path. */
  readonly texts?: KnownTexts;
  /** Keeps the files in memory, so that they can be fixed. */
  readonly keepsFiles?: boolean;
}

export interface Scan {
  readonly kind: 'scanned';
  readonly report: ScanReport;
  /** What fixes are made from, where files were to be kept. */
  readonly basis?: ScanBasis;
}

/** What was read beside the files, once for a scan and the one after a fix. */
export interface ScanInputs {
  readonly paths: readonly string[];
  readonly options: CheckOptions;
  /** When the scan began. */
  readonly startedMs: number;
  readonly ignores: ProjectIgnores;
  /** What locks and environments decide, by file. */
  readonly locks: ReadonlyMap<string, readonly LockedVersions[]>;
}

export interface ScanBasis extends ScanInputs {
  readonly project: Project;
  /** The answers. */
  readonly known: Outcomes;
}

/** Asks what the files of a project ask, but for what is `known`, and reports. */
export async function checkProject(
  project: Project,
  world: CheckerWorld,
  around: ScanInputs,
  signal: AbortSignal,
  known?: Outcomes,
): Promise<Scan> {
  const { options, ignores, locks, startedMs } = around;
  const { keepsFiles = false, maxDataAgeDays, strict } = options;
  const engine = await world.engine();
  const byPath = new Map(project.files.map((file) => [file.path, file]));
  const constraintsOf = constraintsIn(project.edges, (path) => {
    const file = byPath.get(path);
    return file && { source: path, file: file.file };
  });
  const decided = new Map(
    project.files.map(({ path }) => [path, { ...constraintsOf(path), locked: locks.get(path) ?? [] }]),
  );
  byPath.clear();
  const files = placeFiles(
    keepsFiles ? [...project.files] : project.release(),
    (path) => decided.get(path) ?? nothingDecided,
  );
  const lists = files.map(({ placed }) => placed.requirements);
  const outcomes = await outcomesOf(lists, engine.scanner, signal, known);
  const assess = assessor(outcomes);
  const report = projectReport({
    source: engine.source,
    files: files.map(({ path, placed: { requirements, problems } }) => ({
      file: { path, requirements: assess(requirements), problems },
      lists: ignores.of(path),
    })),
    unread: [...project.unread, ...ignores.unread],
    skipped: project.skipped,
    statistics: scanStatistics(engine.counters, engine.scanner.figures, world.elapsedMs() - startedMs),
    nowMs: world.now(),
    maxDataAgeDays,
    ...(strict === undefined ? {} : { strict }),
  });
  return { kind: 'scanned', report, ...(keepsFiles ? { basis: { ...around, project, known: outcomes } } : {}) };
}
