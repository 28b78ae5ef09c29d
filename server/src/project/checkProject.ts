import { defaultSettings } from '../../../protocol/settings.ts';
import type { ProjectConfig } from '../core/config/projectConfig.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import type { PackageName } from '../core/packages/packageName.ts';
import type { PathChoice } from '../core/manifests/manifestKinds.ts';
import { nameMatcher } from '../core/packages/packageName.ts';
import { adviseOldEnough } from '../core/assessment/advice/oldEnough.ts';
import type { ReportSource } from '../core/report/reportSource.ts';
import { type LockedVersions, nothingDecided } from '../core/assessment/decided/decidedVersions.ts';
import type { ScanReport, ScanStatistics } from '../core/report/scanReport.ts';
import type { ConfigFiles } from '../engine/configFiles.ts';
import type { IgnoreFiles } from '../engine/ignoreFiles.ts';
import type { LicenceLibrary } from '../engine/index/licenceLibrary.ts';
import type { NeedsLibrary } from '../engine/index/needsLibrary.ts';
import type { ProjectLibrary } from '../engine/index/projectLibrary.ts';
import type { PackageIndex } from '../engine/index/packageIndex.ts';
import type { LockReader } from '../engine/lockReader.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';
import type { SourceCounters } from '../engine/ports.ts';
import type { ProjectConfigs } from './configs.ts';
import { adviseFiles, fixPolicyOf } from './fixing/adviseFiles.ts';
import { constraintsIn, decidedFor, hidesOwnIndexes } from './decided.ts';
import type { LockedTree } from '../core/manifests/lockedTree.ts';
import { chooseScopes, treesOf } from './chooseScopes.ts';
import type { ProjectFiles } from './reading/files.ts';
import type { ProjectIgnores } from './ignores.ts';
import { assessor, type Outcomes, outcomesOf } from './outcomes.ts';
import { placeFiles } from './reading/placeFiles.ts';
import { beginJudging } from './judge.ts';
import type { KnownTexts, Project } from './reading/readProject.ts';
import { projectReport, scanStatistics } from './report.ts';
import { adviseRaises } from './raising/adviseRaises.ts';
import { ProjectRaises } from './raising/projectRaises.ts';
import type { Stopwatch } from './stopwatch.ts';
import { plainText } from '../core/text/plainText.ts';
import { below, type FileId, idOfPath } from './fileId.ts';

/** What a checker needs of the world. */
export interface CheckerWorld {
  readonly disk: ProjectFiles;
  readonly ignoreFiles: IgnoreFiles;
  readonly configFiles: ConfigFiles;
  readonly locks: LockReader;
  /** The same one for every call; made when there is something to ask. */
  readonly engine: () => Promise<CheckerEngine>;
  /** The time of day, milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds; only differences matter. */
  readonly elapsedMs: () => number;
  /** What its parts took so far, milliseconds by part: they are told apart in the report's timings. */
  readonly partsMs?: () => Readonly<Record<string, number>>;
}

export interface CheckerEngine {
  readonly scanner: Scanner;
  /** Absent where nobody is to be asked. */
  readonly index: PackageIndex | undefined;
  readonly counters: SourceCounters;
  /** Who is asked about what rules are about; absent where nobody is. */
  readonly licences?: LicenceLibrary | undefined;
  /** What releases ask for; absent where no index is asked. */
  readonly needs?: NeedsLibrary | undefined;
  readonly projects?: ProjectLibrary | undefined;
  /** Who answers, for the report. */
  readonly source: ReportSource;
}

export interface CheckOptions {
  /** For the report; that of the log lines of this scan. */
  readonly scanId?: string | undefined;
  /** Older advisory data make the report incomplete; where absent, what the configuration says, or a week. */
  readonly maxDataAgeDays?: number | undefined;
  /** Anything skipped makes it incomplete. */
  readonly strict?: boolean;
  /** Only requirements in these parts of files are checked; all where there are none. */
  readonly scopes?: readonly string[];
  /** Texts in place of what the disk has, by path. */
  readonly texts?: KnownTexts;
  /** Folders with installed packages, checked besides the files. */
  readonly environments?: readonly string[];
  /** Keeps the files in memory, so that they can be fixed. */
  readonly keepsFiles?: boolean;
}

