import type { PackageName } from '../packages/packageName.ts';
import { askedName, type Manifest } from '../manifests/manifest.ts';
import type { SourcedFile, SourcedItem } from './fixEdit.ts';

/** Which lines of the sources a line of a compiled file comes from. */
export interface Origins {
  /** The sources name the package itself; else they name what needs it, however far away. */
  readonly direct: boolean;
  readonly places: readonly SourcedItem[];
}

/** Walks up what a compiled file says of why its lines are there, until the files it was made from name a package. Cycles end. */
export function originsOf(file: Manifest, index: number, sources: readonly SourcedFile[]): Origins {
  const own = askedName(file.contentOf(index))?.normalized;
  if (own === undefined) {
    return { direct: false, places: [] };
  }
  const direct = placesOf(own, sources);
  if (direct.length > 0) {
    return { direct: true, places: direct };
  }
  const names = new Set([own]);
  const places: SourcedItem[] = [];
  // A set takes what is added while it is walked.
  for (const name of names) {
    const found = placesOf(name, sources);
    places.push(...found);
    if (found.length > 0) continue;
    for (const line of file.entriesFor(name)) {
      file.viaOf?.(line).packages.forEach((parent) => names.add(parent));
    }
  }
  return { direct: false, places };
}

function placesOf(name: PackageName, sources: readonly SourcedFile[]): readonly SourcedItem[] {
  return sources.flatMap(({ source, file }) =>
    file
      .entriesFor(name)
      .flatMap((index) => (askedName(file.contentOf(index)) !== undefined ? [{ source, file, index }] : [])),
  );
}
