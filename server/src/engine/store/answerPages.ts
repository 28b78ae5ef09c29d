import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import { type Assessed, isIncomplete } from '../../core/assessment/outcome.ts';
import { pinKey } from '../../core/assessment/pin.ts';
import { normalizeName, type PackageName } from '../../core/packages/packageName.ts';
import type { Clock } from '../ports.ts';
import type { Turns } from '../turns.ts';
import {
  type AnswerPage,
  decodePackageAnswers,
  decodePage,
  encodePackageAnswers,
  encodePage,
  type PagedAnswer,
  type PagedAnswers,
} from './answerPageForms.ts';
import { answerKey, answerPageKey, packageKey } from './cacheKey.ts';
import type { CacheTier, StoredEntry, TierHistory } from './cacheTier.ts';
import { follows } from './derivedAnswers.ts';
import type { PackageKnowledge } from './packageKnowledge.ts';

export interface AnswerPagesOptions {
  readonly tier: Pick<CacheTier, 'read' | 'write'>;
  readonly history: TierHistory;
  readonly source: string;
  /** Of Pinwatch: another version may say it differently. */
  readonly version: string;
  readonly clock: Clock;
  /** How long a record is relied on. */
  readonly maxAgeMs: number;
  /** Where others wait for the same thread. */
  readonly turns: Turns;
}

// So few that all of them are soon read, so many that a scan of three pins reads little.
const pageCount = 32;
const mostPagesAtATime = 4;
// A session may go on for weeks.
const mostNoted = 20_000;
const mostNotedOfOne = 1_000;

/**
 * What a run worked out, kept for the next one in a few large values beside the thousands of small ones that it follows
 * from: then none of these is read, and nothing is judged again. An answer is believed only while nobody has put anything
 * else of its package or its release into storage, so that it never says anything but what storage would come to.
 */
export class AnswerPages {
  readonly #options: AnswerPagesOptions;
  readonly #startedAt: number;
  /** By name, then by `lookupKey`. */
  readonly #noted = new Map<PackageName, Map<string, PagedAnswer>>();
  /** What pages said of these before this run is over. */
  readonly #touched = new Set<PackageName>();

