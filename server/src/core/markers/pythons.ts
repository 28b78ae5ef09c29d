import { hasRelease } from '../versions/boundary.ts';
import { admittedVersions, parseSpecifier } from '../versions/specifier.ts';
import { orderKey } from '../versions/orderKey.ts';
import { toVersion, type Version } from '../versions/version.ts';
import { intersect, type Stretch, subtract, union, type VersionSet } from '../versions/versionSet.ts';

/** Which Pythons, by their full version. */
export type Pythons = VersionSet;

/** The Pythons whose minor version fulfils a condition, of those that there are or may soon be. */
export function pythonsByMinor(holds: (minor: string, version: Version) => boolean): Pythons {
  return union([minors.flatMap(({ minor, version, stretch }) => (holds(minor, version) ? [stretch] : []))]);
}

/** The Pythons of a `requires-python` that there are; all of them where it is absent or cannot be read, as pip has it. */
export function pythonsOf(requiresPython: string | undefined): Pythons {
  const every = everyPython();
  const specifier = requiresPython === undefined ? undefined : parseSpecifier(requiresPython);
  return specifier === undefined ? every : finals(intersect(every, admittedVersions(specifier)));
}

export function everyPython(): Pythons {
  return every;
}

/** Without stretches in which there are pre-releases only: nobody means these. */
export function finals(pythons: Pythons): Pythons {
  return pythons.filter((stretch) => hasRelease(stretch, false));
}

/** "3.8 to 3.10", "2.7 and below, 3.12 and above": each minor version of which one release is among them. */
export function pythonsText(pythons: Pythons): string {
  const runs: string[][] = [];
  let isOpen = false;
  for (const { minor, stretch } of minors) {
    if (finals(intersect(pythons, [stretch])).length === 0) {
      isOpen = false;
      continue;
    }
    if (isOpen) runs.at(-1)?.push(minor);
    else runs.push([minor]);
    isOpen = true;
  }
  const [oldest, newest] = [minors[0]?.minor, minors.at(-1)?.minor];
  return runs
    .map((run) => {
      const [from = '', to = from] = [run[0], run.at(-1)];
      if (from === oldest && to === newest) return 'every version';
      if (to === newest) return `${from} and above`;
      if (from === oldest) return `${to} and below`;
      return from === to ? from : `${from} to ${to}`;
    })
    .join(', ');
}

export function withoutPythons(pythons: Pythons, others: Pythons): Pythons {
  return finals(subtract(pythons, others));
}

// Nobody has older ones, and newer ones are years away.
const series = [
  { major: 2, from: 6, to: 7 },
  { major: 3, from: 0, to: 30 },
] as const;

interface MinorVersion {
  readonly minor: string;
  /** The same, read once: markers of thousands of lines are compared with it. */
  readonly version: Version;
  readonly stretch: Stretch;
}

const minors: readonly MinorVersion[] = Object.freeze(
  series.flatMap(({ major, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, step) => {
      const release = [String(major), String(from + step)];
      const version = toVersion({ epoch: '0', release });
      const next = [String(major), String(from + step + 1)];
      return { minor: version.normal, version, stretch: { from: firstOf(release), to: firstOf(next) } };
    }),
  ),
);

function firstOf(release: readonly string[]): string {
  return orderKey({ epoch: '0', release, dev: '0' });
}

const every: Pythons = Object.freeze([...union([minors.map(({ stretch }) => stretch)])]);
