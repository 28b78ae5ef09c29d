import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import { versionsOf } from '../../../core/assessment/decided/lockedVersions.ts';
import { compiledFrom, limitedByIn } from '../../../core/manifests/compiledSources.ts';
import { treeOfManifest } from '../../../core/assessment/decided/treeOfManifest.ts';
import { kindOfNamed } from '../../../core/manifests/manifestKinds.ts';
import { decodeRequirementFile } from '../files/readRequirementFile.ts';
import type { LockDisk } from './lockDisk.ts';

/** A file that a tool compiled. */
export interface CompiledFile {
  /** What it was made from: where each of these files is, or may be. */
  readonly sources: readonly string[];
  readonly versions: LockedVersions;
}

const compiledName = /\.(?:txt|pip)$/u;

// Folders of requirements hold a few dozen.
const mostBeside = 50;
// A header is shorter.
const headLength = 8_000;

/** The files of a folder that a tool compiled. */
export async function readCompiledFiles(
  folder: string,
  disk: LockDisk<CompiledFile>,
): Promise<readonly CompiledFile[]> {
  const names = (await disk.namesIn(folder)).filter((name) => compiledName.test(name));
  if (names.length > mostBeside) {
    disk.tell(`"${folder}": only ${mostBeside} of ${names.length} files were looked at for what a tool compiled.`);
  }
  const files: CompiledFile[] = [];
  for (const name of names.slice(0, mostBeside)) {
    const file = await disk.ofFile(path.join(folder, name), (bytes) => read(path.join(folder, name), bytes));
    files.push(...(file === undefined ? [] : [file]));
  }
  return files;
}

/**
 * What decides for an `.in` file: `base.txt` or `base.pip` for `base.in`, else the one file beside it that says it was compiled from it.
 * Several (for each Python, or with what tests need) may differ, so they decide nothing.
 */
export function compiledFor(file: string, beside: readonly CompiledFile[]): LockedVersions | undefined {
  const stem = path.basename(file).replace(/\.in$/u, '');
  const locks = beside.filter(({ sources }) => sources.includes(path.normalize(file))).map(({ versions }) => versions);
  return (
    locks.find(({ source }) => source.replace(compiledName, '') === stem) ?? (locks.length === 1 ? locks[0] : undefined)
  );
}

function read(file: string, bytes: Uint8Array): CompiledFile | undefined {
  const name = path.basename(file);
  const decoded = decodeRequirementFile(bytes, name);
  if (!('text' in decoded)) {
    return undefined;
  }
  const kind = kindOfNamed(name);
  if (kind.parse(decoded.text.slice(0, headLength)).compiled === undefined) {
    return undefined;
  }
  const manifest = kind.parse(decoded.text);
  const limitedBy = limitedByIn(manifest);
  const { sources } = compiledFrom(file.split(path.sep).join('/'), manifest);
  return {
    sources: sources.flatMap(({ places }) => places.map((place) => path.join(path.dirname(file), place))),
    versions: {
      kind: 'compiled',
      source: name,
      ...versionsOf(manifest.decides ?? []),
      ...(manifest.compiled && { compiled: manifest.compiled }),
      ...(limitedBy.size === 0 ? {} : { limitedBy }),
      tree: treeOfManifest(manifest, pathToFileURL(file).href),
    },
  };
}
