import type { PlacedProblem } from '../core/text/position.ts';
import { rangeOf } from '../core/manifests/pip/places.ts';
import type { SkippedPath } from '../core/report/scanReport.ts';
import type { IncludeEdge } from '../core/manifests/includeGraph.ts';
import { resolveInclude } from '../core/manifests/pip/parse/includePath.ts';
import type { Include, RequirementsFile } from '../core/manifests/pip/model.ts';
import { maskSecrets } from '../core/text/maskSecrets.ts';
import { parseFile } from '../core/manifests/pip/parse/parseFile.ts';
import { shownText } from '../core/manifests/pip/shownText.ts';
import { countLineBreaks } from '../core/text/lineLimit.ts';
import type { CliIo, ReadFile } from './io.ts';
import { reachOf } from './reach.ts';

export interface Input {
  /** As the user would write it; `-` for standard input. */
  readonly path: string;
  readonly file: RequirementsFile;
  /** `-r` and `-c` lines whose file was not read, and why. */
  readonly problems: readonly PlacedProblem[];
}

export interface FoundInputs {
  readonly inputs: readonly Input[];
  /** Which input leads to which. */
  readonly edges: readonly IncludeEdge[];
  /** Paths that do not exist: a mistake in the call. */
  readonly missing: readonly string[];
  /** What exists and could not be read, or was not looked at, in words: the scan is incomplete. */
  readonly unread: readonly string[];
  /** What the search for files left out on purpose. */
  readonly skipped: readonly SkippedPath[];
  /** Where a file that is to be changed must lie, links followed. */
  readonly withinFor: (path: string) => readonly string[];
  /** Hands the inputs over, so that each can be forgotten when it is done with; `inputs` is empty then. */
  release(): Input[];
}

/** When the reading ends, whatever is left to read; and why, once it has. */
export interface ReadingEnd {
  readonly signal: AbortSignal;
  readonly reason: () => string;
}

// More than any tree of includes that people made; pip gives up earlier.
const mostDepth = 200;
const mostIncluded = 1_000; // through one file that was named or found
// Of all files together, copies aside: they are in memory at once.
const mostLinesTogether = 500_000;

