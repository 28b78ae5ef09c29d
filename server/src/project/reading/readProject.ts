import type { IncludeEdge } from '../../core/manifests/includeGraph.ts';
import type { Manifest, ManifestKind } from '../../core/manifests/manifest.ts';
import { type Declared, declaredIn, withDeclared } from '../../core/manifests/declared.ts';
import { isAboutPackages } from '../../core/manifests/reading/isAboutPackages.ts';
import { installedKind, kindOfNamed, type PathChoice } from '../../core/manifests/manifestKinds.ts';
import type { SkippedPath } from '../../core/report/scanReport.ts';
import { countLineBreaks } from '../../core/text/lineLimit.ts';
import type { PlacedProblem } from '../../core/text/position.ts';
import type { ProjectFiles, ReadFile } from './files.ts';
import { includedPath } from './includedPath.ts';
import { type IncludeLine, includesOf } from './includes.ts';
import { reachOf } from '../fixing/reach.ts';
import { reasonOf } from '../reasonOf.ts';
import {
  missingInclude,
  mostIncluded,
  otherPlaceProblem,
  outsideInclude,
  tooManyIncludes,
  type UnreadInclude,
  unreadable,
  unreadInclude,
  unreadProblem,
} from './unreadInclude.ts';

export interface ProjectFile {
  /** As the user would write it; `-` for standard input. */
  readonly path: string;
  readonly file: Manifest;
  /** `-r` and `-c` lines whose file was not read, and why. */
  readonly problems: readonly PlacedProblem[];
}

export interface Project {
  readonly files: readonly ProjectFile[];
  /** Which file leads to which. */
  readonly edges: readonly IncludeEdge[];
  /** Paths that do not exist, and folders that are no environments, in words: mistakes in the call. */
  readonly mistakes: readonly string[];
  /** What exists and could not be read, or was not looked at, in words: the scan is incomplete. */
  readonly unread: readonly string[];
  /** What the search for files left out on purpose. */
  readonly skipped: readonly SkippedPath[];
  /** Where a file that is to be changed must lie, links followed. */
  readonly withinFor: (path: string) => readonly string[];
  /** Hands the files over, so that each can be forgotten when it is done with; `files` is empty then. */
  release(): ProjectFile[];
}

/** Texts that are known, by path: they are not read from the disk. */
export type KnownTexts = ReadonlyMap<string, string>;

export interface ReadOptions {
  readonly texts?: KnownTexts | undefined;
  /** Folders with installed packages, read besides. */
  readonly environments?: readonly string[] | undefined;
  /** Which files a search of a folder of the call takes. */
  readonly choiceFor?: (folder: string) => PathChoice;
}

/**
 * Reads every file named, every requirements file below a folder named, and what they include; each file once. An aborted
 * signal ends the reading, and what is left to read is unread.
 */
