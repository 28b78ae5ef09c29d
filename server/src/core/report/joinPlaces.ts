import type { DecidedBy } from '../assessment/decided/decidedVersions.ts';
import type { FileReport } from '../assessment/fileReport.ts';
import type { RequiredBy } from '../assessment/requiredBy.ts';
import { isOfLine } from '../assessment/decided/heldVersions.ts';
import type { AssessedRequirement } from '../assessment/requirement.ts';
import { parseVersion } from '../versions/version.ts';

/**
 * A package that is declared in one file and locked in another is one row, at the place where it is declared, with the other
 * places beside. What a lock holds besides stays in the lock.
 */
export function joinPlaces(files: readonly FileReport[]): readonly FileReport[] {
  const sources = files.flatMap((file) => (isSource(file) ? [[file, compiledBeside(file, files)] as const] : []));
  const compiled = new Map(sources);
  const made = new Set(sources.flatMap(([, found]) => found));
  const locks = files.filter((file) => made.has(file) || file.requirements.some(isLocked));
  if (locks.length === 0) return files;
  const now = new Map<AssessedRequirement, AssessedRequirement>();
  const taken = new Set<AssessedRequirement>();
  const stale = new Map<AssessedRequirement, DecidedBy>();
  const nearest = nearestOf(locks);
  // What is installed comes last: it stands for nothing that is written anywhere.
  for (const lock of [...locks.filter((one) => !isEnvironment(one)), ...locks.filter(isEnvironment)]) {
    const isMade = made.has(lock);
    const rows = rowsByRelease(lock, isMade);
    if (!isEnvironment(lock)) joinOwn(lock, rows, { now, taken });
    // One that was selected may lie anywhere.
    const isApart = isEnvironment(lock) && !files.some((file) => file !== lock && isBelow(file.path, lock.path));
    for (const file of files) {
      const isFor = isMade
        ? compiled.get(file)?.includes(lock) === true
        : isApart || (reaches(lock, file) && (isEnvironment(lock) || nearest(lock, file)));
      if (file === lock || !isFor) continue;
      for (const written of file.requirements) {
        if (taken.has(written)) continue;
        const requirement = now.get(written) ?? written;
        const [row, one] =
          inOneRow(requirement, lock, rows, stale) ??
          (isMade || holdsFor(lock, file, requirement)
            ? inPlace(requirement, rows.get(releaseOf(requirement)))
            : undefined) ??
          [];
        if (row === undefined || one === undefined) continue;
        taken.add(row);
        const { places = [] } = requirement;
        // Copies of a file share what they say.
        if (places.some((place) => place.path === lock.path)) continue;
        const requiredBy = requirement.requiredBy ?? (row.requiredBy && asDeclared(row.requiredBy, requirement.scope));
        now.set(written, {
          ...one,
          places: [...places, { path: lock.path, range: row.range }, ...(now.get(row)?.places ?? [])],
          ...(requiredBy && { requiredBy }),
        });
      }
    }
  }
  if (taken.size === 0 && stale.size === 0) return files;
  return files.map((file) => ({
    ...file,
    requirements: file.requirements.flatMap((requirement) => {
      const decidedBy = stale.get(requirement);
      const row = now.get(requirement) ?? requirement;
      return taken.has(requirement) ? [] : [decidedBy === undefined ? row : { ...row, decidedBy }];
    }),
  }));
}

/** A lock may have a release several times: with extras (pdm), or for several categories (Pipenv). */
function joinOwn(
  lock: FileReport,
  rows: ReadonlyMap<string, AssessedRequirement>,
  { now, taken }: { now: Map<AssessedRequirement, AssessedRequirement>; taken: Set<AssessedRequirement> },
): void {
  for (const row of lock.requirements) {
    const first = row.version === null ? undefined : rows.get(releaseOf(row));
    if (first === undefined || first === row || !covers(first, row)) continue;
    taken.add(row);
    const places = [...(now.get(first)?.places ?? []), { path: lock.path, range: row.range }];
    now.set(first, { ...first, places });
  }
}

type Joined = readonly [row: AssessedRequirement, one: AssessedRequirement];

function inPlace(requirement: AssessedRequirement, row: AssessedRequirement | undefined): Joined | undefined {
  return row !== undefined && covers(requirement, row) ? [row, requirement] : undefined;
}

/**
 * What a lock has that the line does not allow is installed until somebody locks again; of several that it allows one is. The row
 * says what that is: of several the worst, and the others stay in the lock.
 */
function inOneRow(
  requirement: AssessedRequirement,
  lock: FileReport,
  rows: ReadonlyMap<string, AssessedRequirement>,
  stale: Map<AssessedRequirement, DecidedBy>,
): Joined | undefined {
  const { outOfDate, oneOf, normalizedName, scope } = requirement;
  const holder = outOfDate ?? oneOf;
  if (holder === undefined || !isOfLine(holder, scope) || holder.source !== nameOf(lock.path)) return undefined;
  const { kind, source, versions } = holder;
  const held = versions.flatMap((version) => rows.get(releaseOf({ normalizedName, version })) ?? []);
  const [worst] = held.toSorted((a, b) => weightOf(b) - weightOf(a));
  if (worst === undefined) return undefined;
  if (outOfDate === undefined) {
    return ignoresNoMore(worst, requirement) ? [worst, asLocked(requirement, worst, { kind, source })] : undefined;
  }
  const decidedBy: DecidedBy = { kind, source, isOutOfDate: true };
  held.forEach((row) => stale.set(row, decidedBy));
  return covers(worst, requirement) ? [worst, asLocked(requirement, worst, decidedBy)] : undefined;
}

