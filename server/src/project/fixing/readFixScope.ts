import { fixScope, type FixScope, type PythonDemand, type ScopedFile } from '../../core/fixes/fixScope.ts';
import { compiledFrom, isSourceOf, type NamedSource } from '../../core/manifests/compiledSources.ts';
import type { IncludeEdge } from '../../core/manifests/includeGraph.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { plainText } from '../../core/text/plainText.ts';
import { union } from '../../core/versions/versionSet.ts';
import { compiledDemand } from '../compiledNote.ts';
import { includesOf } from '../reading/includes.ts';

/** What a front knows of files, by its own names for them. */
export interface FixFiles {
  /** As it is this moment; `undefined` where it may not be read, or cannot be. */
  read(file: string): Promise<Manifest | undefined>;
  /** Where a path that is written in a file leads. */
  resolve(from: string, target: string): string | undefined;
  /** The files that are known to include this one, or to be limited by it. */
  includers(file: string): readonly string[];
  /** With `/`, as far as it is known; what comes last is the file's name. */
  pathOf(file: string): string;
  /** For people. */
  shown(file: string): string;
  /** The Pythons that the project of a file is for. */
  pythons(file: string): Promise<PythonDemand | undefined>;
}

// Besides those that are to be fixed: an end for files that breed.
const mostFiles = 1_000;

/** Reads all that has a say in fixes of these files: what leads to them, what they include, what they were compiled from. */
export async function readFixScope(starts: readonly string[], files: FixFiles): Promise<FixScope> {
  const scoped = new Map<string, ScopedFile>();
  const edges: IncludeEdge[] = [];
  const queue = new Set(starts);
  // A set takes what is added while it is walked.
  for (const source of queue) {
    const isTooMuch = scoped.size >= starts.length + mostFiles;
    const file = isTooMuch ? undefined : await files.read(source);
    if (file === undefined) continue;
    for (const line of includesOf(file)) {
      const to = line.unread === undefined ? await placeOf(source, [line.target, ...line.others], files) : undefined;
      if (to !== undefined) {
        edges.push({ from: source, to, kind: line.kind });
        queue.add(to);
      }
    }
    files.includers(source).forEach((one) => queue.add(one));
    scoped.set(source, { source, file, shown: plainText(files.shown(source), 100) });
    if (file.compiled === undefined) {
      outputsBeside(files, source).forEach((one) => queue.add(one));
      continue;
    }
    const { sources, constraints } = compiledFrom(files.pathOf(source), file);
    const [from, limits] = [await found(source, sources, files), await found(source, constraints, files)];
    [...from.files, ...limits.files].forEach((one) => queue.add(one));
    // What limited the compiler limits what it reads.
    edges.push(
      ...from.files.flatMap((one) => limits.files.map((to) => ({ from: one, to, kind: 'constraint' }) as const)),
    );
    scoped.set(source, {
      source,
      file,
      shown: plainText(files.shown(source), 100),
      sources: from.files,
      missingSources: from.missing,
    });
  }
  return fixScope(await withPythons([...scoped.values()], files), edges);
}

/** Where an include leads: of several places to the first where there is a file, else to the first. */
async function placeOf(source: string, targets: readonly string[], files: FixFiles): Promise<string | undefined> {
  const places = targets.flatMap((target) => files.resolve(source, target) ?? []);
  for (const place of places.length > 1 ? places : []) {
    if ((await files.read(place)) !== undefined) return place;
  }
  return places[0];
}

/** `base.txt` and `base.pip` of `base.in`: they say which Python that is for. */
function outputsBeside(files: FixFiles, source: string): readonly string[] {
  const stem = /([^/]+)\.in$/u.exec(files.pathOf(source))?.[1];
  return stem === undefined ? [] : ['txt', 'pip'].flatMap((ending) => files.resolve(source, `${stem}.${ending}`) ?? []);
}

/** The first place of each where there is a file that can be read and changed. */
async function found(
  source: string,
  named: readonly NamedSource[],
  files: FixFiles,
): Promise<{ readonly files: readonly string[]; readonly missing: readonly string[] }> {
  const there = new Set<string>();
  const missing: string[] = [];
  const compiled = await files.read(source);
  for (const { name, places, above = [], isGuess } of named) {
    if (!/\.(?:in|txt|pip)$/u.test(name)) continue; // of a kind that is not edited
    const place =
      (await firstOf(source, places, files, () => Promise.resolve(true))) ??
      (await firstOf(source, above, files, async (file, at) => {
        const isAlike = compiled !== undefined && isSourceOf(file, name, compiled);
        return isAlike && !(await hasOutput(at, files));
      }));
    if (place !== undefined) there.add(place);
    else if (isGuess !== true) missing.push(name);
  }
  return { files: [...there], missing };
}

async function firstOf(
  source: string,
  places: readonly string[],
  files: FixFiles,
  isIt: (file: Manifest, at: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const place of places) {
    const file = files.resolve(source, place);
    const read = file === undefined || file === source ? undefined : await files.read(file);
    if (file !== undefined && read !== undefined && (await isIt(read, file))) return file;
  }
  return undefined;
}

/** What is compiled into a file beside it is of a project of its own. */
async function hasOutput(source: string, files: FixFiles): Promise<boolean> {
  for (const output of outputsBeside(files, source)) {
    if ((await files.read(output))?.compiled !== undefined) return true;
  }
  return false;
}

/** A source is for the Pythons that it is compiled for; all else is for those of its project. */
async function withPythons(scoped: readonly ScopedFile[], files: FixFiles): Promise<readonly ScopedFile[]> {
  const outputs = new Map<string, ScopedFile[]>();
  for (const file of scoped) {
    for (const source of file.sources ?? []) outputs.set(source, [...(outputs.get(source) ?? []), file]);
  }
  return Promise.all(
    scoped.map(async (file) => {
      const compiled = [file, ...(outputs.get(file.source) ?? [])].flatMap(
        (one) => compiledDemand(one.file, one.shown) ?? [],
      );
      const pythons = allOf(compiled) ?? (await files.pythons(file.source));
      return pythons === undefined ? file : { ...file, pythons };
    }),
  );
}

/** A source that is compiled for several Pythons is for all of them. */
function allOf(demands: readonly PythonDemand[]): PythonDemand | undefined {
  const [first, ...others] = demands;
  return first === undefined || others.length === 0
    ? first
    : {
        pythons: union(demands.map(({ pythons }) => pythons)),
        text: [...new Set(demands.map(({ text }) => text))].slice(0, 4).join(' and '),
      };
}
