import type { Release } from '../../core/packages/release.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { advisoriesOf, type PackageKnowledge } from './packageKnowledge.ts';
import type { Match } from '../ports.ts';

/** What is kept of a package besides its records: which they are, and its releases without their files. */
export interface StoredPackage {
  readonly records: readonly (readonly [id: string])[];
  readonly stamps: readonly (readonly [id: string, modified: string])[];
  readonly releases: readonly Release[] | undefined;
  readonly fetchedAt: number;
  /** Names the records and releases as they were then; what was derived from these carries the same. Absent where nothing is derived. */
  readonly basis: string | undefined;
}

export function encodePackage(knowledge: PackageKnowledge, basis: string | undefined): unknown {
  const { stamps, fetchedAt } = knowledge;
  return {
    records: advisoriesOf(knowledge).map(({ id }) => [id]),
    stamps: [...stamps],
    releases: storedReleases(knowledge),
    fetchedAt,
    basis,
  };
}

/** Without their files. */
export function storedReleases({ facts }: PackageKnowledge): readonly unknown[] | undefined {
  return facts.releases?.map(({ version, yanked, requiresPython, uploadedAt }) => {
    const row = [version.normal, yanked, requiresPython];
    return uploadedAt === undefined ? row : [...row, uploadedAt];
  });
}

/** `undefined` for anything that `encodePackage` did not write: storage may be shared, and is not trusted. */
export function decodePackage(json: unknown): StoredPackage | undefined {
  const { records, stamps, releases, fetchedAt, basis } = fieldsOf(json);
  if (!isTable(records, 1) || !isTable(stamps, 2) || typeof fetchedAt !== 'number') {
    return undefined;
  }
  return {
    records: records.map(([id = '']) => [id]),
    stamps: stamps.map(([id = '', modified = '']) => [id, modified]),
    releases: Array.isArray(releases) ? releases.flatMap(decodeRelease) : undefined,
    fetchedAt,
    basis: typeof basis === 'string' ? basis : undefined,
  };
}

/** `undefined` where it is no answer: never an empty one. */
export function decodeAnswer(json: unknown): readonly Match[] | undefined {
  const { matches } = fieldsOf(json);
  return isTable(matches, 2) ? matches.map(([id = '', modified = '']) => ({ id, modified })) : undefined;
}

function decodeRelease(row: unknown): readonly Release[] {
  const [text, yanked, requiresPython, uploadedAt] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  const version = typeof text === 'string' ? parseVersion(text) : undefined;
  if (version === undefined || typeof yanked !== 'boolean') {
    return [];
  }
  return [
    {
      version,
      yanked,
      files: [],
      ...(typeof requiresPython === 'string' ? { requiresPython } : {}),
      ...(typeof uploadedAt === 'number' && Number.isFinite(uploadedAt) ? { uploadedAt } : {}),
    },
  ];
}

function isTable(value: unknown, columns: number): value is readonly (readonly string[])[] {
  return (
    Array.isArray(value) &&
    value.every((row) => Array.isArray(row) && row.length === columns && row.every((cell) => typeof cell === 'string'))
  );
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};
}