  constructor(options: AnswerPagesOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** What is kept of these and still holds, by `lookupKey`. Whether it is young enough is for the caller to say. */
  async load(lookups: readonly Lookup[]): Promise<ReadonlyMap<string, Assessed>> {
    const known = new Map<string, Assessed>();
    const pages = await this.#read(new Set(lookups.map(({ name }) => pageOf(name))));
    const changed = pages.size === 0 ? undefined : await this.#changedSince([...pages.values()]);
    if (changed === undefined) {
      return known;
    }
    const packages = new Map<PackageName, PagedAnswers>();
    for (const lookup of lookups) {
      if (this.#options.turns.isOver) {
        await this.#options.turns.take();
      }
      const { name } = lookup;
      const answers = packages.get(name) ?? answersIn(pages.get(pageOf(name)), name);
      packages.set(name, answers);
      const key = lookupKey(lookup);
      const answer = answers.get(key);
      if (answer !== undefined && this.#isRelied(answer) && this.#lastWrite(changed, name, key) === undefined) {
        known.set(key, outcomeOf(answer));
      }
    }
    return known;
  }

  /** For the next run, where storage says the same: by what it has of the package, or without having anything of it. */
  note(lookup: Lookup, outcome: Assessed, knowledge: PackageKnowledge | undefined): void {
    const isStored =
      knowledge === undefined
        ? isPin(lookup) && outcome.verdict === 'clean' && !isIncomplete(outcome)
        : follows(lookup, outcome, knowledge);
    if (!isStored) {
      return;
    }
    const { verdict, findings, fix } = outcome;
    const answers = this.#noted.get(lookup.name) ?? new Map<string, PagedAnswer>();
    if (answers.size >= (answers.size === 0 && this.#noted.size >= mostNoted ? 0 : mostNotedOfOne)) {
      return;
    }
    answers.set(lookupKey(lookup), {
      assessment: { verdict, findings, ...(fix === undefined ? {} : { fix }) },
      checkedAt: Math.max(outcome.checkedAt, knowledge?.checkedAt ?? 0),
      fetchedAt: knowledge?.fetchedAt,
    });
    this.#noted.set(lookup.name, answers);
  }

  /** Something else of the package is put into storage. */
  forget(name: PackageName): void {
    this.#noted.delete(name);
    this.#touched.add(name);
  }

  clear(): void {
    this.#noted.clear();
  }

  /** Adds what was noted to what others have kept meanwhile. For the end of a run, when nothing else is to be kept. */
  async write(isFresh: (outcome: Assessed) => boolean): Promise<void> {
    const { tier, history, clock, maxAgeMs } = this.#options;
    if (this.#noted.size === 0 || !(await history.flush())) {
      return;
    }
    const notedIn = new Map<number, PackageName[]>();
    for (const name of this.#noted.keys()) {
      const page = pageOf(name);
      const names = notedIn.get(page) ?? [];
      names.push(name);
      notedIn.set(page, names);
    }
    const pages = await this.#read(notedIn.keys());
    // Before it is asked what was written by then: what comes later, others will see.
    const writtenAt = clock.now();
    const changed = await this.#changedSince([...pages.values(), { writtenAt: this.#startedAt }]);
    if (changed === undefined) {
      return;
    }
    const isGood = (answer: PagedAnswer): boolean => this.#isRelied(answer) && isFresh(outcomeOf(answer));
    const entries: StoredEntry[] = [];
    for (const [number, names] of notedIn) {
      const page = pages.get(number);
      const packages = new Map<string, Map<string, PagedAnswer>>();
      for (const name of page?.packages.keys() ?? []) {
        const own = normalizeName(name);
        const kept = this.#touched.has(own) ? [] : [...answersIn(page, own)];
        const good = kept.filter(([key, one]) => isGood(one) && this.#lastWrite(changed, own, key) === undefined);
        packages.set(name, new Map(good));
      }
      for (const name of names) {
        const answers = packages.get(name) ?? new Map<string, PagedAnswer>();
        for (const [key, answer] of this.#noted.get(name) ?? []) {
          // It was worked out from what this run wrote itself, or from what it read then.
          if (isGood(answer) && (this.#lastWrite(changed, name, key) ?? 0) <= answer.checkedAt) {
            answers.set(key, answer);
          }
        }
        packages.set(name, answers);
      }
      const encoded = [...packages].flatMap(([name, answers]) =>
        answers.size === 0 ? [] : [[name, encodePackageAnswers(answers)] as const],
      );
      const json = encodePage({ writtenAt, packages: new Map(encoded) });
      entries.push({ key: this.#keyOf(number), json, checkedAt: writtenAt, maxAgeMs });
    }
    tier.write(entries);
    this.#noted.clear();
  }

  /** By their numbers; those that are there. */
  async #read(numbers: Iterable<number>): Promise<ReadonlyMap<number, AnswerPage>> {
    const keys = new Map(Array.from(numbers, (number) => [this.#keyOf(number), number]));
    const pages = new Map<number, AnswerPage>();
    const { tier, clock, turns } = this.#options;
    const all = [...keys.keys()];
    const atATime = turns.areTaken ? mostPagesAtATime : all.length;
    for (let start = 0; start < all.length; start += atATime) {
      if (turns.isOver) {
        await turns.take();
      }
      for (const [key, { json }] of await tier.read(all.slice(start, start + atATime))) {
        const page = decodePage(json);
        const number = keys.get(key);
        // By a clock that was ahead nobody can tell what has come since.
        if (page !== undefined && number !== undefined && page.writtenAt <= clock.now()) {
          pages.set(number, page);
        }
      }
    }
    return pages;
  }

  /** By the key in storage: what was written since the oldest of these, pages aside. `undefined` where nobody can tell. */
  async #changedSince(
    pages: readonly Pick<AnswerPage, 'writtenAt'>[],
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const { history } = this.#options;
    const all = await history.writtenSince(Math.min(...pages.map(({ writtenAt }) => writtenAt)));
    const changed = new Map(all);
    for (let page = 0; page < pageCount; page++) {
      changed.delete(this.#keyOf(page));
    }
    return all && changed;
  }

  /** The `checkedAt` of what was written of the package or the release; `undefined` where nothing was. */
  #lastWrite(changed: ReadonlyMap<string, number>, name: PackageName, key: string): number | undefined {
    if (changed.size === 0) {
      return undefined;
    }
    const { source } = this.#options;
    const ofPackage = changed.get(packageKey(name, source));
    const prefix = pinKey({ name, version: '' });
    const pin = key.startsWith(prefix) ? { name, version: key.slice(prefix.length) } : undefined;
    const ofRelease = pin && changed.get(answerKey(pin, source));
    return ofPackage === undefined || ofRelease === undefined
      ? (ofPackage ?? ofRelease)
      : Math.max(ofPackage, ofRelease);
  }

  #isRelied({ checkedAt, fetchedAt = checkedAt }: PagedAnswer): boolean {
    const now = this.#options.clock.now();
    return checkedAt <= now && fetchedAt <= now && now - fetchedAt < this.#options.maxAgeMs;
  }

  #keyOf(page: number): string {
    const { source, version } = this.#options;
    return answerPageKey(page, source, version);
  }
}

function answersIn(page: AnswerPage | undefined, name: PackageName): PagedAnswers {
  return decodePackageAnswers(page?.packages.get(name)) ?? new Map<string, PagedAnswer>();
}

function outcomeOf({ assessment, checkedAt }: PagedAnswer): Assessed {
  return { kind: 'assessed', ...assessment, checkedAt };
}

/** Any number that spreads the packages evenly. */
function pageOf(name: PackageName): number {
  let sum = 0;
  for (let at = 0; at < name.length; at++) {
    sum = (sum * 31 + name.charCodeAt(at)) >>> 0;
  }
  return sum % pageCount;
}
