import path from 'node:path';
import type { IgnoreList } from '../../../core/ignores/ignore.ts';
import { decodeOsvScannerToml } from '../../../core/ignores/osvScannerToml.ts';
import { ignoreProblem } from '../../../core/ignores/tomlDocument.ts';
import { decodeUvAudit } from '../../../core/ignores/uvAudit.ts';
import { parseToml } from '../../../core/text/toml/parseToml.ts';
import type { IgnoreFiles } from '../../../engine/ignoreFiles.ts';
import { loadFile } from '../files/loader.ts';
import { loadNamedFile } from '../files/loadNamedFile.ts';
import { shownPath } from './shownPath.ts';

/** `missing`, or a text, or why there is none, in words. */
export type ReadIgnoreFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'text'; readonly text: string }
  /** `mayPass`: the system refused this time. Otherwise what lies there is no text file of the project, now or later. */
  | { readonly error: string; readonly mayPass?: boolean };

export interface IgnoreFilesOptions {
  /** Relative paths are those of this folder, and what lies in it is shown relative to it; without it all are absolute. */
  readonly presentFolder?: string;
  readonly read?: (path: string, options: ReadIgnoreOptions) => Promise<ReadIgnoreFile>;
}

export interface ReadIgnoreOptions {
  /** The folders, links followed, in which the file must lie; without them it is one that the user named, wherever it lies. */
  readonly within?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads each ignore file once: for one scan, not for a session. */
export function createIgnoreFiles({ presentFolder, read = readIgnoreFile }: IgnoreFilesOptions): IgnoreFiles {
  const lists = new Map<string, Promise<IgnoreList | undefined>>();
  const resolve = (file: string): string => path.resolve(presentFolder ?? '', file);
  const shown = (absolute: string): string => shownPath(absolute, presentFolder);
  const load = (absolute: string, options: ReadIgnoreOptions): Promise<IgnoreList | undefined> => {
    const known = lists.get(absolute);
    if (known !== undefined) {
      return known;
    }
    const list = read(absolute, options).then((found) => decode(shown(absolute), found));
    lists.set(absolute, list);
    return list;
  };
  const nearestOf = async (
    name: string,
    folders: readonly string[],
    options: ReadIgnoreOptions,
  ): Promise<readonly IgnoreList[]> => {
    for (const folder of folders) {
      const list = await load(path.join(folder, name), options);
      if (list !== undefined) {
        return [list];
      }
    }
    return [];
  };
  return {
    nearest: async (file, roots, signal) => {
      const start = path.dirname(resolve(file));
      const tops = roots.map(resolve);
      const folders = foldersUpwards(start).filter((folder) => tops.some((top) => isWithin(folder, top)));
      const options = { within: tops, signal };
      return [
        ...(await nearestOf(osvScannerToml, folders, options)),
        ...(await nearestOf(pyprojectToml, folders, options)),
      ];
    },
    named: async (file, signal) => {
      const absolute = resolve(file);
      const found = await read(absolute, { signal });
      if ('kind' in found && found.kind === 'missing') {
        return { error: `there is no ignore file "${file}"` };
      }
      const list = decode(shown(absolute), found);
      if (list === undefined) {
        return { error: `"${file}" has no [tool.uv.audit]` };
      }
      const [problem] = list.problems;
      return list.isBroken ? { error: problem?.message ?? `"${file}" could not be read` } : list;
    },
  };
}

const osvScannerToml = 'osv-scanner.toml';
const pyprojectToml = 'pyproject.toml';

function decode(shownPath: string, found: ReadIgnoreFile): IgnoreList | undefined {
  if ('error' in found) {
    const start = { line: 0, character: 0 };
    const message = `${shownPath} could not be read: ${found.error}. Nothing is ignored by it.`;
    const problem = ignoreProblem('ignore.unreadable', message, { start, end: start });
    return { path: shownPath, ignores: [], problems: [problem], isBroken: true, isUnread: true };
  }
  if (found.kind === 'missing') {
    return undefined;
  }
  const toml = parseToml(found.text);
  return path.basename(shownPath) === pyprojectToml
    ? decodeUvAudit(shownPath, found.text, toml)
    : decodeOsvScannerToml(shownPath, found.text, toml);
}

// An ignore file of that size was not written by people.
const maxBytes = 1024 * 1024;

export async function readIgnoreFile(file: string, { within, signal }: ReadIgnoreOptions): Promise<ReadIgnoreFile> {
  const limits = { mostBytes: maxBytes, signal };
  const loaded = await (within === undefined ? loadNamedFile(file, limits) : loadFile(file, { within, ...limits }));
  if ('error' in loaded) {
    const { kind, message } = loaded.error;
    return kind === 'missing' ? { kind } : { error: message, mayPass: kind === 'unreadable' || kind === 'timeout' };
  }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(loaded.bytes) };
  } catch {
    return { error: 'it is not in UTF-8' };
  }
}

/** The folder and those above it, the nearest first. */
export function foldersUpwards(folder: string): readonly string[] {
  const folders = [folder];
  for (let above = path.dirname(folder); above !== folders.at(-1); above = path.dirname(above)) {
    folders.push(above);
  }
  return folders;
}

export function isWithin(folder: string, top: string): boolean {
  return folder === top || folder.startsWith(top.endsWith(path.sep) ? top : top + path.sep);
}
