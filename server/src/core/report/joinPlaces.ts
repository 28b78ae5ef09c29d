import type { FileReport } from '../assessment/fileReport.ts';
import type { RequiredBy } from '../assessment/requiredBy.ts';
import type { AssessedRequirement, OtherPlace } from '../assessment/requirement.ts';

/**
 * A package that is declared in one file and locked in another is one row, at the place where it is declared, with the other
 * places beside. What a lock holds besides stays in the lock.
 */
export function joinPlaces(files: readonly FileReport[]): readonly FileReport[] {
  const locks = files.filter(({ requirements }) => requirements.some(isLocked));
  if (locks.length === 0 || (locks.length === files.length && !locks.some(isEnvironment))) return files;
  const joined = new Map<AssessedRequirement, OtherPlace[]>();
  const reasons = new Map<AssessedRequirement, RequiredBy>();
  const taken = new Set<AssessedRequirement>();
  // What is installed comes last: it stands for nothing that is written anywhere.
  for (const lock of [...locks.filter((one) => !isEnvironment(one)), ...locks.filter(isEnvironment)]) {
    const rows = rowsByRelease(lock);
    // One that was selected may lie anywhere.
    const isApart = isEnvironment(lock) && !files.some((file) => file !== lock && isBelow(file.path, lock.path));
    for (const file of files) {
      if (file === lock || !(isApart || isBelow(file.path, lock.path))) continue;
      for (const requirement of file.requirements) {
        const isOne = !taken.has(requirement) && holdsFor(lock, file, requirement);
        const row = isOne ? rows.get(releaseOf(requirement)) : undefined;
        if (row === undefined || !covers(requirement, row)) continue;
        taken.add(row);
        const known = joined.get(requirement) ?? [];
        // Copies of a file share what they say.
        if (known.at(-1)?.path === lock.path) continue;
        joined.set(requirement, [...known, { path: lock.path, range: row.range }]);
        if (row.requiredBy !== undefined && requirement.requiredBy === undefined && !reasons.has(requirement)) {
          reasons.set(requirement, withoutCommand(row.requiredBy));
        }
      }
    }
  }
  if (taken.size === 0) return files;
  return files.map((file) => ({
    ...file,
    requirements: file.requirements.flatMap((requirement) => {
      const places = joined.get(requirement);
      const requiredBy = reasons.get(requirement);
      const more = { ...(places && { places }), ...(requiredBy && { requiredBy }) };
      return taken.has(requirement) ? [] : [places === undefined ? requirement : { ...requirement, ...more }];
    }),
  }));
}

/** What is ignored in one folder may count in another: a row stands for no other one that says more. */
function covers(declared: AssessedRequirement, locked: AssessedRequirement): boolean {
  const said = new Set(countedIn(declared));
  return countedIn(locked).every((one) => said.has(one));
}

function countedIn({ outcome, policy = [] }: AssessedRequirement): readonly string[] {
  const rules = policy.map(({ code, level }) => `${code} ${level}`);
  if (outcome.kind !== 'assessed') return [outcome.kind, ...rules];
  const counted = outcome.findings.filter(({ ignored }) => ignored === undefined).map(({ id }) => id);
  return [outcome.kind, ...counted, ...rules];
}

/** It is to be changed where it is declared. */
function withoutCommand({ parents, chain }: RequiredBy): RequiredBy {
  return { parents, chain };
}

function rowsByRelease({ requirements }: FileReport): ReadonlyMap<string, AssessedRequirement> {
  const rows = requirements.filter((row) => isLocked(row) && row.version !== null);
  return new Map(rows.map((row) => [releaseOf(row), row]));
}

/** In a lock, or installed. */
function isLocked({ scope }: AssessedRequirement): boolean {
  return scope === 'lock' || scope === 'installed';
}

function releaseOf({ normalizedName, version }: AssessedRequirement): string {
  return `${normalizedName} ${version ?? ''}`;
}

function isEnvironment({ kind }: FileReport): boolean {
  return kind === 'environment';
}

/** The lock decided its version, or is the one of its project: it pins the same. What is installed may be locked, or pinned. */
function holdsFor(lock: FileReport, file: FileReport, requirement: AssessedRequirement): boolean {
  const { version, decidedBy } = requirement;
  if (isEnvironment(lock)) return version !== null && !isEnvironment(file);
  if (isLocked(requirement) || version === null) return false;
  if (decidedBy !== undefined)
    return /^(?:lock|environment)$/u.test(decidedBy.kind) && decidedBy.source === nameOf(lock.path);
  return projectKinds.has(file.kind ?? '') && folderOf(file.path) === folderOf(lock.path);
}

const projectKinds: ReadonlySet<string> = new Set(['pyproject', 'Pipfile']);

function isBelow(path: string, lock: string): boolean {
  const folder = folderOf(lock);
  return folder === '' || path.replaceAll('\\', '/').startsWith(folder);
}

/** With the slash at its end; empty for the present one. */
function folderOf(path: string): string {
  const plain = path.replaceAll('\\', '/');
  return plain.slice(0, plain.lastIndexOf('/') + 1);
}

function nameOf(path: string): string {
  return path.replaceAll('\\', '/').slice(folderOf(path).length);
}
