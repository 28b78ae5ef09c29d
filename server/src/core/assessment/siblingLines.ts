import type { Entry, Manifest } from '../manifests/manifest.ts';
import { isInstalledWith } from '../manifests/areTogether.ts';
import type { IndexRequirement } from '../manifests/requirement.ts';
import type { PackageName } from '../packages/packageName.ts';
import { type LineBound, lineOf } from './decided/lineBounds.ts';

// People write a few, and each line is compared with each that says something else.
export const mostStatements = 200;

/** What lines of a file say of a package in the same words, in the same place. */
interface Statement {
  readonly content: IndexRequirement;
  readonly bound: LineBound;
  readonly index: number;
  /** The second line that says so; -1 where there is none. */
  again: number;
}

/** Which packages have several lines in a file: pip takes these lines together. Follows one edit after the other. */
export class SiblingLines {
  readonly #names = new WeakMap<Entry, PackageName | undefined>();
  readonly #counts = new Map<PackageName, number>();
  /** Where the lines of those packages are that have several. */
  readonly #places = new Map<PackageName, string>();
  /** Of the file as it is now, made where they are asked for. */
  readonly #statements = new Map<PackageName, readonly Statement[]>();
  #entries: readonly Entry[] = [];

  /** Takes the file as it is now (`contentOf`: its contents, made once); returns the packages for whose lines other lines may say something else than before. */
  take(file: Manifest, contentOf: Manifest['contentOf']): ReadonlySet<PackageName> {
    const { entries } = file;
    const before = this.#entries;
    const shorter = Math.min(before.length, entries.length);
    let head = 0;
    while (head < shorter && before[head] === entries[head]) head++;
    let tail = 0;
    while (tail < shorter - head && before.at(-1 - tail) === entries.at(-1 - tail)) tail++;
    const touched = new Set<PackageName>();
    const count = (name: PackageName | undefined, by: 1 | -1): void => {
      if (name === undefined) return;
      const counted = (this.#counts.get(name) ?? 0) + by;
      if (counted > 1 || (by < 0 && counted > 0)) touched.add(name);
      if (counted === 0) this.#counts.delete(name);
      else this.#counts.set(name, counted);
      if (counted > 1) this.#places.set(name, this.#places.get(name) ?? '');
      else this.#places.delete(name);
    };
    for (const entry of before.slice(head, before.length - tail)) count(this.#names.get(entry), -1);
    for (let index = head; index < entries.length - tail; index++) {
      const entry = entries[index];
      if (entry === undefined) continue;
      if (!this.#names.has(entry)) {
        const content = contentOf(index);
        this.#names.set(entry, content?.kind === 'index' ? content.name.normalized : undefined);
      }
      count(this.#names.get(entry), 1);
    }
    this.#entries = entries;
    this.#statements.clear();
    for (const [name, before] of this.#places) {
      const places = file
        .entriesFor(name)
        .map((index) => lineOf(file, index))
        .join();
      if (places !== before) {
        this.#places.set(name, places);
        touched.add(name);
      }
    }
    return touched;
  }

  nameOf(entry: Entry): PackageName | undefined {
    return this.#names.get(entry);
  }

  /** What the other lines about an entry's package ask for, as far as they are installed together with it. */
  boundsOn(file: Manifest, index: number, entry: Entry): readonly LineBound[] {
    const name = this.#names.get(entry);
    if (name === undefined || (this.#counts.get(name) ?? 0) < 2) {
      return [];
    }
    const own = file.contentOf(index);
    // A lock has several versions of a package side by side.
    if (own?.kind !== 'index' || own.scope === 'lock' || own.scope === 'installed') return [];
    return this.#statementsOn(file, name)
      .slice(0, mostStatements)
      .flatMap(({ content, bound, index: first, again }) => {
        const other = first === index ? again : first;
        if (other < 0 || !isInstalledWith(own, content)) return [];
        return [other === first ? bound : { ...bound, line: lineOf(file, other) }];
      });
  }

  /** How many different things the lines about an entry's package say, where that is more than each is compared with. */
  tooMany(file: Manifest, entry: Entry): number | undefined {
    const name = this.#names.get(entry);
    if (name === undefined || (this.#counts.get(name) ?? 0) <= mostStatements) return undefined;
    const { length } = this.#statementsOn(file, name);
    return length > mostStatements ? length : undefined;
  }

  #statementsOn(file: Manifest, name: PackageName): readonly Statement[] {
    const known = this.#statements.get(name);
    if (known !== undefined) return known;
    const made = new Map<string, Statement>();
    for (const index of file.entriesFor(name)) {
      const content = file.contentOf(index);
      const clauses = content?.kind === 'index' ? (content.specifier?.clauses ?? []) : [];
      if (content?.kind !== 'index' || clauses.length === 0) continue;
      const written = clauses.map(({ operator, version }) => operator + version);
      const key = JSON.stringify([content.scope, content.when, content.marker?.normal, written]);
      const before = made.get(key);
      if (before === undefined) {
        const bound = { clauses, marker: content.marker?.tree, line: lineOf(file, index) };
        made.set(key, { content, bound, index, again: -1 });
      } else if (before.again < 0) {
        before.again = index;
      }
    }
    const statements = [...made.values()];
    this.#statements.set(name, statements);
    return statements;
  }
}
