import type { PackageName } from '../../core/packages/packageName.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import { type ReadRecord, readRecord } from '../../core/advisories/readRecord.ts';
import { preparing } from '../../core/advisories/packageAdvisories.ts';
import type { Release } from '../../core/packages/release.ts';
import { SingleFlight } from '../singleFlight.ts';
import type { PackageIndex } from '../index/packageIndex.ts';
import type { AdvisoryStore } from '../store/advisoryStore.ts';
import { advisoriesOf, outdated, type PackageKnowledge, packageKnowledge, updated } from '../store/packageKnowledge.ts';
import { type AdvisorySource, type Clock, type Log, LookupError, type Match } from '../ports.ts';

export interface LibraryParts {
  readonly source: AdvisorySource;
  readonly store: AdvisoryStore;
  readonly index: PackageIndex | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PackageRequest {
  /** What the service named just now; their records must be in the answer as they are now. */
  readonly matches: readonly Match[];
  /** The matches are all the advisories that the package has, as of then. */
  readonly completeAt?: number | undefined;
  /** Nobody has asked about the package: fetch it whatever is held. */
  readonly again: boolean;
}

export type PackageAnswer =
  /** `lacking`: matches whose records could not be had; the knowledge says nothing of them. */
  | { readonly kind: 'known'; readonly knowledge: PackageKnowledge; readonly lacking: readonly string[] }
  | { readonly kind: 'failed'; readonly error: LookupError };

// Fewer changed records than this are fetched one by one; else the whole package comes in one answer.
const mostSingles = 3;
// Where the whole package cannot be had, this many records are still fetched one by one.
const mostFallbacks = 60;

/** The advisories of packages, each package fetched once for all who ask, and kept in memory and storage. */
export class PackageLibrary {
  readonly #parts: LibraryParts;
  readonly #packages = new SingleFlight<PackageName, PackageAnswer>();
  readonly #records = new SingleFlight<string, FetchedRecord | undefined>();
  #hits = 0;
  #misses = 0;

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  /** Never throws for what the world does; rejects only with the signal's reason. */
  async find(name: PackageName, request: PackageRequest, signal: AbortSignal): Promise<PackageAnswer> {
    const isCurrent = this.#parts.store.mark();
    const { matches, completeAt, again } = request;
    const releases = matches.length > 0 ? this.#releases(name, signal) : undefined;
    // Awaited below; when the other look-up is aborted first, that one says so.
    releases?.catch(() => undefined);
    const held = again ? undefined : this.#parts.store.knowledge(name);
    const answer =
      (held && (await this.#broughtUpToDate(held, request, signal))) ??
      (completeAt !== undefined && matches.length === 0
        ? emptyPackage(name, completeAt)
        : await this.#whole(name, request, signal));
    if (answer.kind === 'failed') {
      this.#parts.store.doubtKnowledge(name, matches);
      return answer;
    }
    const hasAdvisories = answer.knowledge.facts.advisories.entries.length > 0;
    const knowledge = withReleases(
      answer.knowledge,
      (await releases) ?? (hasAdvisories ? await this.#releases(name, signal) : undefined),
    );
    await this.#parts.store.turns.ahead(preparing(knowledge.facts.advisories));
    // An answer that lacks a record must not decide other versions.
    if (isCurrent()) {
      if (answer.lacking.length === 0) {
        this.#parts.store.keepKnowledge(knowledge);
      } else {
        this.#parts.store.doubtKnowledge(name, matches);
      }
    }
    return { ...answer, knowledge };
  }

  /** One advisory as the service has it under this stamp; `undefined` where it cannot be had, and the log says why. */
  async advisory(id: string, modified: string, signal: AbortSignal): Promise<Advisory | undefined> {
    return (await this.#record(id, modified, signal))?.advisory;
  }

  /** The held package with the few records that have changed; `undefined` where it is better fetched again. */
  async #broughtUpToDate(
    held: PackageKnowledge,
    { matches, completeAt }: PackageRequest,
    signal: AbortSignal,
  ): Promise<PackageAnswer | undefined> {
    const changed = outdated(held, matches);
    if (changed.length > mostSingles) {
      return undefined;
    }
    this.#hits += matches.length - changed.length;
    return this.#completed(held, matches, changed, completeAt, signal);
  }

  /** With the records of `missing`, fetched one by one. */
  async #completed(
    knowledge: PackageKnowledge,
    matches: readonly Match[],
    missing: readonly Match[],
    completeAt: number | undefined,
    signal: AbortSignal,
  ): Promise<PackageAnswer & { readonly kind: 'known' }> {
    const { name } = knowledge;
    const fetched = await Promise.all(missing.map(({ id, modified }) => this.#record(id, modified, signal)));
    const lacking = missing.filter((_match, index) => fetched[index] === undefined).map(({ id }) => id);
    const had = matches.filter(({ id }) => !lacking.includes(id));
    const records = fetched.flatMap((record) => record ?? []);
    const complete = updated(
      knowledge,
      had,
      records.map(({ advisory }) => advisory),
      completeAt,
    );
    const isGood = ({ advisory, isWhole }: FetchedRecord): boolean => isWhole && !isSilentAbout(name, advisory);
    const mended = new Set(records.filter(isGood).map(({ advisory }) => advisory.id));
    const broken = records.filter((record) => !isGood(record)).map(({ advisory }) => advisory.id);
    const still = complete.unreadable.filter((id) => !mended.has(id));
    return {
      kind: 'known',
      knowledge: { ...complete, unreadable: [...new Set([...still, ...broken, ...lacking])] },
      lacking,
    };
  }

  async #whole(
    name: PackageName,
    { matches, completeAt }: PackageRequest,
    signal: AbortSignal,
  ): Promise<PackageAnswer> {
    const answer = await this.#package(name, signal);
    if (answer.kind === 'known') {
      // The index that batches come from and the records are written one after the other (OSV): the newest may lack.
      const held = new Set(advisoriesOf(answer.knowledge).map(({ id }) => id));
      const missing = matches.filter(({ id }) => !held.has(id));
      return this.#completed(answer.knowledge, matches, missing, undefined, signal);
    }
    if (completeAt === undefined || matches.length > mostFallbacks) {
      return answer;
    }
    const { knowledge } = emptyPackage(name, completeAt);
    const completed = await this.#completed(knowledge, matches, matches, completeAt, signal);
    return completed.lacking.length > 0 ? answer : completed;
  }

  #package(name: PackageName, signal: AbortSignal): Promise<PackageAnswer> {
    const isCurrent = this.#parts.store.mark();
    return this.#packages.run(name, (shared) => this.#fetchPackage(name, isCurrent, shared), signal);
  }

  async #fetchPackage(name: PackageName, isCurrent: () => boolean, signal: AbortSignal): Promise<PackageAnswer> {
    const { source, clock, store, log } = this.#parts;
    const { turns } = store;
    this.#misses++;
    try {
      const records = await source.package(name, signal);
      const now = clock.now();
      const read: ReturnType<typeof readAbout>[] = [];
      await turns.goOn(); // as soon as it is here: until it is settled it fills memory
      for (const record of records) {
        if (turns.isOver) {
          await turns.goOn();
        }
        read.push(readAbout(name, record));
      }
      const faulty = read.filter(({ faults }) => faults.length > 0);
      for (const { advisory, faults } of faulty) {
        log.warn(`A record about ${name} cannot be read: ${advisory?.id ?? ''} ${faults.slice(0, 3).join('; ')}`, {
          event: 'advisory.unreadable',
          package: name,
        });
      }
      const unreadable = faulty.map(({ advisory }) => advisory?.id ?? 'one without an id');
      const advisories = read.flatMap(({ advisory }) => advisory ?? []);
      const parts = { name, advisories, unreadable, checkedAt: now, fetchedAt: now };
      const knowledge = packageKnowledge({ ...parts, scores: store.scores });
      if (isCurrent()) {
        store.keepRecords(knowledge, records, now);
      }
      return { kind: 'known', knowledge, lacking: [] };
    } catch (error) {
      if (error instanceof LookupError) {
        log.warn(`The advisories of ${name} could not be fetched: ${error.message}`, {
          event: 'package.failed',
          package: name,
          reason: error.reason,
        });
        return { kind: 'failed', error };
      }
      throw error;
    }
  }

  /** Only whole records are in memory. */
  #record(id: string, modified: string, signal: AbortSignal): Promise<FetchedRecord | undefined> {
    const match = { id, modified };
    const held = this.#parts.store.advisory(match);
    if (held !== undefined) {
      this.#hits++;
      return Promise.resolve({ advisory: held, isWhole: true });
    }
    const isCurrent = this.#parts.store.mark();
    return this.#records.run(`${id}\n${modified}`, (shared) => this.#fetchRecord(match, isCurrent, shared), signal);
  }

  async #fetchRecord(match: Match, isCurrent: () => boolean, signal: AbortSignal): Promise<FetchedRecord | undefined> {
    const { id } = match;
    const { source, store, log } = this.#parts;
    this.#misses++;
    try {
      const record = await source.record(id, signal);
      const { advisory, faults } = readRecord(record);
      if (faults.length > 0 || advisory?.id !== id) {
        const why = faults.length > 0 ? faults.slice(0, 3).join('; ') : `they are those of ${advisory?.id}`;
        log.warn(`The details of ${id} cannot be read: ${why}`, { event: 'advisory.unreadable', advisory: id });
      }
      if (advisory?.id !== id) {
        return undefined;
      }
      const isWhole = faults.length === 0;
      if (isWhole && isCurrent()) {
        store.keepAdvisory(match, advisory, record);
      }
      return { advisory, isWhole };
    } catch (error) {
      if (error instanceof LookupError) {
        log.warn(`The details of ${id} could not be fetched: ${error.message}`, {
          event: 'advisory.failed',
          advisory: id,
          reason: error.reason,
        });
        return undefined;
      }
      throw error;
    }
  }

