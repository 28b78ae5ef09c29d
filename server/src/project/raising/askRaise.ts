import type { Raise } from '../../core/assessment/advice/raise.ts';
import { lookupKey } from '../../core/assessment/lookup.ts';
import type { PackageFacts } from '../../core/assessment/packageFacts.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { LockedTree } from '../../core/manifests/lockedTree.ts';
import type { MarkerValues } from '../../core/markers/holdsIn.ts';
import type { MarkerTree } from '../../core/markers/markerTree.ts';
import { pythonsOf, withoutPythons } from '../../core/markers/pythons.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Release } from '../../core/packages/release.ts';
import { plainText } from '../../core/text/plainText.ts';
import { contains, parseSpecifier } from '../../core/versions/specifier.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { setHas } from '../../core/versions/versionSet.ts';
import type { NeedsLibrary } from '../../engine/index/needsLibrary.ts';
import type { PackageIndex } from '../../engine/index/packageIndex.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import { LookupError } from '../../engine/ports.ts';
import type { DeclaredNames } from './declaredNames.ts';
import { type NotKnown, raiseFor, type RaisePorts } from './raise.ts';

/** Who is asked. */
export interface RaiseEngine {
  readonly scanner: Scanner;
  readonly index?: PackageIndex | undefined;
  readonly needs?: NeedsLibrary | undefined;
}

/** What holds where a package stands. */
export interface RaiseScope extends DeclaredNames {
  readonly tree: LockedTree;
  /** Of the environment, where it is one. */
  readonly markers: MarkerValues;
  /** What holds in every environment that it is for, as far as that is known. */
  readonly demand: MarkerTree | undefined;
  /** Those that the projects are for, as `requires-python` has it. */
  readonly pythons: readonly string[];
  readonly isPrivate: (name: string) => boolean;
  /** Younger releases are not advised. */
  readonly minimumReleaseAgeDays: number;
  readonly nowMs: number;
  /** Why the index is not asked, as a clause for people; absent where it is. */
  readonly refusal?: string | undefined;
}

/** A package as a tree has it, and the lowest of its versions to look for. */
export interface RaisedPackage {
  readonly name: PackageName;
  readonly version: string | null;
  readonly nearest: string;
}

/** What has to be raised for one package of a tree. Rejects only with the signal's reason. */
export async function askRaise(
  { name, version, nearest }: RaisedPackage,
  scope: RaiseScope,
  engine: RaiseEngine,
  signal: AbortSignal,
): Promise<Raise> {
  if (scope.refusal !== undefined) return { kind: 'unknown', why: scope.refusal };
  if (engine.needs === undefined) return { kind: 'unknown', why: notAskedText };
  const from = parseVersion(version ?? '');
  if (from === undefined) return { kind: 'unknown', why: 'its version is not one that PEP 440 knows' };
  const facts = await factsOf({ name, version: from.normal }, engine.scanner, signal);
  if (facts === undefined) return { kind: 'unknown', why: `not all advisories of ${plainText(name, 60)} are known` };
  const ports = portsOf(scope, engine, signal);
  const releases = facts.releases ?? (await ports.releasesOf(name));
  if ('why' in releases) return { kind: 'unknown', why: releases.why };
  const least = parseVersion(nearest)?.key ?? from.key;
  const safe = releases
    .filter((release) => {
      const { version, yanked } = release;
      const isLater = version.key > from.key && version.key >= least && !yanked && !version.isPrerelease;
      return isLater && !setHas(facts.advisories.vulnerable, version.key) && canBeHad(release, scope);
    })
    .map(({ version }) => version);
  const { tree, declared, limitsOn, markers: values, demand } = scope;
  return raiseFor({ tree, name, safe, declared, values, demand, limitsOn: (one) => limitsOn(one, values) }, ports);
}

/** Why nothing is known of what releases ask for, where nobody is to be asked. */
export const notAskedText = 'the package index is not queried';

/** From memory or storage; else the package is asked for as a whole. `undefined` where not all of it is known. */
async function factsOf(pin: Pin, scanner: Scanner, signal: AbortSignal): Promise<PackageFacts | undefined> {
  await scanner.recallPackages([pin.name]);
  if (scanner.peekPackage(pin.name) === undefined) await scanner.scan([pin], { signal, again: true, typing: true });
  const known = scanner.peekPackage(pin.name);
  return known === undefined || known.unreadable.length > 0 ? undefined : known.facts;
}

function portsOf(scope: RaiseScope, { scanner, index, needs }: RaiseEngine, signal: AbortSignal): RaisePorts {
  return {
    requiresOf: async (pins) => {
      if (needs === undefined) return pins.map(() => ({ why: notAskedText }));
      const hidden = pins.find(({ name }) => scope.isPrivate(name));
      if (hidden !== undefined) return pins.map(() => privateText(hidden));
      await needs.ask(pins, signal);
      return pins.map((pin) => {
        const state = needs.state(pin);
        if (state.kind === 'known') return state.fact.requires;
        const why = state.kind === 'unknown' ? ` (${state.why})` : '';
        return { why: `it is not known what ${plainText(pin.name, 60)} ${plainText(pin.version, 40)} asks for${why}` };
      });
    },
    releasesOf: async (name) => {
      if (scope.isPrivate(name)) return privateText({ name });
      try {
        const releases = await index?.releases(name, signal);
        return releases ?? { why: `the package index does not know ${plainText(name, 60)}` };
      } catch (error) {
        if (!(error instanceof LookupError)) throw error;
        const why = error.message.replace(/\.$/u, '');
        return { why: `the versions of ${plainText(name, 60)} are not known (${why})` };
      }
    },
    isFit: async (pin, release) => {
      if (scope.isPrivate(pin.name)) return privateText(pin);
      if (!canBeHad(release, scope)) return false;
      const outcome = (await scanner.scan([pin], { signal })).get(lookupKey(pin));
      const shown = `${plainText(pin.name, 60)} ${plainText(pin.version, 40)}`;
      if (outcome?.kind !== 'assessed' || outcome.brokenOff !== undefined) {
        return { why: `${shown} could not be checked` };
      }
      return outcome.verdict === 'clean';
    },
  };
}

function privateText({ name }: Pick<Pin, 'name'>): NotKnown {
  return { why: `${plainText(name, 60)} is private, and nothing is asked about it` };
}

/** Whether it is old enough, and the Python that is there, and those that the projects are for, can install it. */
function canBeHad({ requiresPython, uploadedAt }: Release, scope: RaiseScope): boolean {
  const { pythons, markers, minimumReleaseAgeDays, nowMs } = scope;
  if (uploadedAt !== undefined && nowMs - uploadedAt < minimumReleaseAgeDays * dayMs) return false;
  if (requiresPython === undefined) return true;
  const able = pythonsOf(requiresPython);
  if (pythons.some((one) => withoutPythons(pythonsOf(one), able).length > 0)) return false;
  const present = markers.get('python_full_version');
  const specifier = parseSpecifier(requiresPython);
  return present === undefined || specifier === undefined || contains(specifier, present, { prereleases: true });
}

const dayMs = 86_400_000;
