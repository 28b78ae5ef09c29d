import type { FileReport } from '../core/assessment/fileReport.ts';
import {
  type FixableFile,
  type FixedFiles,
  type FixedRequirement,
  fixFiles,
  type LeftRequirement,
} from '../core/fixes/fixFiles.ts';
import { constraintFilesIn } from '../core/manifests/includeGraph.ts';
import { resolveInclude } from '../core/manifests/includePath.ts';
import { releaseFiles } from '../engine/index/releaseFiles.ts';
import type { CheckerWorld } from './checkProject.ts';
import type { ProjectFiles } from './files.ts';
import { namesWithHashes } from './namesWithHashes.ts';
import type { Project, ProjectFile } from './readProject.ts';

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

/** Writes the nearest fix of everything vulnerable into the files that were scanned. */
export async function fixProject(
  project: Project,
  reports: readonly FileReport[],
  world: Pick<CheckerWorld, 'engine' | 'disk'>,
  signal: AbortSignal,
): Promise<FixedProject> {
  const files = fixableFiles(project, reports);
  const { scanner, index } = await world.engine();
  const requirements = files.flatMap((file) => file.requirements);
  const names = namesWithHashes(
    requirements,
    files.map(({ file }) => file),
  );
  const filesOf = signal.aborted
    ? undefined
    : await releaseFiles(names, { scanner, index, signal }).catch(() => undefined);
  if (filesOf === undefined) {
    return { fixed: [], left: [], faults: [], unwritten: 0, changed: new Set(), isInterrupted: true };
  }
  const { changes, fixed, left } = fixFiles(files, filesOf);
  const faults = await writeAll(project, changes, world.disk);
  const done = fixed.filter(({ changedIn }) => changedIn.every((path) => !faults.has(path)));
  return {
    fixed: done,
    left,
    faults: [...faults.values()],
    unwritten: fixed.length - done.length,
    changed: new Set([...changes.keys()].filter((path) => !faults.has(path))),
    isInterrupted: false,
  };
}

function fixableFiles({ files, edges }: Project, reports: readonly FileReport[]): readonly FixableFile[] {
  const constraintFilesOf = constraintFilesIn(edges);
  const sourced = files.map(({ path, file }) => ({ source: path, file }));
  return files.map(({ path, file }) => {
    const constraining = constraintFilesOf(path);
    const compiledFrom = (file.compiled?.sources ?? []).flatMap((name) => sourceOf(path, name, files) ?? []);
    const requirements = reports.find((report) => report.path === path)?.requirements ?? [];
    return {
      source: path,
      file,
      requirements: requirements.map((requirement) => ({ requirement, outcome: requirement.outcome })),
      constraints: sourced.filter(({ source }) => constraining.includes(source)),
      sources: sourced.filter(({ source }) => compiledFrom.includes(source)),
    };
  });
}

/** The compiler was run beside the file, or in a folder above it. */
function sourceOf(path: string, name: string, files: readonly ProjectFile[]): string | undefined {
  for (let base = path; ; base = base.slice(0, base.lastIndexOf('/'))) {
    const source = resolveInclude(base, name);
    if (source !== path && files.some((one) => one.path === source)) {
      return source;
    }
    if (!base.includes('/')) {
      return undefined;
    }
  }
}

/** Why files could not be written, by path. */
async function writeAll(
  { files, withinFor }: Project,
  changes: FixedFiles['changes'],
  disk: ProjectFiles,
): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  for (const [path, own] of changes) {
    const file = files.find((one) => one.path === path)?.file;
    if (file !== undefined) {
      const result = await disk.changeFile(path, file.text, file.edit(own).text, withinFor(path));
      if ('error' in result) {
        faults.set(path, result.error);
      }
    }
  }
  return faults;
}
