import type { FileReport } from '../core/assessment/fileReport.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import type { PathChoice } from '../core/manifests/manifestKinds.ts';
import type { FixPolicy } from '../core/fixes/fixPolicy.ts';
import { normalizeName } from '../core/packages/packageName.ts';
import type { ScanReport } from '../core/report/scanReport.ts';
import { plainText } from '../core/text/plainText.ts';
import { parseVersion } from '../core/versions/version.ts';
import { type FixedProject, fixProject } from './fixing/fix.ts';
import { readProject } from './reading/readProject.ts';
import { type CheckerWorld, type CheckOptions, checkProject, type Scan } from './checkProject.ts';
import { expandGlobs } from './reading/expandGlobs.ts';
import { readConfigs } from './configs.ts';
import { type ProjectIgnores, readIgnores, rootsOf } from './ignores.ts';
import { outcomeIn, outcomesOf } from './outcomes.ts';
import { Stopwatch } from './stopwatch.ts';

/** The same work for the command line, tests and other programs: files in, a report out. Knows no editor and no terminal. */
export interface Checker {
  /**
   * Checks files and folders, and what they include. An aborted signal ends it early: what was not checked by then has failed,
   * in the words of the signal's reason. A mistake in the call is no exception.
   */
  scan(paths: readonly string[], options: ScanOptions, signal: AbortSignal): Promise<Scan | Refused>;
  /** Checks a text as if it were the file at this path, with all that bears on that file. */
  check(text: string, path: string, signal: AbortSignal): Promise<FileReport>;
  /** Checks one release. */
  checkPackage(name: string, version: string, signal: AbortSignal): Promise<Outcome>;
  /** Writes the nearest fix of everything vulnerable into the files of a scan that kept them. */
  fix(scan: Scan, policy: Pick<FixPolicy, 'allowMajor' | 'minimumReleaseAgeDays'>, signal: AbortSignal): Promise<Fixed>;
}

export interface ScanOptions extends CheckOptions {
  /** The one ignore file that counts, in place of those beside and above the files. */
  readonly ignoreFile?: string | undefined;
  /** Decisions that hold for every file besides. */
  readonly moreIgnores?: readonly IgnoreList[];
  /** The one configuration that counts, in place of the nearest one of each path. */
  readonly config?: string | undefined;
  /** Globs of further files, and of files to leave out: in place of those of the configuration. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Called before anything is asked: how many files there are, and what could not be read, in words. */
  readonly onRead?: (files: number, unread: readonly string[]) => void;
}

/** The call cannot be carried out, and why, in words. */
export interface Refused {
  readonly kind: 'refused';
  readonly messages: readonly string[];
}

export interface Fixed extends FixedProject {
  /** On the files as they are now. */
  readonly report: ScanReport;
}

export function createChecker(world: CheckerWorld): Checker {
  const { disk } = world;

  async function scan(
    given: readonly string[],
    { ignoreFile, config, include, exclude, moreIgnores = [], onRead, ...options }: ScanOptions,
    signal: AbortSignal,
  ): Promise<Scan | Refused> {
    const stopwatch = new Stopwatch(() => world.elapsedMs(), world.partsMs);
    const paths = await expandGlobs(given, disk, signal);
    const roots = await rootsOf(paths, disk);
    const configs = await readConfigs(paths, world.configFiles, disk, { named: config, roots }, signal);
    if ('errors' in configs) {
      return refused(configs.errors);
    }
    const choiceFor = (folder: string): PathChoice => {
      const own = configs.of(folder);
      return { include: include ?? own?.include ?? [], exclude: exclude ?? own?.exclude ?? [] };
    };
    const project = await readProject(paths, disk, signal, {
      texts: options.texts,
      environments: options.environments,
      choiceFor,
    });
    if (project.mistakes.length > 0) {
      return refused(project.mistakes);
    }
    stopwatch.lap('parse');
    onRead?.(project.files.length, project.unread);
    const ignores = await readIgnores(project, world.ignoreFiles, { named: ignoreFile, roots }, signal);
    if ('error' in ignores) {
      return refused([ignores.error]);
    }
    const files = project.files.flatMap(({ path }) => (path === '-' ? [] : [path])); // of standard input nothing is known
    await world.engine(); // what cannot be asked need not be looked at
    const locks = await world.locks.read(files, roots, signal);
    stopwatch.lap('prepare');
    return checkProject(
      project,
      world,
      { paths, roots, options, stopwatch, ignores: withMore(ignores, moreIgnores), configs, choiceFor, locks },
      signal,
    );
  }

  return {
    scan,
    check: async (text, path, signal) => {
      const found = await scan([path], { maxDataAgeDays: Infinity, texts: new Map([[path, text]]) }, signal);
      const report = found.kind === 'scanned' ? found.report.files.find((file) => file.path === path) : undefined;
      if (report === undefined) {
        throw new Error(`"${path}" was not checked`);
      }
      return report;
    },
    checkPackage: async (name, version, signal) => {
      const release = parseVersion(version);
      if (!nameByPep508.test(name) || release === undefined) {
        const what = `${plainText(name, 100)} ${plainText(version, 100)}`;
        return {
          kind: 'failed',
          reason: 'invalid',
          message: `"${what}" is no release: it needs a name and a version.`,
        };
      }
      const lookup = { name: normalizeName(name), version: release.normal };
      const { scanner } = await world.engine();
      return outcomeIn(await outcomesOf([[{ subject: { kind: 'lookup', lookup } }]], scanner, signal), lookup);
    },
    fix: async ({ report, basis }, policy, signal) => {
      if (basis === undefined) {
        throw new Error('the scan kept no files to fix');
      }
      const fixing = { roots: basis.roots, policy: { ...policy, nowMs: world.now() }, signal };
      const fixed = await fixProject(basis.project, report.files, world, fixing);
      if (fixed.changed.size === 0) {
        return { ...fixed, report };
      }
      // What is left is what counts.
      const { paths, known, choiceFor, stopwatch } = basis;
      stopwatch.lap('fix');
      const unchanged = basis.project.files.filter(({ path }) => !fixed.changed.has(path));
      const texts = new Map(unchanged.map(({ path, file }) => [path, file.text]));
      const project = await readProject(paths, disk, signal, {
        texts,
        choiceFor,
        environments: basis.options.environments,
      });
      stopwatch.lap('parse');
      return { ...fixed, report: (await checkProject(project, world, basis, signal, known)).report };
    },
  };
}

const nameByPep508 = /^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/iu;

function withMore(ignores: ProjectIgnores, more: readonly IgnoreList[]): ProjectIgnores {
  return more.length === 0 ? ignores : { ...ignores, of: (path) => [...ignores.of(path), ...more] };
}

function refused(messages: readonly string[]): Refused {
  return { kind: 'refused', messages };
}