export async function readProject(
  paths: readonly string[],
  disk: ProjectFiles,
  signal: AbortSignal,
  { texts: known = new Map(), choiceFor, environments = [] }: ReadOptions = {},
): Promise<Project> {
  const named: Named[] = [];
  const mistakes: string[] = [];
  for (const path of paths) {
    const kind = path === '-' || known.has(path) ? 'file' : await disk.kindOf(path);
    if (kind === 'missing') {
      mistakes.push(`there is no file or folder "${path}"`);
    } else {
      named.push({ path, kind });
    }
  }
  const { placeOf, withinFor } = reachOf(named, disk.presentFolder);
  const namedFiles = new Set(named.flatMap(({ path, kind }) => (kind === 'file' ? [placeOf(path)] : [])));
  /** By what the path leads to: `a.txt`, `./a.txt` and the whole path are one file. */
  const files = new Map<string, ProjectFile>();
  const edges: IncludeEdge[] = [];
  /** By its text: big repositories have many copies of one file. */
  const parsed = new Map<string, Manifest>();
  const parsers = new Map<ManifestKind, (text: string) => Manifest>();
  const unread: string[] = [];
  const skipped: SkippedPath[] = [];
  const loose: LooseInclude[] = [];
  let lines = 0;
  // One after the other: the order of the report is the order of the call, and few files are open at once.
  for (const { path, kind } of named) {
    if (kind === 'file') {
      await takeNamed(path);
      continue;
    }
    const found = signal.aborted
      ? { paths: [], skipped: [], unread: [late(path)] }
      : await disk.discover(path, signal, choiceFor?.(path));
    for (const file of found.paths) {
      await takeNamed(file, true);
    }
    found.unread.forEach((one) => unread.push(one));
    const read = environments.map((one) => placeOf(one).replace(ownSite, ''));
    found.skipped.filter((one) => !read.includes(placeOf(one.path))).forEach((one) => skipped.push(one));
  }
  let declared: Declared | undefined;
  for (const folder of environments) {
    const read = await disk.installedIn(folder, signal);
    if ('error' in read) {
      (read.kind === 'missing' || read.kind === 'notRegular' ? mistakes : unread).push(read.error);
    } else {
      declared ??= declaredIn([...files.values()].map(({ file }) => file));
      const file = installedKind.parse(withDeclared(read.text, declared));
      files.set(placeOf(folder), { path: folder, file, problems: [] });
    }
  }
  sayOtherPlaces();
  const found = [...files.values()];
  const release = (): ProjectFile[] => {
    files.clear();
    parsed.clear();
    parsers.clear();
    return found.splice(0);
  };
  return { files: found, edges, mistakes, unread, skipped, withinFor, release };

  /** A file that the user named may be any file; one that was found may not. */
  async function read(path: string): Promise<ReadFile> {
    if (signal.aborted) {
      return { kind: 'timeout', error: late(path), why: reasonOf(signal) };
    }
    const text = known.get(path);
    if (text !== undefined) {
      return { text };
    }
    const isNamed = namedFiles.has(placeOf(path));
    const result = await disk.readFile(path, isNamed ? { signal } : { signal, within: withinFor(path) });
    return 'error' in result && result.kind === 'timeout'
      ? { ...result, error: late(path), why: reasonOf(signal) }
      : result;
  }

  function late(path: string): string {
    return `"${path}" was not read: ${reasonOf(signal)}`;
  }

  /** One that a search found for its name alone is none where nothing in it is about packages. */
  async function takeNamed(path: string, isFound = false): Promise<void> {
    if (files.has(placeOf(path))) {
      return;
    }
    const result = await read(path);
    if ('error' in result) {
      unread.push(result.error);
    } else if (isFound && saysNothing(path, result.text)) {
      return;
    } else if (isTooMuch(result.text)) {
      unread.push(`"${path}" was not read: ${tooManyLines.why}`);
    } else {
      await takeWithIncludes(path, result.text);
    }
  }

  function saysNothing(path: string, text: string): boolean {
    const kind = kindOfNamed(path);
    return kind.isByContent === true && !namedFiles.has(placeOf(path)) && !isAboutPackages(kind.parse(text), text);
  }

  function isTooMuch(text: string): boolean {
    const mayBe = lines > 0 && lines + text.length > mostLinesTogether;
    return mayBe && !parsed.has(text) && lines + countLineBreaks(text, mostLinesTogether) > mostLinesTogether;
  }

  /** Goes as deep as there are includes before the next line is taken, as pip does; on a stack of its own. */
  async function takeWithIncludes(start: string, startText: string): Promise<void> {
    let included = 0;
    const stack = [take(start, startText)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const line = top.includes.pop();
      if (line === undefined) {
        stack.pop();
        continue;
      }
      const places = [line.target, ...line.others].flatMap(
        (target) => includedPath(top.path, target, disk.presentFolder) ?? [],
      );
      const [first] = places;
      if (first === undefined) {
        top.problems.push(unreadProblem(line, outsideInclude));
        continue;
      }
      const edgeTo = (to: string): IncludeEdge => ({
        from: top.path,
        to,
        kind: line.kind,
        ...(line.part && { part: line.part }),
      });
      const refused = refusal(line, included);
      const { path, taken, result } = await readFirst(places, refused);
      if (places.length > 1) loose.push({ line, places, path, problems: top.problems });
      if (taken !== undefined) {
        edges.push(edgeTo(taken.path));
        continue;
      }
      included += refused === undefined ? 1 : 0;
      if ('text' in result && isTooMuch(result.text)) {
        top.problems.push(unreadProblem(line, tooManyLines));
      } else if ('text' in result) {
        edges.push(edgeTo(path));
        stack.push(take(path, result.text));
      } else {
        top.problems.push(unreadProblem(line, 'code' in result ? result : unreadInclude(result)));
      }
    }
  }

  /** The first of the places where there is a file; what was said of the first of all where there is none. */
  async function readFirst(
    [first = '', ...others]: readonly string[],
    refused: UnreadInclude | undefined,
  ): Promise<{ readonly path: string; readonly taken?: ProjectFile; readonly result: UnreadInclude | ReadFile }> {
    let failed: ReadFile | undefined;
    for (const path of [first, ...others]) {
      const taken = files.get(placeOf(path));
      const result: UnreadInclude | ReadFile = taken !== undefined ? { text: '' } : (refused ?? (await read(path)));
      if (taken !== undefined) return { path, taken, result };
      if (!('kind' in result) || (result.kind !== 'missing' && result.kind !== 'outside')) return { path, result };
      failed ??= result;
      if (result.kind === 'outside') break;
    }
    return { path: first, result: failed ?? missingInclude };
  }

  /** Which file is read where an image may take another one of that name. */
  function sayOtherPlaces(): void {
    for (const { line, places, path, problems } of loose) {
      const read = files.get(placeOf(path));
      const other = places.flatMap((one) => files.get(placeOf(one)) ?? []).find((one) => one !== read);
      if (read !== undefined && other !== undefined) problems.push(otherPlaceProblem(line, read.path, other.path));
    }
  }

  function parserOf(kind: ManifestKind): (text: string) => Manifest {
    const parser = parsers.get(kind) ?? kind.parser?.() ?? ((text: string) => kind.parse(text));
    parsers.set(kind, parser);
    return parser;
  }

  function take(path: string, text: string): Taken {
    let file = parsed.get(text);
    const kind = kindOfNamed(path);
    if (file?.kind !== kind) {
      file = parserOf(kind)(text);
      lines += file.lineStarts.length;
      parsed.set(text, file);
    }
    const problems: PlacedProblem[] = [];
    files.set(placeOf(path), { path, file, problems });
    return { path, problems, includes: [...includesOf(file)].reverse() };
  }
}

/** Of an environment, the folder with its packages. */
const ownSite = /\/(?:lib(?:64)?\/[^/]+|Lib)\/site-packages\/?$/u;

// Of all files together, copies aside: they are in memory at once.
const mostLinesTogether = 500_000;

const tooManyLines = unreadable(`the files of this scan have more than ${mostLinesTogether} lines.`);

/** Why an include is not even tried. */
function refusal(line: IncludeLine, included: number): UnreadInclude | undefined {
  return line.unread ?? (included >= mostIncluded ? tooManyIncludes : undefined);
}

interface Named {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** An include that an image has, and where it may be here. */
interface LooseInclude {
  readonly line: IncludeLine;
  readonly places: readonly string[];
  /** The one that was read. */
  readonly path: string;
  readonly problems: PlacedProblem[];
}

/** A file of which not all includes have been followed yet; the next one is the last. */
interface Taken {
  readonly path: string;
  readonly problems: PlacedProblem[];
  readonly includes: IncludeLine[];
}