/** Reads every file named, every requirement file below a folder named, and what they include; each file once. */
export async function findInputs(
  paths: readonly string[],
  io: CliIo,
  { signal, reason }: ReadingEnd,
  /** Texts that are known, by path: a pipe cannot be read twice. */
  known: ReadonlyMap<string, string> = new Map(),
): Promise<FoundInputs> {
  /** By what the path leads to: `a.txt`, `./a.txt` and the whole path are one file. */
  const inputs = new Map<string, Input>();
  const edges: IncludeEdge[] = [];
  /** By its text: big repositories have many copies of one file. */
  const parsed = new Map<string, RequirementsFile>();
  const missing: string[] = [];
  const unread: string[] = [];
  const skipped: SkippedPath[] = [];
  const named: { readonly path: string; readonly kind: 'file' | 'folder' }[] = [];
  for (const path of paths) {
    const kind = path === '-' ? 'file' : await io.kindOf(path);
    if (kind === 'missing') {
      missing.push(path);
    } else {
      named.push({ path, kind });
    }
  }
  const { placeOf, withinFor } = reachOf(named, io.presentFolder);
  const namedPlaces = new Set(named.map(({ path }) => placeOf(path)));
  let included = 0;
  let lines = 0;
  // One after the other: the order of the report is the order of the call, and few files are open at once.
  for (const { path, kind } of named) {
    if (kind === 'file') {
      await takeNamed(path);
      continue;
    }
    const found = signal.aborted ? { ...nothingFound, unread: [late(path)] } : await io.discover(path, signal);
    for (const file of found.paths) {
      await takeNamed(file);
    }
    found.unread.forEach((one) => unread.push(one));
    found.skipped.forEach((one) => skipped.push(one));
  }
  const found = [...inputs.values()];
  const release = (): Input[] => {
    inputs.clear();
    parsed.clear();
    return found.splice(0);
  };
  return { inputs: found, edges, missing, unread, skipped, withinFor, release };

  /** A file that the user named may be any file; one that was found may not. */
  async function read(path: string): Promise<ReadFile> {
    if (signal.aborted) {
      return { kind: 'timeout', error: late(path) };
    }
    const text = known.get(path);
    if (text !== undefined) {
      return { text };
    }
    const isNamed = namedPlaces.has(placeOf(path));
    const result = await io.readFile(path, isNamed ? { signal } : { signal, within: withinFor(path) });
    return 'error' in result && result.kind === 'timeout' ? { ...result, error: late(path) } : result;
  }

  function late(path: string): string {
    return `"${path}" was not read: ${reason()}`;
  }

  async function takeNamed(path: string): Promise<void> {
    if (inputs.has(placeOf(path))) {
      return;
    }
    const result = await read(path);
    if ('error' in result) {
      unread.push(result.error);
    } else if (isTooMuch(result.text)) {
      unread.push(`"${path}" was not read: ${tooMuch}`);
    } else {
      await takeWithIncludes(path, result.text);
    }
  }

  function isTooMuch(text: string): boolean {
    return lines > 0 && !parsed.has(text) && lines + countLineBreaks(text, mostLinesTogether) > mostLinesTogether;
  }

  /** Goes as deep as there are includes before the next line is taken, as pip does; on a stack of its own. */
  async function takeWithIncludes(start: string, startText: string): Promise<void> {
    included = 0;
    const stack = [take(start, startText)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.includes.pop();
      if (next === undefined) {
        stack.pop();
        continue;
      }
      const followed = await follow(top.path, next.item, stack.length);
      if (followed.kind === 'problem') {
        const { message, code } = followed;
        const range = rangeOf(top.file, next.index, next.item.target.span);
        top.problems.push({ range, message, code, incomplete: false });
      } else if (followed.kind === 'read') {
        stack.push(take(followed.path, followed.text));
      }
    }
  }

  function take(path: string, text: string): Taken {
    let file = parsed.get(text);
    if (file === undefined) {
      file = parseFile(text);
      lines += file.lineStarts.length;
      parsed.set(text, file);
    }
    const problems: PlacedProblem[] = [];
    inputs.set(placeOf(path), { path, file, problems });
    const includes = file.items.flatMap((item, index) =>
      item.kind === 'include' || item.kind === 'constraint' ? [{ item, index }] : [],
    );
    return { path, file, problems, includes: includes.reverse() };
  }

  /** Reads the included file; says why where it is not read. */
  async function follow(from: string, item: Include, depth: number): Promise<Followed> {
    const { kind, target } = item;
    const path = resolveInclude(from === '-' ? '' : from, target.text);
    const masked = shownText(item, target);
    const shown = masked === target.text ? path : masked;
    const problem = (code: string, why: string): Followed => ({
      kind: 'problem',
      code,
      message: maskSecrets(`${shown} was not read: ${why}`),
    });
    if (/^[a-z]+:/iu.test(path)) {
      return problem('include.remote', 'only files are followed.');
    }
    const taken = inputs.get(placeOf(path));
    if (taken !== undefined) {
      edges.push({ from, to: taken.path, kind });
      return { kind: 'known' };
    }
    if (depth >= mostDepth) {
      return problem('include.unreadable', `it is included through more than ${mostDepth} files.`);
    }
    if (included >= mostIncluded) {
      return problem('include.unreadable', `more than ${mostIncluded} files are included.`);
    }
    included++;
    const result = await read(path);
    if ('text' in result && isTooMuch(result.text)) {
      return problem('include.unreadable', tooMuch);
    }
    if ('text' in result) {
      edges.push({ from, to: path, kind });
      return { kind: 'read', path, text: result.text };
    }
    switch (result.kind) {
      case 'outside':
        return problem('include.outside', 'it is outside of what is scanned.');
      case 'missing':
        return problem('include.unreadable', 'there is no such file.');
      case 'timeout':
        return problem('include.unreadable', reason());
      default:
        return shown === path
          ? { kind: 'problem', code: 'include.unreadable', message: maskSecrets(result.error) }
          : problem('include.unreadable', unreadWords[result.kind]);
    }
  }
}

/** A file of which not all includes have been followed yet; the next one is the last. */
interface Taken {
  readonly path: string;
  readonly file: RequirementsFile;
  readonly problems: PlacedProblem[];
  readonly includes: { readonly item: Include; readonly index: number }[];
}

type Followed =
  | { readonly kind: 'read'; readonly path: string; readonly text: string }
  | { readonly kind: 'known' }
  | { readonly kind: 'problem'; readonly message: string; readonly code: string };

const tooMuch = `the files of this scan have more than ${mostLinesTogether} lines.`;

const nothingFound = { paths: [], skipped: [] };

const unreadWords = {
  notRegular: 'it is not a regular file.',
  tooLarge: 'it is too large.',
  unreadable: 'it could not be read.',
  undecodable: 'it is not in an encoding that is known.',
} as const;
