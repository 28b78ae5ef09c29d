import type { FileReport } from '../../core/assessment/fileReport.ts';
import {
  type FixableFile,
  type FixedFiles,
  type FixedRequirement,
  fixFiles,
  type LeftRequirement,
} from '../../core/fixes/fixFiles.ts';
import type { FixContext } from '../../core/fixes/fixPlan.ts';
import type { FixPolicy } from '../../core/fixes/fixPolicy.ts';
import type { FixScope } from '../../core/fixes/fixScope.ts';
import { normalizePath } from '../../core/manifests/includePath.ts';
import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { releaseFiles } from '../../engine/index/releaseFiles.ts';
import { pythonDemand } from './adviseFiles.ts';
import type { CheckerWorld } from '../checkProject.ts';
import type { ProjectFiles } from '../reading/files.ts';
import { includedPath } from '../reading/includedPath.ts';
import { namesWithHashes, vulnerableNames } from './namesWithHashes.ts';
import { readFixScope } from './readFixScope.ts';
import type { Project } from '../reading/readProject.ts';

/** What was fixed, and what was not. */
export interface FixedProject {
  readonly fixed: readonly FixedRequirement[];
  readonly left: readonly LeftRequirement[];
  /** Why files that were to be changed were not, in words. */
  readonly faults: readonly string[];
  /** How many requirements were to be fixed in files that could not be changed. */
  readonly unwritten: number;
  /** The files that are other ones now. */
  readonly changed: ReadonlySet<string>;
  /** Nothing was tried, since the signal had ended it by then. */
  readonly isInterrupted: boolean;
}

export interface FixOptions {
  /** The folders that were named, or those of the files that were. */
  readonly roots: readonly string[];
  readonly policy: FixPolicy;
  readonly signal: AbortSignal;
}

/** Writes the nearest fix of everything vulnerable into the files that were scanned, and into what those were compiled from. */
export async function fixProject(
  project: Project,
  reports: readonly FileReport[],
  world: Pick<CheckerWorld, 'engine' | 'disk' | 'locks'>,
  { roots, policy, signal }: FixOptions,
): Promise<FixedProject> {
  const files: readonly FixableFile[] = reports.map(({ path, requirements }) => ({
    source: normalizePath(path),
    requirements: requirements.map((requirement) => ({ requirement, outcome: requirement.outcome })),
  }));
  const vulnerable = files.filter(({ requirements }) => vulnerableNames(requirements).length > 0);
  const { scanner, index } = await world.engine();
  const requirements = files.flatMap((file) => file.requirements);
  const scope = await scopeOf(
    project,
    vulnerable.map(({ source }) => source),
    world,
    { roots, signal },
  );
  const known = vulnerable.flatMap(({ source }) => [...scope.together(source), ...scope.sourcesOf(source)]);
  const names = namesWithHashes(requirements, [...new Set(known.map(({ file }) => file))]);
  await scanner.recallPackages(vulnerableNames(requirements));
  const filesOf = signal.aborted
    ? undefined
    : await releaseFiles(names, { scanner, index, signal }).catch(() => undefined);
  if (filesOf === undefined) {
    return { fixed: [], left: [], faults: [], unwritten: 0, changed: new Set(), isInterrupted: true };
  }
  const context: FixContext = { scope, filesOf, factsOf: (name) => scanner.peekPackage(name)?.facts, policy };
  const { changes, fixed, left } = fixFiles(files, context);
  const faults = await writeAll(project, scope, changes, world.disk);
  const done = fixed.filter(({ changedIn }) => changedIn.every((path) => !faults.has(path)));
  const spelled = new Map(reports.map(({ path }) => [normalizePath(path), path]));
  const asSpelled = (path: string): string => spelled.get(path) ?? path;
  return {
    fixed: done.map((one) => ({ ...one, source: asSpelled(one.source), changedIn: one.changedIn.map(asSpelled) })),
    left: left.map((one) => ({ ...one, source: asSpelled(one.source) })),
    faults: [...faults.values()],
    unwritten: fixed.length - done.length,
    changed: new Set([...changes.keys()].filter((path) => !faults.has(path)).map(asSpelled)),
    isInterrupted: false,
  };
}

async function scopeOf(
  { files, edges, withinFor }: Project,
  starts: readonly string[],
  { disk, locks }: Pick<CheckerWorld, 'disk' | 'locks'>,
  { roots, signal }: Pick<FixOptions, 'roots' | 'signal'>,
): Promise<FixScope> {
  const known = new Map<string, Manifest | undefined>(files.map(({ path, file }) => [normalizePath(path), file]));
  const includers = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const path = normalizePath(to);
    includers.set(path, [...(includers.get(path) ?? []), normalizePath(from)]);
  }
  return readFixScope(starts, {
    read: async (path) => {
      if (!known.has(path) && !signal.aborted) {
        const read = await disk.readFile(path, { within: withinFor(path), signal });
        known.set(path, 'text' in read ? kindOfNamed(path).parse(read.text) : undefined);
      }
      return known.get(path);
    },
    resolve: (from, target) => {
      const path = from === '-' && !/^file:/iu.test(target) ? target : includedPath(from, target, disk.presentFolder);
      return path === undefined ? undefined : normalizePath(path);
    },
    includers: (path) => includers.get(path) ?? [],
    pathOf: (path) => path.replaceAll('\\', '/'),
    shown: (path) => path,
    pythons: async (path) => {
      const found = path === '-' ? undefined : await locks.python(path, roots, signal);
      return pythonDemand(found);
    },
  });
}

/** Why files could not be written, by path. */
async function writeAll(
  { withinFor }: Project,
  scope: FixScope,
  changes: FixedFiles['changes'],
  disk: ProjectFiles,
): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  for (const [path, own] of changes) {
    const file = scope.get(path)?.file;
    if (file !== undefined) {
      const result = await disk.changeFile(path, file.text, file.edit(own).text, withinFor(path));
      if ('error' in result) {
        faults.set(path, result.error);
      }
    }
  }
  return faults;
}
