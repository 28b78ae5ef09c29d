import type { PackageName } from '../../packages/packageName.ts';
import type { Position } from '../../text/position.ts';
import type {
  Content,
  Manifest,
  ManifestKind,
  NameBeingTyped,
  OutlineEntry,
  PlacedInclude,
  VersionToken,
  Via,
} from '../manifest.ts';
import type { Compiled } from '../compiled.ts';
import type { LockedPackage } from '../lockedPackage.ts';
import { packagesOfPins } from '../packagesOfPins.ts';
import { rangeOf } from '../places.ts';
import type { FixEdit, Rewrite, TextChange } from '../rewrite.ts';
import { contentOf } from './content.ts';
import { applyEdits } from './edit/applyEdits.ts';
import { compiledBy } from './edit/compiledBy.ts';
import { type Correction, correctionOf } from './edit/correction.ts';
import { pinEdit } from './edit/pinEdit.ts';
import { rangeEdit } from './edit/rangeEdit.ts';
import { nameTokenAt } from './edit/nameToken.ts';
import { versionTokenAt } from './edit/versionToken.ts';
import { viaOf } from './edit/viaOf.ts';
import { linksOf } from './links.ts';
import type { Item } from './model.ts';
import { outlineOf } from './outline.ts';
import { parseFile, type SameLines } from './parse/parseFile.ts';
import { countPipLines, toParseItems } from './parse/parseItems.ts';
import type { ParsedFile } from './parsedFile.ts';

/** Requirements and constraints files, as pip reads them. */
export const pipKind: ManifestKind = {
  id: 'pip',
  matches: (path) => usual.test(path),
  parse: (text, context) => new PipManifest(parseFile(text, context)),
  parser: () => {
    const sameLines: SameLines = new Map();
    return (text) => new PipManifest(parseFile(text, { sameLines }));
  },
  describe: (text, context = {}) => ({
    lines: countPipLines(text),
    items: toParseItems(parseFile(text, context), context),
  }),
};

const usual = /(^|\/)([^/]*(requirements|constraints)[^/]*|(requirements|constraints)\/(.*\/)?[^/]+)\.(txt|in|pip)$/iu;

/** A requirements file as every manifest is. Its items are its entries. */
export class PipManifest implements Manifest {
  readonly entries: readonly Item[];
  readonly starts: Int32Array;
  readonly lineStarts: Int32Array;
  readonly isSilentEdit: boolean;
  readonly #file: ParsedFile;
  // Worked out when it is first asked for.
  #includes: readonly PlacedInclude[] | undefined;
  #named: ReadonlyMap<PackageName, readonly number[]> | undefined;
  #compiled: { readonly by: Compiled | undefined } | undefined;
  #noIndex: { readonly at: number | undefined } | undefined;

  constructor(file: ParsedFile, isSilentEdit = false) {
    this.#file = file;
    this.isSilentEdit = isSilentEdit;
    this.entries = file.items;
    this.starts = file.starts;
    this.lineStarts = file.lineStarts;
  }

  get kind(): ManifestKind {
    return pipKind;
  }

  get text(): string {
    return this.#file.text;
  }

  get length(): number {
    return this.#file.length;
  }

  slice(start: number, end: number): string {
    return this.#file.slice(start, end);
  }

  contentOf(index: number): Content | undefined {
    const item = this.#file.items[index];
    return item && contentOf(item);
  }

  entriesFor(name: PackageName): readonly number[] {
    this.#named ??= indexesByName(this.#file.items);
    return this.#named.get(name) ?? [];
  }

  get includes(): readonly PlacedInclude[] {
    this.#includes ??= includesIn(this.#file.items);
    return this.#includes;
  }

  get compiled(): Compiled | undefined {
    this.#compiled ??= { by: compiledBy(this.#file) };
    return this.#compiled.by;
  }

  get noIndexAt(): number | undefined {
    this.#noIndex ??= { at: noIndexIn(this.#file.items) };
    return this.#noIndex.at;
  }

  get decides(): readonly LockedPackage[] | undefined {
    return this.compiled && packagesOfPins(this);
  }

  viaOf(index: number): Via {
    return viaOf(this.#file, index);
  }

  get outline(): readonly OutlineEntry[] {
    return outlineOf(this.#file);
  }

  get links(): Manifest['links'] {
    return this.#file.items.flatMap((item, index) =>
      linksOf(item).map(({ text, span }) => ({ text, range: rangeOf(this.#file, index, span) })),
    );
  }

  versionAt(position: Position): VersionToken | undefined {
    return this.noIndexAt === undefined ? versionTokenAt(this.#file, position) : undefined;
  }

  nameAt(position: Position): NameBeingTyped | undefined {
    return nameTokenAt(this.#file, position);
  }

  edit(changes: readonly TextChange[]): PipManifest {
    const file = applyEdits(this.#file, changes);
    const edited = new PipManifest(file, changes.length === 1 && file.isSilentEdit);
    if (edited.isSilentEdit) {
      edited.#includes = this.#includes;
      edited.#named = this.#named;
      edited.#noIndex = this.#noIndex;
    }
    return edited;
  }

  correctionOf(index: number): Correction | undefined {
    return correctionOf(this.#file, index);
  }

  rewrite(index: number, to: Rewrite): FixEdit {
    return to.kind === 'pin' ? pinEdit(this.#file, index, to.version, to.files) : rangeEdit(this.#file, index, to);
  }
}

function noIndexIn(items: readonly Item[]): number | undefined {
  const at = items.findIndex(
    (item) => item.kind === 'option' && item.options.some(({ destination }) => destination === 'no_index'),
  );
  return at < 0 ? undefined : at;
}

function includesIn(items: readonly Item[]): readonly PlacedInclude[] {
  const includes: PlacedInclude[] = [];
  items.forEach((item, index) => {
    if (item.kind !== 'include' && item.kind !== 'constraint') return;
    const { kind, text, target } = item;
    includes.push({ kind, text, target, index });
  });
  return includes;
}

function indexesByName(items: readonly Item[]): ReadonlyMap<PackageName, readonly number[]> {
  const indexes = new Map<PackageName, number[]>();
  for (const [index, item] of items.entries()) {
    if (!('name' in item) || item.name === undefined) continue;
    const known = indexes.get(item.name.normalized);
    if (known === undefined) indexes.set(item.name.normalized, [index]);
    else known.push(index);
  }
  return indexes;
}
