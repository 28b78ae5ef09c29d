import { pythonsOfMarker, pythonsWhereBoth } from '../markers/markerLogic.ts';
import type { Pythons } from '../markers/pythons.ts';
import { finals } from '../markers/pythons.ts';
import { lastAtOrBefore } from '../text/lineIndex.ts';
import { areTogether } from '../manifests/areTogether.ts';
import type { IndexRequirement } from '../manifests/requirement.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import type { Clause } from '../versions/clause.ts';
import type { Version } from '../versions/version.ts';
import { intersect } from '../versions/versionSet.ts';
import type { SourcedItem } from './fixEdit.ts';
import type { FixScope, ScopedFile } from './fixScope.ts';

/** A line that asks for a package by its version, and where it stands. */
export interface ScopedLine extends SourcedItem {
  readonly in: ScopedFile;
  readonly content: IndexRequirement;
  /** Of a pin. */
  readonly pin: Version | undefined;
}

export function lineAt(file: ScopedFile, index: number): ScopedLine | undefined {
  const content = file.file.contentOf(index);
  if (content?.kind !== 'index') return undefined;
  const pinned = pinnedVersion(content.specifier?.clauses ?? []);
  const pin = pinned.kind === 'pin' ? pinned.version : undefined;
  return { source: file.source, file: file.file, index, in: file, content, pin };
}

/**
 * The other lines about a line's package that pip takes together with it: all versions of one package must agree, wherever
 * they are written; but for environments and commands of their own. Lines whose markers exclude each other do not limit each other, nor those that meet on Pythons only that
 * the project is not for.
 */
export function relatedLines(scope: FixScope, line: ScopedLine): readonly ScopedLine[] {
  const name = line.content.name.normalized;
  return scope.together(line.source).flatMap((file) =>
    file.file.entriesFor(name).flatMap((index) => {
      const isSameFile = file.source === line.source;
      const other = isSameFile && index === line.index ? undefined : lineAt(file, index);
      const isApart = other === undefined || (isSameFile && !areTogether(line.content, other.content));
      return !isApart && pythonsOfBoth(line, other).length > 0 ? [other] : [];
    }),
  );
}

function pythonsOfBoth(line: ScopedLine, other: ScopedLine): Pythons {
  const both = pythonsWhereBoth(line.content.marker?.tree, other.content.marker?.tree);
  const demand = line.in.pythons?.pythons;
  // A line that the project has no Python for is looked at for those that it names itself.
  return demand === undefined || finals(intersect(pythonsOfMarker(line.content.marker?.tree), demand)).length === 0
    ? both
    : finals(intersect(both, demand));
}

/** "constraints.txt:3" */
export function placeText({ in: file, index }: Pick<ScopedLine, 'in' | 'index'>): string {
  return `${file.shown}:${lastAtOrBefore(file.file.lineStarts, file.file.starts[index] ?? 0) + 1}`;
}

/** `==` and `===` with one version. */
export function isExact({ operator, wildcard }: Clause): boolean {
  return operator === '===' || (operator === '==' && !wildcard);
}
