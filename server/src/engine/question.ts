import type { PackageName } from '../core/packages/packageName.ts';

/** One release, or every release of a package where there is no version. A `Pin` is a question. */
export interface Question {
  readonly name: PackageName;
  /** PEP 440 normal form. */
  readonly version?: string;
}

/** The identity of a question within a run; that of a pin is its `pinKey`. */
export function questionKey({ name, version }: Question): string {
  return version === undefined ? name : `${name}==${version}`;
}
