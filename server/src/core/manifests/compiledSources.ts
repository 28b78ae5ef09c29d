import type { Compiled } from './compiled.ts';
import { askedName, type Manifest } from './manifest.ts';
import type { PackageName } from '../packages/packageName.ts';

/** A file that a compiled file names: the places where it may be, relative to the compiled file, the likeliest first. */
export interface NamedSource {
  /** As written there. */
  readonly name: string;
  /** Nothing names it: it is called as the compiled file is. */
  readonly isGuess?: true;
  readonly places: readonly string[];
  /** Further up, where a file of that name counts only if its lines are those that came from it (`isSourceOf`). */
  readonly above?: readonly string[];
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
  const constraints = [...new Set([...(compiled.constraints ?? []), ...via.constraints])];
  // The tool ran in one folder, whichever of the names tells.
  const base = [...names, ...constraints].map((name) => basesOf(path, name)[0]).find((one) => one !== undefined);
  const named = (name: string): NamedSource => ({
    name,
    places: placesOf(path, name, { output, base }),
    ...(output === undefined && !isAbsolute(name) ? { above: upTo(mostAbove, name) } : {}),
  });
  return { sources: names.length > 0 ? names.map(named) : guessed(path), constraints: constraints.map(named) };
}

const mostAbove = 4;

/** Whether this is the file that a compiled file calls `name`: what came from it is what is in it. */
export function isSourceOf(source: Manifest, name: string, compiled: Manifest): boolean {
  const came = new Set<string>();
  for (const index of compiled.entries.keys()) {
    const own = askedName(compiled.contentOf(index));
    if (own !== undefined && compiled.viaOf?.(index).sources.includes(name) === true) came.add(own.normalized);
  }
  const [always, sometimes] = [new Set<string>(), new Set<string>()];
  for (const index of source.entries.keys()) {
    const content = source.contentOf(index);
    const asked = askedName(content)?.normalized;
    if (asked === undefined) continue;
    const isMarked = content !== undefined && 'marker' in content && content.marker !== undefined;
    (isMarked ? sometimes : always).add(asked);
  }
  return (
    came.size >= leastAlike &&
    [...came].every((one) => always.has(one) || sometimes.has(one)) &&
    [...always].every((one) => came.has(one))
  );
}

// Fewer may be alike by chance.
const leastAlike = 3;

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

/** The constraints files that a compiled file says limit its packages, by package. */
export function limitedByIn(file: Manifest): ReadonlyMap<PackageName, readonly string[]> {
  const all = new Map<PackageName, readonly string[]>();
  for (const index of file.entries.keys()) {
    const name = askedName(file.contentOf(index));
    const constraints = name && file.viaOf?.(index).constraints;
    if (name !== undefined && constraints !== undefined) all.set(name.normalized, constraints);
  }
  return all;
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

function placesOf(
  path: string,
  name: string,
  { output, base }: { readonly output: string | undefined; readonly base: number | undefined },
): readonly string[] {
  const fromOutput = output === undefined ? undefined : relativeTo(output, name);
  if (fromOutput !== undefined) return [fromOutput];
  if (isAbsolute(name)) return [fileNameOf(name)];
  const ups = [...basesOf(path, name), 0, ...(base === undefined || partsOf(name)[0] === '..' ? [] : [base])];
  return [...new Set(ups)].map((count) => upFrom(count, name));
}

/** From how many folders further up a name leads back into the folder that holds the compiled file, the likeliest first. */
function basesOf(path: string, name: string): readonly number[] {
  const [first, ...rest] = partsOf(name);
  const folders = partsOf(path).slice(0, -1);
  return rest.length === 0 || first === '..' || isAbsolute(name)
    ? []
    : folders.flatMap((folder, at) => (folder === first ? [folders.length - at] : [])).reverse();
}

function upFrom(count: number, name: string): string {
  return '../'.repeat(count) + name.replace(/^(?:\.\/)+/u, '');
}

function upTo(most: number, name: string): readonly string[] {
  return Array.from({ length: most }, (_, at) => upFrom(at + 1, name));
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