export interface Scan {
  readonly kind: 'scanned';
  readonly report: ScanReport;
  /** What holds for its files. */
  readonly configs: readonly ProjectConfig[];
  /** What fixes are made from, where files were to be kept. */
  readonly basis?: ScanBasis;
}

/** What was read beside the files, once for a scan and the one after a fix. */
export interface ScanInputs {
  readonly paths: readonly string[];
  /** The folders that were named, or those of the files that were. */
  readonly roots: readonly string[];
  readonly options: CheckOptions;
  readonly stopwatch: Stopwatch;
  readonly ignores: ProjectIgnores;
  readonly configs: ProjectConfigs;
  /** Which files a search of a folder takes. */
  readonly choiceFor: (folder: string) => PathChoice;
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
  const { options, ignores, configs, locks, stopwatch } = around;
  const { keepsFiles = false, strict, scopes = [] } = options;
  const ages = configs.all.flatMap(({ maxDataAgeDays }) => maxDataAgeDays ?? []);
  const maxDataAgeDays =
    options.maxDataAgeDays ?? (ages.length === 0 ? defaultSettings.offlineMaxDataAgeDays : Math.min(...ages));
  const engine = await world.engine();
  const byPath = new Map(project.files.map((file) => [file.path, file]));
  const constraintsOf = constraintsIn(project.edges, (path) => {
    const file = byPath.get(path);
    return file && { source: path, file: file.file };
  });
  const ownIndex = await ownIndexes(project.files, world.locks, around.roots, signal);
  const decided = new Map(
    project.files.map(({ path }) => [path, decidedFor(path, constraintsOf(path), locks.get(path), ownIndex.get(path))]),
  );
  byPath.clear();
  const unreadLocks = unreadLockTexts(project, world);
  const days = Math.max(0, ...configs.all.map(({ minimumReleaseAgeDays = 0 }) => minimumReleaseAgeDays));
  const raises = new ProjectRaises({
    files: project.files,
    decidedFor: (path) => decided.get(path) ?? nothingDecided,
    isPrivateIn: privateNames(configs),
    presentFolder: world.disk.presentFolder,
    locks: world.locks,
    roots: around.roots,
    minimumReleaseAgeDays: days,
    nowMs: world.now(),
  });
  const trees = scopes.length === 0 ? new Map<string, LockedTree>() : treesOf(project.files);
  const placed = placeFiles(
    keepsFiles ? [...project.files] : project.release(),
    (path) => decided.get(path) ?? nothingDecided,
    privateNames(configs),
  );
  const chosen = scopes.length === 0 ? undefined : chooseScopes(placed, trees, new Set(scopes));
  const files = chosen?.files ?? placed;
  const lists = files.map(({ placed }) => placed.requirements);
  stopwatch.lap('place');
  const judge = beginJudging(files, { configs, ignores }, engine, signal);
  const outcomes = await outcomesOf(lists, engine.scanner, signal, known);
  stopwatch.lap('lookUp');
  const age = { days, nowMs: world.now() };
  const assess = assessor(outcomes, (outcome, lookup) =>
    days === 0 ? outcome : adviseOldEnough(outcome, lookup, engine.scanner.peekPackage(lookup.name)?.facts, age),
  );
  const assessedFiles = await adviseFiles(
    files.map(({ path, placed: { kind, requirements, problems }, compiled, barred }) => ({
      path,
      kind,
      requirements: assess(requirements),
      problems,
      compiled,
      barred,
    })),
    { scanner: engine.scanner, locks: world.locks, roots: around.roots },
    { ...fixPolicyOf(configs.all), nowMs: world.now() },
    signal,
  );
  stopwatch.lap('assess');
  const judged = await judge(assessedFiles, world.now());
  stopwatch.lap('judge');
  const statisticsNow = (): ScanStatistics =>
    scanStatistics(engine.counters, engine.scanner.figures, stopwatch.totalMs, stopwatch.laps);
  const unadvised = projectReport({
    scanId: options.scanId,
    source: engine.source,
    files: judged.files.map((file) => ({
      file,
      lists: [...ignores.of(file.path), ...listOf(configs.of(file.path))],
    })),
    unread: [...project.unread, ...unreadLocks, ...ignores.unread],
    leftOut: chosen?.leftOut ?? {},
    unknownScopes: chosen?.unknown ?? [],
    skipped: project.skipped,
    unjudged: judged.unjudged,
    statistics: statisticsNow(),
    nowMs: world.now(),
    maxDataAgeDays,
    ...(strict === undefined ? {} : { strict }),
  });
  const requirements = new Map(placed.map(({ path, placed: { requirements } }) => [path, requirements]));
  const advised = await adviseRaises(
    unadvised.files,
    (path) => raises.placeOf(path, (one) => requirements.get(one) ?? [], signal),
    engine,
    signal,
  );
  const isAsked = advised !== unadvised.files;
  if (isAsked) stopwatch.lap('raise');
  const report = isAsked ? { ...unadvised, files: advised, statistics: statisticsNow() } : unadvised;
  const { all } = configs;
  return {
    kind: 'scanned',
    report,
    configs: all,
    ...(keepsFiles ? { basis: { ...around, project, known: outcomes } } : {}),
  };
}

