import { canHoldTogether } from '../markers/markerLogic.ts';
import { shown } from '../manifests/rewrite.ts';
import type { Clause } from '../versions/clause.ts';
import type { Version } from '../versions/version.ts';
import { type Bound, boundOf } from './bound.ts';
import { compileAgainText, compiledText } from './words/compiledText.ts';
import type { FixScope, ScopedFile } from './fixScope.ts';
import { originsOf } from './originsOf.ts';
import { isExact, lineAt, placeText, relatedLines, type ScopedLine } from './relatedLines.ts';

/** Which lines have to be changed together for one requirement to be fixed, and what limits them. */
export interface Movers {
  readonly kind: 'movers';
  readonly lines: readonly ScopedLine[];
  readonly bounds: readonly Bound[];
  /** Compiled files that have to be made again afterwards. */
  readonly outputs: readonly ScopedFile[];
}

export interface Unmovable {
  readonly kind: 'unmovable';
  /** One sentence for people. */
  readonly reason: string;
}

/**
 * Begins at these lines. A pin of the same version that pip takes together with one is changed with it; all else is a limit. A
 * line of a compiled file is changed where it comes from.
 */
export function moversFor(
  scope: FixScope,
  starts: readonly ScopedLine[],
  from: Version | undefined,
): Movers | Unmovable {
  const lines: ScopedLine[] = [];
  const bounds = new Map<string, Bound>();
  const outputs = new Map<string, ScopedFile>();
  const seen = new Set<string>();
  const queue = [...starts];
  // A list takes what is added while it is walked.
  for (const line of queue) {
    if (seen.has(keyOf(line))) continue;
    seen.add(keyOf(line));
    if (line.file.compiled !== undefined) {
      const origins = originLines(scope, line);
      if (origins.kind === 'unmovable') return origins;
      const newer = origins.lines.find(({ pin }) => pin !== undefined && from !== undefined && pin.key > from.key);
      if (newer !== undefined) return { kind: 'unmovable', reason: newerText(newer, line) };
      queue.push(...origins.lines);
      outputs.set(line.source, line.in);
      continue;
    }
    lines.push(line);
    const own = boundOn(line, true, (clause) => line.pin === undefined || !isExact(clause));
    if (own !== undefined) bounds.set(keyOf(line), own);
    for (const other of relatedLines(scope, line)) {
      if (other.pin !== undefined && other.pin.key === from?.key && isMovable(scope, line, other)) {
        queue.push(other);
      } else {
        const bound = boundOn(other, false, () => true);
        if (bound !== undefined) bounds.set(keyOf(other), bound);
      }
    }
  }
  // Where a pin decides, names and ranges beside it need no floor: they limit it.
  const pins = lines.filter(({ pin }) => pin !== undefined);
  return {
    kind: 'movers',
    lines: pins.length > 0 ? pins : lines,
    bounds: [...bounds.values()],
    outputs: [...outputs.values()],
  };
}

/** A pin of a compiled file stays until that is made again, which nobody does between two edits. */
function isMovable(scope: FixScope, line: ScopedLine, { in: file }: ScopedLine): boolean {
  return file.file.compiled === undefined || scope.sourcesOf(file.source).some(({ source }) => source === line.source);
}

function boundOn(line: ScopedLine, isOwn: boolean, counts: (clause: Clause) => boolean): Bound | undefined {
  const clauses = (line.content.specifier?.clauses ?? []).filter(counts);
  const compiledBy = line.file.compiled?.tool;
  return clauses.length === 0 ? undefined : boundOf(clauses, placeText(line), { compiledBy, isOwn });
}

/** The lines of the sources that a line of a compiled file comes from. */
function originLines(
  scope: FixScope,
  line: ScopedLine,
): { readonly kind: 'lines'; readonly lines: readonly ScopedLine[] } | Unmovable {
  const sources = scope.sourcesOf(line.source);
  const { direct, places } = originsOf(line.file, line.index, sources);
  const name = shown(line.content.name);
  if (!direct) {
    return { kind: 'unmovable', reason: compiledText(line.in, name, { sources, places }) };
  }
  const named = line.file.viaOf?.(line.index).sources ?? [];
  const lines = places.flatMap(({ source, index }) => {
    const file = scope.get(source);
    const at = file && lineAt(file, index);
    return at !== undefined && canHoldTogether(at.content.marker?.tree, line.content.marker?.tree) ? [at] : [];
  });
  const byVia = lines.filter(({ source }) => named.some((one) => endsWithPath(source, one)));
  const found = byVia.length > 0 ? byVia : lines;
  return found.length > 0
    ? { kind: 'lines', lines: found }
    : { kind: 'unmovable', reason: compiledText(line.in, name, { sources, places: [] }) };
}

function newerText(origin: ScopedLine, { in: file }: ScopedLine): string {
  const version = origin.pin?.normal ?? '';
  return `${placeText(origin)} asks for ${shown(origin.content.name)} ${version} already. ${compileAgainText(file)}`;
}

function endsWithPath(source: string, name: string): boolean {
  const last = name.split('/').at(-1) ?? name;
  return source === last || source.endsWith(`/${last}`);
}

function keyOf({ source, index }: ScopedLine): string {
  return `${index} ${source}`;
}
