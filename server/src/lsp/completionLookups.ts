import { type PackageName, matchesName } from '../core/packages/packageName.ts';
import { versionRange } from '../core/assessment/lookup.ts';
import type { Item } from '../core/manifests/pip/model.ts';
import { hasOwnIndex } from '../core/manifests/pip/parse/ownIndex.ts';
import type { PackageKnowledge } from '../engine/store/packageKnowledge.ts';
import type { Timers } from './environment.ts';
import type { Session } from './session.ts';

/** Nobody who types waits longer for versions; the client asks again with the next key. */
const completionLimitMs = 300;
// What could not be had is not asked for with every key.
const quietMs = 15_000;

/** Has a package looked up when somebody types its first version: once, however often completion is asked for meanwhile. */
export class CompletionLookups {
  readonly #timers: Timers;
  readonly #closing = new AbortController();
  readonly #underWay = new Map<PackageName, Promise<void>>();
  readonly #askedAt = new Map<PackageName, number>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** What is known of a package, or comes to be within the limit. */
  async knowledge(session: Session, uri: string, name: PackageName): Promise<PackageKnowledge | undefined> {
    const known = session.knowledgeOf(name);
    if (known !== undefined) {
      return known;
    }
    const lookup = this.#underWay.get(name) ?? this.#begin(session, uri, name);
    let cancelLimit: () => void = () => undefined;
    const limit = new Promise<void>((resolve) => (cancelLimit = this.#timers.after(completionLimitMs, resolve)));
    await Promise.race([lookup, limit]);
    cancelLimit();
    return session.knowledgeOf(name);
  }

  dispose(): void {
    this.#closing.abort();
  }

  #begin(session: Session, uri: string, name: PackageName): Promise<void> {
    const sinceMs = session.now - (this.#askedAt.get(name) ?? -Infinity);
    if (sinceMs >= 0 && sinceMs < quietMs) {
      return Promise.resolve();
    }
    const lookup = this.#ask(session, uri, name).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, lookup);
    return lookup;
  }

  /** Never rejects: what could not be had is not offered, and the line itself says what failed. */
  async #ask(session: Session, uri: string, name: PackageName): Promise<void> {
    await session.whenReady; // the settings say what is never sent
    const { blocked, privatePackages } = session.settingsFor(uri);
    const isPrivate = blocked !== undefined || privatePackages.some((pattern) => matchesName(pattern, name));
    const anyVersion = versionRange(name, []);
    const items = session.fileOf(uri)?.file.items;
    if (isPrivate || anyVersion === undefined || items === undefined) {
      return;
    }
    if (items.some((item) => nameIn(item) === name && hasOwnIndex(item))) {
      return;
    }
    this.#forgetOld(session.now);
    this.#askedAt.set(name, session.now);
    await session.engine.scanner
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

function nameIn(item: Item): PackageName | undefined {
  return item.kind === 'requirement' || item.kind === 'error' ? item.name?.normalized : undefined;
}
