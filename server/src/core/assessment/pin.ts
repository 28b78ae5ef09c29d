import type { PackageName } from '../packages/packageName.ts';

/** One exact release to ask about. */
export interface Pin {
  readonly name: PackageName;
  /** PEP 440 normal form: the one thing besides the name that is ever sent. */
  readonly version: string;
}

/** The identity of a pin within a run; not the cache key. */
export function pinKey(pin: Pin): string {
  return `${pin.name}==${pin.version}`;
}
