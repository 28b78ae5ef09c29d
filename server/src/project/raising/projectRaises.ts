import type { DecidedVersions, LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Compiled } from '../../core/manifests/compiled.ts';
import { ownIndexNames } from '../../core/manifests/declared.ts';
import { treeOfInstalled } from '../../core/manifests/installedTree.ts';
import type { Manifest, ManifestKind } from '../../core/manifests/manifest.ts';
import { namesOtherIndex } from '../../core/manifests/namesOtherIndex.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { LockReader } from '../../engine/lockReader.ts';
import { declaresFor } from '../declarers.ts';
import { below, type FileId, fileId, idOfPath } from '../fileId.ts';
import type { ProjectFile } from '../reading/readProject.ts';
import type { RaisingPlace } from './adviseRaise.ts';
import { type RaisingFile, raiseScope, type RaisingSource } from './raiseScope.ts';

export interface ProjectRaisesParts {
  readonly files: readonly ProjectFile[];
  readonly decidedFor: (path: string) => DecidedVersions;
  readonly isPrivateIn: (path: string) => ((name: string) => boolean) | undefined;
  readonly presentFolder: string;
  readonly locks: Pick<LockReader, 'python'>;
  readonly roots: readonly string[];
  readonly minimumReleaseAgeDays: number;
  readonly nowMs: number;
}

/** A file that a tool made: it holds what others declare. */
interface Holder {
  readonly kind: ManifestKind;
  readonly compiled: Compiled | undefined;
  /** Of an environment. */
  readonly text: string | undefined;
}

/** A file that declares, with what is to be known of it once it is let go. */
interface Declarer extends Omit<RaisingFile, 'requirements' | 'python'> {
  readonly path: string;
}

/** What holds for the packages of a project's locks, compiled files and environments. Made before the files are let go; small. */
export class ProjectRaises {
  readonly #holders = new Map<string, Holder>();
  readonly #declarers: Declarer[] = [];
  readonly #parts: Omit<ProjectRaisesParts, 'files'>;
  readonly #places = new Map<string, Promise<RaisingPlace | undefined>>();

  constructor({ files, ...parts }: ProjectRaisesParts) {
    this.#parts = parts;
    for (const { path, file } of files) {
      const { kind, compiled } = file;
      if (kind.lockAgain === undefined && compiled === undefined) continue;
      this.#holders.set(path, { kind, compiled, text: kind.id === 'environment' ? file.text : undefined });
    }
    const hasEnvironment = [...this.#holders.values()].some(({ text }) => text !== undefined);
    for (const { path, file } of this.#holders.size === 0 ? [] : files) {
      const declarer = this.#declarer(path, file, hasEnvironment);
      if (declarer !== undefined) this.#declarers.push(declarer);
    }
  }

  /** `requirementsOf`: as they were placed, by path. */
  placeOf(
    path: string,
    requirementsOf: (path: string) => readonly PlacedRequirement[],
    signal: AbortSignal,
  ): Promise<RaisingPlace | undefined> {
    const known = this.#places.get(path) ?? this.#makePlace(path, requirementsOf, signal);
    this.#places.set(path, known);
    return known;
  }

  #declarer(path: string, file: Manifest, hasEnvironment: boolean): Declarer | undefined {
    const { decidedFor, isPrivateIn } = this.#parts;
    const { locked, limits, isLimiting } = decidedFor(path);
    const isMade = this.#holders.has(path);
    if (isMade || isLimiting === true) return undefined;
    if (!hasEnvironment && !locked.some((source) => declaresFor(file, source))) return undefined;
    const ownIndex = ownIndexNames([file]);
    const isPrivate = isPrivateIn(path) ?? (() => false);
    return {
      path,
      shown: path,
      limits,
      locked: locked.filter((source) => source.installed !== undefined || declaresFor(file, source)),
      isPrivate: (name) => ownIndex.has(name as PackageName) || isPrivate(name),
      namesOtherIndex: namesOtherIndex(file),
    };
  }

  async #makePlace(
    path: string,
    requirementsOf: (path: string) => readonly PlacedRequirement[],
    signal: AbortSignal,
  ): Promise<RaisingPlace | undefined> {
    const holder = this.#holders.get(path);
    if (holder === undefined) return undefined;
    const { decidedFor, locks, roots, minimumReleaseAgeDays, nowMs } = this.#parts;
    const { ownIndex } = decidedFor(path);
    const { source, declarers } = this.#sourceOf(path, holder);
    const files: RaisingFile[] = [];
    for (const one of declarers) {
      const python = await locks.python(one.path, roots, signal);
      const isPrivate = (name: string): boolean => ownIndex?.has(name as PackageName) === true || one.isPrivate(name);
      files.push({ ...one, requirements: requirementsOf(one.path), python, isPrivate });
    }
    const { kind, compiled } = holder;
    return {
      kind,
      compiled,
      limitedBy: source.limitedBy,
      scope: raiseScope(source, files, { minimumReleaseAgeDays, nowMs }),
    };
  }

  #sourceOf(
    path: string,
    { compiled, text }: Holder,
  ): { readonly source: RaisingSource; readonly declarers: readonly Declarer[] } {
    if (text !== undefined) {
      const { tree, markers } = treeOfInstalled(text);
      const source = { ...nothingHeld, kind: 'environment', source: path, tree } as const;
      const installed = { uri: this.#idOf(path), text, markers };
      return { source: { ...source, installed }, declarers: this.#declarersAbove(path) };
    }
    const id = this.#idOf(path);
    const declarers: Declarer[] = [];
    let found: RaisingSource | undefined;
    for (const one of this.#declarers) {
      const own = one.locked.find(({ tree }) => tree?.uri !== undefined && fileId(tree.uri) === id);
      if (own?.tree === undefined) continue;
      found ??= { ...own, tree: own.tree };
      declarers.push(one);
    }
    const kind = compiled === undefined ? 'lock' : 'compiled';
    return { source: found ?? { ...nothingHeld, kind, source: path, tree: { packages: [] } }, declarers };
  }

  /** Those in the folder of the environment and below; all of them where there is none, as it may lie anywhere. */
  #declarersAbove(path: string): readonly Declarer[] {
    const plain = path.replaceAll('\\', '/').replace(/\/+$/u, '');
    const folder = plain.slice(0, plain.lastIndexOf('/') + 1);
    const near = this.#declarers.filter((one) => one.path.replaceAll('\\', '/').startsWith(folder));
    return near.length > 0 ? near : this.#declarers;
  }

  #idOf(path: string): FileId {
    const { presentFolder } = this.#parts;
    return below(idOfPath(presentFolder, !presentFolder.startsWith('/')), path);
  }
}

const nothingHeld: Pick<LockedVersions, 'versions'> = { versions: new Map() };
