import type { Raise, RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import { raiseAdvice, type RaisedWhere } from '../../core/fixes/words/raiseText.ts';
import type { Compiled } from '../../core/manifests/compiled.ts';
import { installedKind, kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { ManifestKind } from '../../core/manifests/manifest.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { plainText } from '../../core/text/plainText.ts';
import { reasonOf } from '../reasonOf.ts';
import { askRaise, type RaiseEngine, type RaiseScope } from './askRaise.ts';

/** A file that holds packages which others bring in. */
export interface RaisingPlace {
  readonly kind: Pick<ManifestKind, 'id' | 'lockAgain'>;
  readonly compiled?: Compiled | undefined;
  /** The constraints files that it says limit its packages. */
  readonly limitedBy?: LockedVersions['limitedBy'];
  readonly scope: RaiseScope;
}

export interface RaiseAsked {
  readonly requirement: Pick<PlacedRequirement, 'normalizedName' | 'version'>;
  readonly place: RaisingPlace;
  /** Its nearest safe version. */
  readonly nearest: string;
}

/** The kind of file that a lock, a compiled file or an environment is. */
export function placeOfSource({ kind, source, ...own }: LockedVersions, scope: RaiseScope): RaisingPlace {
  const { compiled, limitedBy } = own;
  return { kind: kind === 'environment' ? installedKind : kindOfNamed(source), compiled, limitedBy, scope };
}

/** What to raise for one vulnerable package that comes with others. What cannot be found out is said; never rejects. */
export async function adviseRaise(asked: RaiseAsked, engine: RaiseEngine, signal: AbortSignal): Promise<RaiseAdvice> {
  const { requirement, place, nearest } = asked;
  const name = requirement.normalizedName as PackageName;
  try {
    signal.throwIfAborted();
    const raise = await askRaise({ name, version: requirement.version, nearest }, place.scope, engine, signal);
    return raiseAdvice(raise, whereOf(asked, raise));
  } catch (error) {
    if (signal.aborted) return unknownAdvice(asked, reasonOf(signal).replace(/\.$/u, ''));
    const why = plainText(error instanceof Error ? error.message : String(error), 100);
    return unknownAdvice(asked, `an error of Pinwatch itself: ${why}`);
  }
}

/** `why`: a clause for people. */
export function unknownAdvice(asked: RaiseAsked, why: string): RaiseAdvice {
  const raise = { kind: 'unknown', why } as const;
  return raiseAdvice(raise, whereOf(asked, raise));
}

function whereOf({ requirement, place, nearest }: RaiseAsked, raise: Raise): RaisedWhere {
  const { kind, compiled, scope } = place;
  const along = raise.kind === 'raise' ? raise.along : [];
  const limitedBy = [requirement.normalizedName as PackageName, ...along].flatMap((name) => unreadLimits(name, place));
  return {
    name: requirement.normalizedName,
    nearest,
    kind: kind.id,
    again: kind.lockAgain,
    compiled,
    limitedBy: [...new Set(limitedBy)],
    isDeclared: (one) => scope.declared.has(one as PackageName),
  };
}

/** The constraints files that it says limit a package, but for those that were read. */
function unreadLimits(name: PackageName, { limitedBy, scope }: RaisingPlace): readonly string[] {
  const read = scope.limitsOn(name, scope.markers).map(({ place }) => fileNameIn(place.replace(/:\d+$/u, '')));
  return (limitedBy?.get(name) ?? []).filter((file) => !read.includes(fileNameIn(file)));
}

function fileNameIn(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
