import type { RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import { raiseText, type RaisedWhere } from '../../core/fixes/words/raiseText.ts';
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
  readonly scope: RaiseScope;
}

export interface RaiseAsked {
  readonly requirement: Pick<PlacedRequirement, 'normalizedName' | 'version'>;
  readonly place: RaisingPlace;
  /** Its nearest safe version. */
  readonly nearest: string;
}

/** The kind of file that a lock, a compiled file or an environment is. */
export function placeOfSource({ kind, source, compiled }: LockedVersions, scope: RaiseScope): RaisingPlace {
  return { kind: kind === 'environment' ? installedKind : kindOfNamed(source), compiled, scope };
}

/** What to raise for one vulnerable package that comes with others. What cannot be found out is said; never rejects. */
export async function adviseRaise(asked: RaiseAsked, engine: RaiseEngine, signal: AbortSignal): Promise<RaiseAdvice> {
  const { requirement, place, nearest } = asked;
  const name = requirement.normalizedName as PackageName;
  try {
    signal.throwIfAborted();
    const raise = await askRaise({ name, version: requirement.version, nearest }, place.scope, engine, signal);
    return { raise, text: raiseText(raise, whereOf(asked)) };
  } catch (error) {
    if (signal.aborted) return unknownAdvice(asked, reasonOf(signal).replace(/\.$/u, ''));
    const why = plainText(error instanceof Error ? error.message : String(error), 100);
    return unknownAdvice(asked, `an error of Pinwatch itself: ${why}`);
  }
}

/** `why`: a clause for people. */
export function unknownAdvice(asked: RaiseAsked, why: string): RaiseAdvice {
  const raise = { kind: 'unknown', why } as const;
  return { raise, text: raiseText(raise, whereOf(asked)) };
}

function whereOf({ requirement, place: { kind, compiled, scope }, nearest }: RaiseAsked): RaisedWhere {
  return {
    name: requirement.normalizedName,
    nearest,
    kind: kind.id,
    again: kind.lockAgain,
    compiled,
    isDeclared: (one) => scope.declared.has(one as PackageName),
  };
}