function weightOf(row: AssessedRequirement): number {
  return row.outcome.kind === 'failed' ? Infinity : countedIn(row).length;
}

/** The row of the lock, where the line is that declares it. */
function asLocked(
  declared: AssessedRequirement,
  { version, subject, outcome, policy, licence }: AssessedRequirement,
  decidedBy: DecidedBy,
): AssessedRequirement {
  const more = { ...(policy && { policy }), ...(licence && { licence }) };
  return { ...declared, version, subject, outcome, decidedBy, ...more };
}

/** What is ignored in one folder may count in another: a row stands for no other one that says more. */
function covers(declared: AssessedRequirement, locked: AssessedRequirement): boolean {
  const said = new Set(countedIn(declared));
  return countedIn(locked).every((one) => said.has(one));
}

/** What is ignored at the lock is ignored at the line, too: its row then hides nothing that counts there. */
function ignoresNoMore(locked: AssessedRequirement, declared: AssessedRequirement): boolean {
  const ignored = new Set(ignoredIn(declared));
  return ignoredIn(locked).every((id) => ignored.has(id));
}

function ignoredIn({ outcome }: AssessedRequirement): readonly string[] {
  if (outcome.kind !== 'assessed') return [];
  return outcome.findings.filter(({ ignored }) => ignored !== undefined).map(({ id }) => id);
}

function countedIn({ outcome, policy = [] }: AssessedRequirement): readonly string[] {
  const rules = policy.map(({ code, level }) => `${code} ${level}`);
  if (outcome.kind !== 'assessed') return [outcome.kind, ...rules];
  const counted = outcome.findings.filter(({ ignored }) => ignored === undefined).map(({ id }) => id);
  return [outcome.kind, ...counted, ...rules];
}

/** The project itself asks for it, and it is to be changed where it does. A limit asks for nothing: others bring the package in. */
function asDeclared({ parents, chain }: RequiredBy, scope: string | undefined): RequiredBy {
  return { parents, chain: /^(?:constraint|override|exclude)/u.test(scope ?? '') ? chain : [] };
}

/** What people write, and pip-compile or uv compile. */
function isSource({ path, kind }: FileReport): boolean {
  return kind === 'pip' && path.endsWith('.in');
}

/** The files that were compiled from a source: those that decide for its lines, else the one of its name. Their rows say who asks for them. */
function compiledBeside(source: FileReport, files: readonly FileReport[]): readonly FileReport[] {
  const named = new Set(
    source.requirements.flatMap(({ decidedBy, outOfDate }) =>
      [decidedBy, outOfDate].flatMap((one) => (one?.kind === 'compiled' ? [one.source] : [])),
    ),
  );
  const stem = source.path.slice(0, -'.in'.length);
  return files.filter(({ path, kind, requirements }) => {
    const isNamed =
      named.has(nameOf(path)) || /^\.(?:txt|pip)$/u.test(path.startsWith(stem) ? path.slice(stem.length) : '');
    return (
      kind === 'pip' &&
      isNamed &&
      folderOf(path) === folderOf(source.path) &&
      requirements.some(({ requiredBy }) => requiredBy !== undefined)
    );
  });
}

function rowsByRelease({ requirements }: FileReport, isMade: boolean): ReadonlyMap<string, AssessedRequirement> {
  const rows = requirements.filter((row) => (isMade || isLocked(row)) && row.version !== null);
  // Of several the first.
  return new Map(rows.toReversed().map((row) => [releaseOf(row), row]));
}

/** In a lock, or installed. */
function isLocked({ scope }: AssessedRequirement): boolean {
  return scope === 'lock' || scope === 'installed';
}

function releaseOf({ normalizedName, version }: Pick<AssessedRequirement, 'normalizedName' | 'version'>): string {
  const key = version === null ? undefined : parseVersion(version)?.key;
  return `${normalizedName} ${key ?? version ?? ''}`;
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
  return lock.kind === scriptLock || (projectKinds.has(file.kind ?? '') && folderOf(file.path) === folderOf(lock.path));
}

const projectKinds: ReadonlySet<string> = new Set(['pyproject', 'Pipfile']);

/** Files below its folder; that of a script is for the script. */
function reaches(lock: FileReport, file: FileReport): boolean {
  return lock.kind === scriptLock ? lock.path === `${file.path}.lock` : isBelow(file.path, lock.path);
}

const scriptLock = 'script.lock';

/** Whether of the locks of one name this is the nearest to a file: the ones above are of other projects. */
function nearestOf(locks: readonly FileReport[]): (lock: FileReport, file: FileReport) => boolean {
  const places = new Set(locks.map(({ path }) => path.replaceAll('\\', '/')));
  return (lock, file) => {
    const [name, last] = [nameOf(lock.path), folderOf(lock.path)];
    for (let folder = folderOf(file.path); folder.length > last.length; folder = folderOf(folder.slice(0, -1))) {
      if (places.has(folder + name)) return false;
    }
    return true;
  };
}

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
