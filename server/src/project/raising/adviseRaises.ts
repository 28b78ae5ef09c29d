import type { RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { FileReport } from '../../core/assessment/fileReport.ts';
import type { AssessedRequirement } from '../../core/assessment/requirement.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { adviseRaise, type RaiseAsked, type RaisingPlace, unknownAdvice } from './adviseRaise.ts';
import type { RaiseEngine } from './askRaise.ts';

/**
 * The same files, with what to raise for each vulnerable package that comes with others. Asks nothing where there is none. What
 * cannot be found out is said, and fails nothing; never rejects.
 */
export async function adviseRaises(
  files: readonly FileReport[],
  placeOf: PlaceOf,
  engine: RaiseEngine,
  signal: AbortSignal,
): Promise<readonly FileReport[]> {
  const asked = new Map<AssessedRequirement, RaiseAsked>();
  for (const { path, requirements } of files) {
    for (const requirement of requirements.filter(comesVulnerable)) {
      const nearest = nearestOf(requirement);
      const place = nearest === undefined ? undefined : await placeIn([path, ...heldAt(requirement)], placeOf);
      const isDeclared = place?.scope.declared.has(requirement.normalizedName as PackageName);
      if (place !== undefined && nearest !== undefined && isDeclared === false) {
        asked.set(requirement, { requirement, place, nearest });
      }
    }
  }
  if (asked.size === 0) return files;
  const advice = await adviceFor([...asked], engine, signal);
  return files.map((file) =>
    file.requirements.some((one) => advice.has(one))
      ? {
          ...file,
          requirements: file.requirements.map((one) => {
            const raise = advice.get(one);
            return raise === undefined ? one : { ...one, raise };
          }),
        }
      : file,
  );
}

/** What holds for the packages of a file, by its path; `undefined` where it holds none that others bring in. */
export type PlaceOf = (path: string) => Promise<RaisingPlace | undefined>;

// Each asks for what ten releases need, at most; the index takes no more than ten requests for metadata at a time.
const mostAtOnce = 4;
// A lock of old packages has some dozens.
const mostAsked = 100;

async function adviceFor(
  asked: readonly (readonly [AssessedRequirement, RaiseAsked])[],
  engine: RaiseEngine,
  signal: AbortSignal,
): Promise<ReadonlyMap<AssessedRequirement, RaiseAdvice>> {
  const advice = new Map<AssessedRequirement, RaiseAdvice>();
  const queue = [...asked];
  let count = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const isOne = ++count <= mostAsked;
      const [requirement, one] = next;
      advice.set(requirement, isOne ? await adviseRaise(one, engine, signal) : tooMany(one));
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
  return advice;
}

function tooMany(asked: RaiseAsked): RaiseAdvice {
  return unknownAdvice(asked, `more than ${mostAsked} vulnerable packages come with others`);
}

/** Where the report has it besides: one that a file limits, and does not ask for, is locked elsewhere. */
function heldAt({ places = [] }: AssessedRequirement): readonly string[] {
  return places.map(({ path }) => path);
}

async function placeIn(paths: readonly string[], placeOf: PlaceOf): Promise<RaisingPlace | undefined> {
  for (const path of paths) {
    const place = await placeOf(path);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What counts of it, and is brought in by something else. */
function comesVulnerable({ requiredBy, outcome }: AssessedRequirement): boolean {
  if ((requiredBy?.chain ?? []).length === 0 || outcome.kind !== 'assessed') return false;
  const open = outcome.findings.filter(({ ignored }) => ignored === undefined);
  return open.length > 0 && open.every(({ severity }) => severity !== 'malicious');
}

function nearestOf({ outcome }: AssessedRequirement): string | undefined {
  return outcome.kind === 'assessed' && outcome.fix?.barred === undefined ? outcome.fix?.nearest : undefined;
}
