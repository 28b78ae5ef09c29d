import { haveSameEntries } from '../../core/text/carryOver.ts';
import type { DecidedVersions, LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import { comesWith, indexTree, type TreeIndex } from '../../core/assessment/comesWith.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import type { Outcome } from '../../core/assessment/outcome.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { LockedTree } from '../../core/manifests/lockedTree.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { installedKind, kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import { isNoDeclaration, sourceFor } from '../declarers.ts';
import { type FileId, fileId } from '../fileId.ts';
import type { ComesWith, LineState } from './lineState.ts';
import { type Ignoring, LineStates } from './lineStates.ts';

/** What a lock, a compiled file or an environment brings in with the requirements of one file, and what is known of it. */
export class Comers {
  #states = new LineStates('');
  #source: LockedVersions | undefined;
  /** What is trusted more than an environment. */
  #before: readonly LockedVersions[] = [];
  #ownIndex: DecidedVersions['ownIndex'];
  #index: { readonly tree: LockedTree; readonly index: TreeIndex } | undefined;
  #requirements: readonly PlacedRequirement[] = [];
  #declared: readonly PlacedRequirement[] = [];
  #key = '';
  #isPrivate: ((name: PackageName) => boolean) | undefined;
  #grouped: readonly LineState[] = [];
  #byDirect: ReadonlyMap<PackageName, ComesWith> = new Map();
  #joined: Joined | undefined;
  #named: { readonly uri: string; readonly id: FileId } | undefined;

  /** Takes what the file declares, and what decides its versions; with nothing, nothing comes. */
  use(file: Manifest, declared: readonly PlacedRequirement[], decided: DecidedVersions, isPrivate: IsPrivate): void {
    const source = sourceFor(file, decided);
    const before = trustedMore(source, decided);
    const { ownIndex } = decided;
    const isSameSource =
      source === this.#source && haveSameEntries(before, this.#before) && ownIndex === this.#ownIndex;
    if (isSameSource && declared === this.#declared && isPrivate === this.#isPrivate) return;
    const names: Declared = source === undefined ? new Map() : declaredNames(declared, source);
    const key = [...names].map(([name, extras]) => `${name}[${[...extras].join(',')}]`).join(' ');
    const isOther = !isSameSource || isPrivate !== this.#isPrivate;
    if (source?.source !== this.#source?.source) this.#states = new LineStates(source?.source ?? '');
    if (isOther || key !== this.#key) {
      const again = source && againOf(source);
      if (source?.tree !== this.#index?.tree) {
        this.#index = source?.tree && { tree: source.tree, index: indexTree(source.tree) };
      }
      const tree = this.#index?.index;
      const held = heldIn(before);
      this.#requirements =
        tree === undefined
          ? []
          : comesWith(tree, names.keys(), {
              isLeftOut: (name) => isPrivate(name) || ownIndex?.has(name) === true || held.has(name),
              again,
              extrasOf: (name) => [...(names.get(name) ?? [])],
            });
    }
    this.#source = source;
    this.#before = before;
    this.#ownIndex = ownIndex;
    this.#declared = declared;
    this.#isPrivate = isPrivate;
    this.#key = key;
  }

  /** Why it is not known what comes, for people; absent where it is, or where nobody asks. */
  get unread(): string | undefined {
    return this.#source?.unread;
  }

  /** Of the file that holds it; absent where nothing comes, or from no file. */
  get uri(): FileId | undefined {
    const uri = this.#requirements.length === 0 ? undefined : this.#source?.tree?.uri;
    if (uri !== this.#named?.uri) this.#named = uri === undefined ? undefined : { uri, id: fileId(uri) };
    return this.#named?.id;
  }

  get lookups(): readonly Lookup[] {
    return this.#requirements.flatMap(({ subject }) => (subject.kind === 'lookup' ? [subject.lookup] : []));
  }

  get pending(): readonly Lookup[] {
    return this.#requirements.length === 0 ? [] : this.#states.pending;
  }

  holdAt(now: number): boolean {
    return this.#requirements.length === 0 || this.#states.holdAt(now);
  }

  take(outcomes: ReadonlyMap<string, Outcome>, now: number): void {
    this.#states.take(outcomes, now);
  }

  /** The lines, each with what comes with it. Where nothing does, the same list. */
  join(lines: readonly LineState[], scanner: Scanner, { ignores, now }: Ignoring): readonly LineState[] {
    const states =
      this.#requirements.length === 0
        ? []
        : this.#states.bringUpToDate(this.#requirements, scanner, { ...(ignores && { ignores }), now });
    if (states !== this.#grouped) {
      this.#byDirect = this.#group(states);
      this.#grouped = states;
    }
    if (this.#byDirect.size === 0) return lines;
    if (this.#joined?.lines !== lines || this.#joined.byDirect !== this.#byDirect) {
      this.#joined = { lines, byDirect: this.#byDirect, all: joinedTo(lines, this.#byDirect, this.#joined) };
    }
    return this.#joined.all;
  }

  #group(states: readonly LineState[]): ReadonlyMap<PackageName, ComesWith> {
    const lists = new Map<PackageName, LineState[]>();
    for (const line of states) {
      const direct = line.requirement.requiredBy?.chain[0];
      if (direct === undefined) continue;
      const known = lists.get(direct);
      if (known === undefined) lists.set(direct, [line]);
      else known.push(line);
    }
    const source = this.#source;
    if (source === undefined) return new Map();
    const uri = source.tree?.uri;
    return new Map(
      [...lists].map(([direct, lines]) => {
        const version = source.versions.get(direct)?.text;
        const made: ComesWith = {
          lines,
          source,
          ...(version === undefined ? {} : { version }),
          ...(uri === undefined ? {} : { uri: fileId(uri) }),
        };
        const before = this.#byDirect.get(direct);
        return [direct, before !== undefined && isSame(before, made) ? before : made];
      }),
    );
  }
}

type IsPrivate = (name: PackageName) => boolean;

interface Joined {
  readonly lines: readonly LineState[];
  readonly byDirect: ReadonlyMap<PackageName, ComesWith>;
  readonly all: readonly LineState[];
}

/** A package that is declared in several places says it once, at the first. */
function joinedTo(
  lines: readonly LineState[],
  byDirect: ReadonlyMap<PackageName, ComesWith>,
  before: Joined | undefined,
): readonly LineState[] {
  const said = new Set<string>();
  return lines.map((line, index) => {
    const name = line.requirement.normalizedName as PackageName;
    const own = said.has(name) ? undefined : byDirect.get(name);
    const comes = own && !isNoDeclaration(line.requirement, own.source) ? own : undefined;
    if (comes === undefined) return line;
    said.add(name);
    const known = before?.all[index];
    return known?.comes === comes && before?.lines[index] === line ? known : { ...line, comes };
  });
}

function isSame(a: ComesWith, b: ComesWith): boolean {
  return (
    a.source === b.source &&
    a.version === b.version &&
    a.uri === b.uri &&
    a.lines.length === b.lines.length &&
    a.lines.every((line, index) => line === b.lines[index])
  );
}

/** The names, each with the extras that are asked for. */
type Declared = ReadonlyMap<PackageName, ReadonlySet<string>>;

function declaredNames(declared: readonly PlacedRequirement[], source: LockedVersions): Declared {
  const names = new Map<PackageName, Set<string>>();
  for (const one of declared) {
    if (one.normalizedName === '' || isNoDeclaration(one, source)) continue;
    const name = one.normalizedName as PackageName;
    const extras = names.get(name) ?? new Set();
    one.extras?.forEach((extra) => extras.add(extra));
    names.set(name, extras);
  }
  return names;
}

function againOf({ kind, source }: LockedVersions): ((name: string) => string) | undefined {
  if (kind === 'environment') return installedKind.lockAgain;
  return kind === 'lock' ? kindOfNamed(source).lockAgain : undefined;
}

/** What decides before an environment does. */
function trustedMore(source: LockedVersions | undefined, { locked }: DecidedVersions): readonly LockedVersions[] {
  return source?.kind === 'environment' ? locked.slice(0, locked.indexOf(source)) : [];
}

/** What a lock holds counts there, whatever is installed. */
function heldIn(locks: readonly LockedVersions[]): ReadonlySet<PackageName> {
  return new Set(
    locks.flatMap(({ versions, tree }) => [...versions.keys(), ...(tree?.packages ?? []).map(({ name }) => name)]),
  );
}
