import type { PlacedProblem } from '../core/report/scanReport.ts';
import type { IncludeEdge } from '../core/requirements/includeGraph.ts';
import { normalizePath, resolveInclude } from '../core/requirements/includePath.ts';
import { rangeOf } from '../core/requirements/lineIndex.ts';
import type { Include, RequirementsFile } from '../core/requirements/model.ts';
import { maskSecrets } from '../core/requirements/maskSecrets.ts';
import { parseFile } from '../core/requirements/parseFile.ts';
import { shownText } from '../core/requirements/shownText.ts';
import type { CliIo } from './io.ts';

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
  /** Hands the inputs over, so that each can be forgotten when it is done with; `inputs` is empty then. */
  release(): Input[];
}

/** Reads every file named, every requirement file below a folder named, and what they include; each file once. */
export async function findInputs(paths: readonly string[], io: CliIo): Promise<FoundInputs> {
  /** By what the path leads to: `a.txt`, `./a.txt` and the whole path are one file. */
  const inputs = new Map<string, Input>();
  const edges: IncludeEdge[] = [];
  /** By its text: big repositories have many copies of one file. */
  const parsed = new Map<string, RequirementsFile>();
  const missing: string[] = [];
  const unread: string[] = [];
  // One after the other: the order of the report is the order of the call.
  for (const path of paths) {
    if (path === '-') {
      await take(path, io.decode(await io.readStdin()));
      continue;
    }
    switch (await io.kindOf(path)) {
      case 'missing':
        missing.push(path);
        break;
      case 'file':
        await take(path, await io.readFile(path));
        break;
      case 'folder': {
        const found = await io.discover(path);
        for (const file of found.paths) {
          await take(file, await io.readFile(file));
        }
        unread.push(...found.unread);
        break;
      }
    }
  }
  const found = [...inputs.values()];
  const release = (): Input[] => {
    inputs.clear();
    parsed.clear();
    return found.splice(0);
  };
  return { inputs: found, edges, missing, unread, release };

  async function take(path: string, read: { readonly text: string } | { readonly error: string }): Promise<void> {
    const key = placeOf(path, io);
    if (inputs.has(key)) {
      return;
    }
    if ('error' in read) {
      unread.push(read.error);
      return;
    }
    const file = parsed.get(read.text) ?? parseFile(read.text);
    parsed.set(read.text, file);
    const problems: PlacedProblem[] = [];
    inputs.set(key, { path, file, problems });
    for (const [index, item] of file.items.entries()) {
      if (item.kind === 'include' || item.kind === 'constraint') {
        const problem = await follow(path, item);
        if (problem !== undefined) {
          problems.push({ range: rangeOf(file, index, item.target.span), ...problem, incomplete: false });
        }
      }
    }
  }

  /** Takes the included file too; says why where it is not read. */
  async function follow(
    from: string,
    item: Include,
  ): Promise<{ readonly message: string; readonly code: string } | undefined> {
    const { kind, target } = item;
    const path = resolveInclude(from === '-' ? '' : from, target.text);
    const masked = shownText(item, target);
    const shown = masked === target.text ? path : masked;
    if (/^[a-z]+:/iu.test(path)) {
      return { message: `${shown} was not read: only files are followed.`, code: 'include.remote' };
    }
    if (!staysInside(path, [...paths, `${io.presentFolder}/`])) {
      return { message: `${shown} was not read: it is outside of what is scanned.`, code: 'include.outside' };
    }
    const known = inputs.get(placeOf(path, io));
    edges.push({ from, to: known?.path ?? path, kind });
    if (known !== undefined) {
      return undefined;
    }
    const read = (await io.kindOf(path)) === 'file' ? await io.readFile(path) : undefined;
    if (read === undefined || 'error' in read) {
      return {
        message:
          (shown === path ? read?.error : undefined) ?? maskSecrets(`${shown} was not read: there is no such file.`),
        code: 'include.unreadable',
      };
    }
    await take(path, read);
    return undefined;
  }
}

function placeOf(path: string, { presentFolder }: CliIo): string {
  return path === '-' ? path : normalizePath(/^([a-z]:)?[\\/]/iu.test(path) ? path : `${presentFolder}/${path}`);
}

/**
 * A requirements file may come from a stranger, and a line that cannot be read is quoted in the report: an include must
 * not bring in any file of the machine. Below the present folder, or below the folder of a path that was named, it may.
 */
function staysInside(path: string, named: readonly string[]): boolean {
  if (!path.startsWith('/') && !/^\.\.(\/|$)/u.test(path)) {
    return true;
  }
  const folders = named.flatMap((one) => [`${one.replace(/\/+$/u, '')}/`, one.slice(0, one.lastIndexOf('/') + 1)]);
  return folders.some((folder) => folder !== '' && path.startsWith(folder));
}
