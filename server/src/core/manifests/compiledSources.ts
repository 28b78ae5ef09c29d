import type { Compiled } from './compiled.ts';
import type { Manifest } from './manifest.ts';

/** A file that a compiled file names: the places where it may be, relative to the compiled file, the likeliest first. */
export interface NamedSource {
  /** As written there. */
  readonly name: string;
  /** Nothing names it: it is called as the compiled file is. */
  readonly isGuess?: true;
  readonly places: readonly string[];
}

export interface CompiledFrom {
  readonly sources: readonly NamedSource[];
  readonly constraints: readonly NamedSource[];
}

/**
 * What the compiled file at `path` (with `/`) was made from: by the command, by what the lines say of their origin, else
 * `base.in` for `base.txt`. Names are relative to where the tool ran, which the name of the output tells; where it does not, the
 * tool ran beside the file, or in a folder above it from which the name leads back into the folder that holds the file. So no
 * file of another project is taken for the source.
 */
export function compiledFrom(path: string, file: Manifest): CompiledFrom {
  const { compiled } = file;
  if (compiled === undefined) return { sources: [], constraints: [] };
  const via = viaFiles(file);
  const names = [...new Set([...compiled.sources, ...via.sources])];
  const output = outputOf(path, compiled);
  const named = (name: string): NamedSource => ({ name, places: placesOf(path, name, output) });
  return {
    sources: names.length > 0 ? names.map(named) : guessed(path),
    constraints: [...new Set([...(compiled.constraints ?? []), ...via.constraints])].map(named),
  };
}

/** `base.in` for `base.txt`, `base.py39.txt` and `base_lock.txt`. */
function guessed(path: string): readonly NamedSource[] {
  const [, stem] = /^(.+)\.(?:txt|pip)$/u.exec(fileNameOf(path)) ?? [];
  if (stem === undefined) return [];
  const bare = stem.replace(/[._-](?:py(?:thon)?[\d.]+|lock(?:ed)?)$/iu, '');
  return [{ name: `${stem}.in`, isGuess: true, places: [...new Set([`${stem}.in`, `${bare}.in`])] }];
}

const mostNames = 30;

function viaFiles(file: Manifest): { readonly sources: readonly string[]; readonly constraints: readonly string[] } {
  const sources = new Set<string>();
  const constraints = new Set<string>();
  for (const index of file.entries.keys()) {
    const via = file.viaOf?.(index);
    via?.sources.forEach((one) => sources.add(one));
    via?.constraints?.forEach((one) => constraints.add(one));
    if (sources.size + constraints.size > mostNames) break;
  }
  return { sources: [...sources], constraints: [...constraints] };
}

/** What the tool called the file; `undefined` where it does not say, or the file has another name now. */
function outputOf(path: string, { tool, output, sources }: Compiled): string | undefined {
  const [source] = sources;
  const usual = tool === 'pip-compile' && sources.length === 1 ? source?.replace(/\.in$/u, '.txt') : undefined;
  const name = output ?? usual;
  const parts = partsOf(name ?? '').filter((part) => part !== '..');
  const own = partsOf(path);
  const isOwn = parts.length > 0 && parts.every((part, at) => part === own.at(at - parts.length));
  return isOwn || (name !== undefined && isAbsolute(name) && parts.at(-1) === own.at(-1)) ? name : undefined;
}

function placesOf(path: string, name: string, output: string | undefined): readonly string[] {
  const fromOutput = output === undefined ? undefined : relativeTo(output, name);
  if (fromOutput !== undefined) return [fromOutput];
  if (isAbsolute(name)) return [fileNameOf(name)];
  const up = (count: number): string => '../'.repeat(count) + name.replace(/^(?:\.\/)+/u, '');
  const [first, ...rest] = partsOf(name);
  const folders = partsOf(path).slice(0, -1);
  const above =
    rest.length === 0 || first === '..'
      ? []
      : folders.flatMap((folder, at) => (folder === first ? [folders.length - at] : [])).reverse();
  return [...above.map(up), up(0)];
}

/** From the folder of one file to another, both as the same folder sees them; `undefined` where that folder's name is missing. */
function relativeTo(output: string, name: string): string | undefined {
  if (isAbsolute(output) !== isAbsolute(name)) return undefined;
  const [from, to] = [partsOf(output).slice(0, -1), partsOf(name)];
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  const up = from.slice(common);
  return up.includes('..') ? undefined : [...up.map(() => '..'), ...to.slice(common)].join('/');
}

function partsOf(path: string): readonly string[] {
  return path.split(/[\\/]/u).filter((part) => part !== '' && part !== '.');
}

function isAbsolute(name: string): boolean {
  return /^(?:[\\/]|[a-z]:[\\/])/iu.test(name);
}

function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
