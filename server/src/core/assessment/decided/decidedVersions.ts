import type { PinPlace } from './pinPlace.ts';
import type { PackageName } from '../../packages/packageName.ts';
import { plainText } from '../../text/plainText.ts';
import type { LockedVersion } from '../../manifests/lockedPackage.ts';
import type { FilePart } from '../../manifests/includeGraph.ts';
import type { Compiled } from '../../manifests/compiled.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import type { MarkerValues } from '../../markers/holdsIn.ts';
import type { LockedTree } from '../../manifests/lockedTree.ts';
import { type ConstraintPins, noConstraints } from './constraints.ts';
import type { LineBounds } from './lineBounds.ts';

/** What decides the version of a requirement that names none of its own. */
export interface DecidedBy {
  readonly kind: 'constraint' | 'fileName' | LockKind;
  /** As people know it: the name of a file or folder; of `fileName` the file that is installed. */
  readonly source: string;
  /** Of the pin, where it is known. */
  readonly place?: PinPlace;
  /** It is a lock from before the line was changed: the line does not allow what it has. */
  readonly isOutOfDate?: true;
}

/** A file that a tool compiled from this one; a lock file; the packages installed in a virtual environment. */
export type LockKind = 'compiled' | 'lock' | 'environment';

/** The packages of one lock, compiled file or environment. It decides nothing for names that are not there. */
export interface LockedVersions extends DecidedBy {
  readonly kind: LockKind;
  readonly versions: ReadonlyMap<PackageName, LockedVersion>;
  /** Of names that are there with several. */
  readonly several?: ReadonlyMap<PackageName, readonly LockedVersion[]>;
  /** Names that it has from no index. */
  readonly elsewhere?: ReadonlySet<PackageName>;
  /** Of a compiled file. */
  readonly compiled?: Compiled;
  /** The constraints files that it says limit its packages; absent where it says none. */
  readonly limitedBy?: ReadonlyMap<PackageName, readonly string[]>;
  /** What asks for what in it; absent where it does not say. */
  readonly tree?: LockedTree;
  /** Of an environment; absent where only the names of its packages were read. */
  readonly installed?: InstalledIn;
  /** Why it is not known what it brings in, for people: its packages could not be read. */
  readonly unread?: string;
}

export interface InstalledIn {
  /** Of its folder. */
  readonly uri: string;
  /** Its packages, as a text of `installedKind`. */
  readonly text: string;
  readonly markers: MarkerValues;
}

/** All that decides versions for one requirements file. */
export interface DecidedVersions {
  /** Trusted most: installers obey them. */
  readonly constraints: ConstraintPins;
  /** What else constraints and included files ask of versions. */
  readonly bounds?: LineBounds;
  /** What holds besides in a part of the file, from files that this part names. */
  readonly parts?: readonly DecidedPart[];
  /** What the files say that pip reads together with this one: it decides nothing, and limits fixes. */
  readonly limits?: LineBounds;
  /** The most trusted first. */
  readonly locked: readonly LockedVersions[];
  /** Packages that files of the project give a package index of their own: they are not to be sent. */
  readonly ownIndex?: ReadonlySet<PackageName>;
  /** It is about a constraints file, which by itself asks for nothing. */
  readonly isLimiting?: true;
}

/** What decides versions for what is installed with a part of a file. */
export interface DecidedPart extends FilePart {
  readonly constraints: ConstraintPins;
  readonly bounds: LineBounds;
}

export const nothingDecided: DecidedVersions = { constraints: noConstraints, locked: [] };

/** "pinned by constraints.txt", "locked by uv.lock", "installed in .venv", "version from the file name"; without what could disguise it. */
export function decidedText({ kind, source, isOutOfDate }: DecidedBy): string {
  if (kind === 'fileName') {
    return 'version from the file name';
  }
  return `${how[kind]} ${plainText(source, 100)}${isOutOfDate === true ? ', which is out of date' : ''}`;
}

const how = {
  constraint: 'pinned by',
  compiled: 'pinned by',
  lock: 'locked by',
  environment: 'installed in',
} as const satisfies Record<Exclude<DecidedBy['kind'], 'fileName'>, string>;

/** Whether a file is one of constraints, by its name: what else is read does not change what is said of it. */
export function isConstraintsFile(name: string): boolean {
  return /(?:^|[^a-z])constraints?(?:[^a-z]|$)/iu.test(name);
}

/** What asks for what in a lock that does not record it, as an environment has it; absent where nobody says. */
export function treeOfLock({ kind }: Manifest, { locked }: DecidedVersions): LockedTree | undefined {
  return kind.id === unrecorded
    ? locked.find((one) => one.kind === 'lock' && one.source === unrecorded)?.tree
    : undefined;
}

const unrecorded = 'Pipfile.lock';
