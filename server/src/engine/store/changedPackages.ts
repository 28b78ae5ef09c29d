import type { PackageName } from '../../core/packages/packageName.ts';

// More changes than a scan makes between two looks at it.
const mostRemembered = 10_000;

/** Counts changes, and remembers which packages the last ones were about. */
export class ChangedPackages {
  /** Those since `#from`, one for each. */
  #names: PackageName[] = [];
  #from = 0;

  /** Another one after each change. */
  get revision(): number {
    return this.#from + this.#names.length;
  }

  add(name: PackageName): void {
    this.#names.push(name);
    if (this.#names.length > mostRemembered) {
      this.#from += mostRemembered / 2;
      this.#names = this.#names.slice(mostRemembered / 2);
    }
  }

  /** Anything may have changed. */
  forget(): void {
    this.#from = this.revision + 1;
    this.#names = [];
  }

  /** `undefined` where it is too long ago to say. */
  since(revision: number): ReadonlySet<PackageName> | undefined {
    return revision < this.#from ? undefined : new Set(this.#names.slice(revision - this.#from));
  }
}
