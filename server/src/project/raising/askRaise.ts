import { lookupKey } from '../../core/assessment/lookup.ts';
import type { LockedTree } from '../../core/manifests/lockedTree.ts';
import type { MarkerValues } from '../../core/markers/holdsIn.ts';
import { pythonsOf, withoutPythons } from '../../core/markers/pythons.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Release } from '../../core/packages/release.ts';
import { contains, parseSpecifier } from '../../core/versions/specifier.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { setHas } from '../../core/versions/versionSet.ts';
import type { NeedsLibrary } from '../../engine/index/needsLibrary.ts';
import type { PackageIndex } from '../../engine/index/packageIndex.ts';
import type { ProjectPython } from '../../engine/lockReader.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import { LookupError } from '../../engine/ports.ts';
import { type Declared, type Raise, raiseFor, type RaisePorts } from './raise.ts';

/** Who is asked. */
export interface RaiseEngine {
  readonly scanner: Scanner;
  readonly index?: PackageIndex | undefined;
  readonly needs?: NeedsLibrary | undefined;
}

/** What holds where a package stands. */
export interface RaiseScope {
  readonly tree: LockedTree;
  readonly declared: ReadonlyMap<PackageName, Declared>;
  /** Of the environment, where there is one. */
  readonly markers: MarkerValues;
  readonly python: ProjectPython | undefined;
  readonly isPrivate: (name: string) => boolean;
}

/** What has to be raised for one package of a tree. */
export async function askRaise(
  { name, version }: { readonly name: PackageName; readonly version: string | null },
  scope: RaiseScope,
  engine: RaiseEngine,
  signal: AbortSignal,
): Promise<Raise | undefined> {
  const { scanner } = engine;
  await scanner.recallPackages([name]);
  const facts = scanner.peekPackage(name)?.facts;
  const from = parseVersion(version ?? '');
  if (facts?.releases === undefined || from === undefined) return undefined;
  const safe = facts.releases
    .filter(({ version, yanked, requiresPython }) => {
      const isLater = version.key > from.key && !yanked && !version.isPrerelease;
      return isLater && !setHas(facts.advisories.vulnerable, version.key) && canRun(requiresPython, scope);
    })
    .map(({ version }) => version);
  const { tree, declared, markers: values } = scope;
  return raiseFor({ tree, name, safe, declared, values }, portsOf(scope, engine, signal));
}

function portsOf(scope: RaiseScope, { scanner, index, needs }: RaiseEngine, signal: AbortSignal): RaisePorts {
  const { isPrivate } = scope;
  return {
    requiresOf: async (pins) => {
      if (needs === undefined || pins.some(({ name }) => isPrivate(name))) return pins.map(() => undefined);
      await needs.ask(pins, signal);
      return pins.map((pin) => {
        const state = needs.state(pin);
        return state.kind === 'known' ? state.fact.requires : undefined;
      });
    },
    releasesOf: async (name) => {
      if (isPrivate(name)) return undefined;
      try {
        return await index?.releases(name, signal);
      } catch (error) {
        if (error instanceof LookupError) return undefined;
        throw error;
      }
    },
    isFit: async (pin, { requiresPython }) => {
      if (isPrivate(pin.name) || !canRun(requiresPython, scope)) return false;
      const outcome = (await scanner.scan([pin], { signal })).get(lookupKey(pin));
      return outcome?.kind === 'assessed' && outcome.verdict === 'clean' && outcome.brokenOff === undefined;
    },
  };
}

/** Whether the Python that is there, and those that the project is for, can install it. */
function canRun(
  requiresPython: Release['requiresPython'],
  { python, markers }: Pick<RaiseScope, 'python' | 'markers'>,
): boolean {
  const demand = python?.requiresPython;
  if (requiresPython === undefined) return true;
  if (demand !== undefined && withoutPythons(pythonsOf(demand), pythonsOf(requiresPython)).length > 0) return false;
  const present = markers.get('python_full_version');
  const specifier = parseSpecifier(requiresPython);
  return present === undefined || specifier === undefined || contains(specifier, present, { prereleases: true });
}
