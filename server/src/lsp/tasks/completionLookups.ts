import { type PackageName, matchesName } from '../../core/packages/packageName.ts';
import { versionRange } from '../../core/assessment/lookup.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { PackageKnowledge } from '../../engine/store/packageKnowledge.ts';
import type { Clock } from '../../engine/ports.ts';
import type { FileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { Environment, Timers } from '../environment.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { SettingsAdoption } from './settingsAdoption.ts';

/** Nobody who types waits longer for versions; the client asks again with the next key. */
const completionLimitMs = 300;
// What could not be had is not asked for with every key.
const quietMs = 15_000;

/** Has a package looked up when somebody types its first version: once, however often completion is asked for meanwhile. */
export class CompletionLookups {
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #engine: EngineHolder;
  readonly #workspace: Workspace;
  readonly #settings: Pick<SettingsAdoption, 'whenReady'>;
  readonly #closing = new AbortController();
  readonly #underWay = new Map<PackageName, Promise<void>>();
  readonly #askedAt = new Map<PackageName, number>();

  constructor(
    { timers, clock }: Pick<Environment, 'timers' | 'clock'>,
    engine: EngineHolder,
    workspace: Workspace,
    settings: Pick<SettingsAdoption, 'whenReady'>,
  ) {
    this.#timers = timers;
    this.#clock = clock;
    this.#engine = engine;
    this.#workspace = workspace;
    this.#settings = settings;
  }

  /** What is known of a package, or comes to be within the limit. */
  async knowledge(file: FileId, name: PackageName): Promise<PackageKnowledge | undefined> {
    const known = this.#peek(name);
    if (known !== undefined) {
      return known;
    }
    const lookup = this.#underWay.get(name) ?? this.#begin(file, name);
    let cancelLimit: () => void = () => undefined;
    const limit = new Promise<void>((resolve) => (cancelLimit = this.#timers.after(completionLimitMs, resolve)));
    await Promise.race([lookup, limit]);
    cancelLimit();
    return this.#peek(name);
  }

  dispose(): void {
    this.#closing.abort();
  }

  #peek(name: PackageName): PackageKnowledge | undefined {
    return this.#engine.engine.scanner.peekPackage(name);
  }

  #begin(file: FileId, name: PackageName): Promise<void> {
    const sinceMs = this.#clock.now() - (this.#askedAt.get(name) ?? -Infinity);
    if (sinceMs >= 0 && sinceMs < quietMs) {
      return Promise.resolve();
    }
    const lookup = this.#ask(file, name).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, lookup);
    return lookup;
  }

  /** Never rejects: what could not be had is not offered, and the line itself says what failed. */
  async #ask(file: FileId, name: PackageName): Promise<void> {
    await this.#settings.whenReady; // the settings say what is never sent
    const { blocked, privatePackages } = this.#workspace.settingsOf(file);
    const isPrivate = blocked !== undefined || privatePackages.some((pattern) => matchesName(pattern, name));
    const anyVersion = versionRange(name, []);
    const manifest = this.#workspace.snapshot(file)?.file;
    if (isPrivate || anyVersion === undefined || manifest === undefined) {
      return;
    }
    if (manifest.entriesFor(name).some((index) => hasOwnIndex(manifest, index))) {
      return;
    }
    this.#forgetOld(this.#clock.now());
    this.#askedAt.set(name, this.#clock.now());
    await this.#engine.engine.scanner
      .scan([anyVersion], { typing: true, signal: this.#closing.signal })
      .catch(() => undefined);
  }

  #forgetOld(now: number): void {
    for (const [name, at] of this.#askedAt) {
      if (Math.abs(now - at) >= quietMs) {
        this.#askedAt.delete(name);
      }
    }
  }
}

function hasOwnIndex(file: Manifest, index: number): boolean {
  const content = file.contentOf(index);
  return content !== undefined && 'hasOwnIndex' in content && content.hasOwnIndex;
}