  /** `undefined` where nobody is to be asked, or nobody answers: a fix is then not verified. */
  async #releases(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    const known = this.#parts.store.knowledge(name)?.facts.releases;
    try {
      return known ?? (await this.#parts.index?.releases(name, signal));
    } catch (error) {
      if (error instanceof LookupError) {
        this.#parts.log.debug(`The package index was not asked about ${name}: ${error.message}`, {
          event: 'index.failed',
          package: name,
          reason: error.reason,
        });
        return undefined;
      }
      throw error;
    }
  }
}

interface FetchedRecord {
  readonly advisory: Advisory;
  /** All of it could be read. */
  readonly isWhole: boolean;
}

function readAbout(name: PackageName, record: unknown): ReadRecord {
  const { advisory, faults } = readRecord(record);
  const isSilent = advisory !== undefined && isSilentAbout(name, advisory);
  return { advisory, faults: isSilent ? [...faults, `it does not say what of ${name} it is about`] : faults };
}

/** The service named it for the package, so a part of it must be missing. */
function isSilentAbout(name: PackageName, { withdrawn, affected }: Advisory): boolean {
  return withdrawn === undefined && !affected.some((one) => one.name === name);
}

function emptyPackage(name: PackageName, checkedAt: number): PackageAnswer & { readonly kind: 'known' } {
  const knowledge = packageKnowledge({ name, advisories: [], checkedAt, fetchedAt: checkedAt });
  return { kind: 'known', knowledge, lacking: [] };
}

function withReleases(knowledge: PackageKnowledge, releases: readonly Release[] | undefined): PackageKnowledge {
  return releases === undefined ? knowledge : { ...knowledge, facts: { ...knowledge.facts, releases } };
}
