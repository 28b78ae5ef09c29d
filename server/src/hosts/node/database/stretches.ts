import type { Stretch, VersionSet } from '../../../core/versions/versionSet.ts';

/** A set of versions as text for a column: the order keys, from and to in turn. */
export function encodeStretches(set: VersionSet): string {
  return JSON.stringify(set.flatMap(({ from, to }) => [from, to]));
}

/** `undefined` for anything that `encodeStretches` did not write. */
export function decodeStretches(text: string): VersionSet | undefined {
  let keys: unknown;
  try {
    keys = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(keys) || keys.length % 2 !== 0 || !keys.every((key) => typeof key === 'string')) {
    return undefined;
  }
  const stretches: Stretch[] = [];
  for (let index = 0; index < keys.length; index += 2) {
    stretches.push({ from: keys[index] ?? '', to: keys[index + 1] ?? '' });
  }
  return stretches;
}