/** By lock and compiled file: what the manifests beside and above it give an index of their own. */
async function ownIndexes(
  files: Project['files'],
  locks: LockReader,
  roots: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<PackageName>>> {
  const hiding = files.filter(({ path, file }) => path !== '-' && hidesOwnIndexes(file));
  const byFolder = new Map<string, ReadonlySet<PackageName> | undefined>();
  const all = new Map<string, ReadonlySet<PackageName>>();
  for (const { path } of hiding) {
    const folder = path.replace(/[^\\/]*$/u, '');
    if (!byFolder.has(folder)) byFolder.set(folder, await locks.ownIndex?.(path, roots, signal));
    const names = byFolder.get(folder);
    if (names !== undefined) all.set(path, names);
  }
  return all;
}

/** Whether a name is private in a file. One test for all files with the same configuration, so that copies can be shared. */
function privateNames(configs: ProjectConfigs): (path: string) => ((name: string) => boolean) | undefined {
  const tests = new Map<ProjectConfig, (name: string) => boolean>();
  return (path) => {
    const config = configs.of(path);
    if (config === undefined || config.privatePackages.length === 0) {
      return undefined;
    }
    const matchers = config.privatePackages.map(nameMatcher);
    const test = tests.get(config) ?? ((name: string) => matchers.some((matches) => matches(name)));
    tests.set(config, test);
    return test;
  };
}

function listOf(config: ProjectConfig | undefined): readonly IgnoreList[] {
  return config === undefined ? [] : [config.ignores];
}

/** A sentence for each lock that would decide and could not be read, but for those that the scan itself has read, or says of. */
function unreadLockTexts(
  { files, unread }: Project,
  { locks, disk: { presentFolder } }: CheckerWorld,
): readonly string[] {
  const present = idOfPath(presentFolder, !presentFolder.startsWith('/'));
  const paths = locks.unreadLocks?.() ?? [];
  const scanned = paths.length === 0 ? new Set<FileId>() : new Set(files.map(({ path }) => below(present, path)));
  return paths
    .filter((path) => !scanned.has(below(present, path)))
    .map((path) => shownPath(path, presentFolder))
    .filter((shown) => !unread.some((message) => message.includes(shown)))
    .map((shown) => `"${plainText(shown, 200)}" could not be read, so which versions it locks is not known.`);
}

function shownPath(path: string, presentFolder: string): string {
  const folder = presentFolder.replace(/[\\/]*$/u, '');
  return path.startsWith(folder) ? path.slice(folder.length + 1) : path;
}
