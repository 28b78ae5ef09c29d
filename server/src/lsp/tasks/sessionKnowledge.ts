import type { Settings } from '../../../../protocol/settings.ts';
import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Ignore } from '../../core/ignores/ignore.ts';
import type { ProjectPython } from '../../engine/lockReader.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import type { FileId } from '../../project/fileId.ts';
import type { Knowledge } from '../../project/workspace/workspaceState.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { IgnoreTable } from './ignoreTable.ts';
import type { LockStore } from './lockStore.ts';

/** What a session assesses lines from: its engine of the moment, and what has been read of ignores and locks. */
export class SessionKnowledge implements Knowledge {
  readonly #engine: EngineHolder;
  readonly #ignores: IgnoreTable;
  readonly #locks: LockStore;

  constructor(engine: EngineHolder, ignores: IgnoreTable, locks: LockStore) {
    this.#engine = engine;
    this.#ignores = ignores;
    this.#locks = locks;
  }

  get scanner(): Scanner {
    return this.#engine.engine.scanner;
  }

  get locks(): ReadonlyMap<FileId, readonly LockedVersions[]> {
    return this.#locks.known;
  }

  pythonOf(file: FileId): ProjectPython | undefined {
    return this.#locks.knownPython(file);
  }

  ownIndexOf(file: FileId): ReadonlySet<PackageName> | undefined {
    return this.#locks.ownIndexOf(file);
  }

  ignoresOf(file: FileId, settings: Settings): readonly Ignore[] {
    return this.#ignores.ignoresOf(file, settings);
  }
}
