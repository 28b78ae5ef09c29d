import type { PackageName } from '../packages/packageName.ts';
import { highestKey } from '../versions/orderKey.ts';
import { setHas, toVersionSet } from '../versions/versionSet.ts';
import type { Stretch, VersionSet } from '../versions/versionSet.ts';
import type { Advisory } from './advisory.ts';
import { osvKey, sortEvents } from './affects.ts';

/**
 * All versions that the advisory tells of, worked out once, for callers that ask about many versions. Agrees with
 * `affects` on every version but `0`, which OSV sorts below all others. `keyOf` is `osvKey`, or one that remembers its
 * answers: the records of a package list the same versions over and over.
 */
export function affectedVersions(advisory: Advisory, name: PackageName, keyOf = osvKey): VersionSet {
  const stretches: Stretch[] = [];
  for (const entry of advisory.affected) {
    if (entry.name !== name) {
      continue;
    }
    for (const events of entry.ranges) {
      const sorted = sortEvents(events, keyOf);
      sorted.forEach(({ kind, key }, index) => {
        const nextKey = sorted[index + 1]?.key ?? highestKey;
        // Of several events at one version the last decides.
        if (nextKey !== key && kind === 'introduced') {
          stretches.push({ from: key, to: nextKey });
        } else if (nextKey !== key && kind === 'lastAffected') {
          stretches.push(only(key));
        }
      });
    }
  }
  const ranges = toVersionSet(stretches);
  const singles: Stretch[] = [];
  for (const entry of advisory.affected) {
    if (entry.name === name) {
      for (const listed of entry.versions) {
        const key = keyOf(listed);
        // Mostly the list says no more than the ranges do.
        if (!setHas(ranges, key)) {
          singles.push(only(key));
        }
      }
    }
  }
  return singles.length === 0 ? ranges : toVersionSet([...ranges, ...singles]);
}

/** This version and no other: a space sorts below whatever can continue a key. */
function only(key: string): Stretch {
  return { from: key, to: `${key} ` };
}
