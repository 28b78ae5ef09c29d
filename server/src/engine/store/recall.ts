import { advisoriesAffecting, preparing } from '../../core/advisories/packageAdvisories.ts';
import { assessRelease } from '../../core/assessment/assessRelease.ts';
import { folding } from '../../core/assessment/findings.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { parseVersion } from '../../core/versions/version.ts';
import type { Clock } from '../ports.ts';
import type { Turns } from '../turns.ts';
import { byPackage } from './byPackage.ts';
import { keepDerived } from './keepDerived.ts';
import type { MemoryCache } from './memoryCache.ts';
import { advisoriesById, outdated, type PackageKnowledge } from './packageKnowledge.ts';
import type { StoredAnswer, TierStorage } from './tierStorage.ts';

/** Brings what the tiers know into memory, as much as is newer there, a portion at a time. */
export class Recall {
  readonly #memory: MemoryCache;
  readonly #storage: TierStorage;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #outcomesOnly: boolean;

  constructor({ memory, storage, clock, turns, outcomesOnly }: RecallParts) {
    this.#memory = memory;
    this.#storage = storage;
    this.#clock = clock;
    this.#turns = turns;
    this.#outcomesOnly = outcomesOnly;
  }

  /** What it brings counts only while `isCurrent`. */
  async recall(lookups: readonly Lookup[], { again, isCurrent, onRecalled }: RecallOptions): Promise<Recalled> {
    const isPaged = !again && (this.#outcomesOnly || lookups.length >= fewestPaged);
    const paged = isPaged ? await this.#storage.pages?.load(lookups) : undefined;
    const known = new Map<string, Assessed>();
    const bare = new Map<string, Assessed>();
    const told = paged === undefined || !isCurrent() ? new Map<string, Assessed>() : paged;
    // Where somebody types, packages are wanted as a whole all the same, for the next key: what pages tell is only shown before.
    const open = this.#outcomesOnly ? this.#takePaged(lookups, told, known) : lookups;
    const shown = this.#outcomesOnly ? [] : showings(lookups, told);
    // A run that asks once holds some packages as a whole at a time: what is kept of an estate does not fit into memory.
    const letsGo = this.#outcomesOnly && !again;
    const most = this.#turns.areTaken ? mostAtATime : letsGo ? mostAtOnce : Infinity;
    for (const portion of portions(byPackage(open), most)) {
      const showing = shown.shift();
      if (showing !== undefined && isCurrent()) {
        this.#takePaged(showing, told, known);
        onRecalled();
        await this.#turns.pause();
      }
      if (this.#turns.isOver) {
        await this.#turns.take();
      }
      await this.#recall(portion, { again, isCurrent, bare });
      if (letsGo && isCurrent()) {
        this.#settle(portion, known);
      }
      onRecalled();
    }
    return { known, bare };
  }

  /** Packages of which all is fresh become known, and are let go of. */
  #settle(lookups: readonly Lookup[], known: Map<string, Assessed>): void {
    for (const [name, group] of byPackage(lookups)) {
      const held = group.map((lookup) => [lookupKey(lookup), this.#memory.outcome(lookup)] as const);
      if (held.every(([, outcome]) => outcome?.fresh === true)) {
        held.forEach(([key, outcome]) => outcome && known.set(key, outcome.outcome));
        this.#memory.forgetKnowledge(name); // nobody has to ask about it
      }
    }
  }

  /** Look-ups whose answers are in pages become known, or are in memory; returns the others. */
  #takePaged(
    lookups: readonly Lookup[],
    paged: ReadonlyMap<string, Assessed>,
    known: Map<string, Assessed>,
  ): readonly Lookup[] {
    return lookups.filter((lookup) => {
      const key = lookupKey(lookup);
      const outcome = paged.get(key);
      const isNews =
        outcome !== undefined &&
        this.#memory.isFresh(outcome) &&
        outcome.checkedAt > (this.#memory.checkedAt(lookup) ?? 0);
      if (isNews && this.#outcomesOnly) {
        known.set(key, outcome);
      } else if (isNews) {
        this.#memory.keepOutcome(lookup, outcome); // from there on memory says it, or what is newer
      }
      return !isNews;
    });
  }

  async #recall(
    lookups: readonly Lookup[],
    { again, isCurrent, bare }: { again: boolean; isCurrent: () => boolean; bare: Map<string, Assessed> },
  ): Promise<void> {
    const keepsWorked = this.#storage.keepsDerived || this.#storage.pages !== undefined;
    const known = new Set(keepsWorked ? lookups.filter((lookup) => this.#memory.outcome(lookup)) : []);
    const isEnough = (outcome: Assessed): boolean => !again && this.#memory.isFresh(outcome);
    const { answers, packages, derived } = await this.#storage.load(lookups, { isEnough });
    const loaded = new Map(packages.map((knowledge) => [knowledge.name, knowledge]));
    for (const [name, group] of byPackage(lookups)) {
      const knowledge = loaded.get(name);
      if (knowledge !== undefined) {
        await this.#turns.ahead(preparing(knowledge.facts.advisories));
      }
      for (const [index, lookup] of group.entries()) {
        if (knowledge !== undefined && this.#memory.answered(lookup)?.fresh !== true) {
          await this.#foldAhead(lookup, knowledge);
        }
        if (this.#turns.isOver) {
          await this.#turns.goOn();
        }
        if (!isCurrent()) {
          return;
        }
        // With its look-ups, not all packages first: who shows them in between would work all of these out at once.
        if (index === 0 && knowledge !== undefined) {
          this.#takeKnowledge(knowledge);
        }
        const answer = isPin(lookup) ? answers.get(lookupKey(lookup)) : undefined;
        const named = this.#take(lookup, answer, derived.get(lookupKey(lookup)));
        if (named !== undefined) {
          bare.set(lookupKey(lookup), named);
        }
      }
    }
    // A caller that asks again wants the packages, and no answer: none is worked out for the next run.
    if (keepsWorked && !again) {
      const recalled = byPackage(lookups.filter((lookup) => !known.has(lookup)));
      const knowledgeOf = new Map(packages.map((knowledge) => [knowledge.name, knowledge]));
      recalled.forEach((group, name) => this.#keepRecalled(knowledgeOf.get(name), name, group));
    }
  }

  async #foldAhead(lookup: Lookup, { facts }: PackageKnowledge): Promise<void> {
    if (this.#turns.areTaken && facts.memo !== undefined) {
      const version = isPin(lookup) ? parseVersion(lookup.version) : undefined;
      const { advisories } = facts;
      const told =
        version === undefined
          ? advisories.entries.map(({ advisory }) => advisory)
          : advisoriesAffecting(advisories, version);
      const records = told.map((advisory) => ({ id: advisory.id, advisory }));
      await this.#turns.ahead(folding(lookup.name, records, facts.memo));
    }
  }

  #takeKnowledge(knowledge: PackageKnowledge): void {
    const isNewer = knowledge.checkedAt > (this.#memory.knowledge(knowledge.name)?.checkedAt ?? 0);
    if (this.#isPast(knowledge) && isNewer) {
      this.#memory.keepKnowledge(knowledge);
    }
  }

  /** Into memory; returns what is known of the look-up without its details. */
  #take(lookup: Lookup, stored: StoredAnswer | undefined, derived: Assessed | undefined): Assessed | undefined {
    const answer = stored && this.#isPast(stored) ? stored : undefined;
    const worked = derived !== undefined && this.#isPast(derived) ? derived : undefined;
    const isNewer = ({ checkedAt }: StoredAnswer | Assessed): boolean =>
      checkedAt > (this.#memory.checkedAt(lookup) ?? 0);
    if (worked !== undefined) {
      if (isNewer(worked)) {
        this.#memory.keepOutcome(lookup, worked);
      }
    } else if (answer !== undefined && isPin(lookup)) {
      if (!this.#isDescribed(lookup, answer)) {
        return this.#named(lookup, answer);
      }
      if (isNewer(answer)) {
        this.#memory.keepOutcome(lookup, this.#storedOutcome(lookup, answer));
      } else {
        this.#memory.outcome(lookup); // memory says as much by itself; worked out now, it is at hand for the next key
      }
    }
    return undefined;
  }

  /** What the service named, without its details: shown, and no answer. */
  #named(pin: Pin, { matches, checkedAt }: StoredAnswer): Assessed {
    const records = matches.map(({ id }) => ({ id, advisory: undefined }));
    const named: Assessed = { kind: 'assessed', ...assessRelease(pin, records, undefined), checkedAt };
    if (this.#memory.outcome(pin) === undefined) {
      this.#memory.keepDoubted(pin, named);
    }
    return named;
  }

  #keepRecalled(recalled: PackageKnowledge | undefined, name: PackageName, lookups: readonly Lookup[]): void {
    const knowledge = this.#memory.knowledge(name);
    if (knowledge !== recalled) {
      return; // something newer is in memory
    }
    const outcomes = new Map<Lookup, Assessed>();
    for (const lookup of lookups) {
      const held = this.#memory.outcome(lookup);
      if (held?.fresh === true) outcomes.set(lookup, held.outcome);
    }
    keepDerived(this.#storage, knowledge, outcomes);
  }

  /** Whether the details of the answer are at hand as they are now. */
  #isDescribed({ name }: Pin, { matches }: StoredAnswer): boolean {
    const knowledge = this.#memory.knowledge(name);
    return matches.length === 0 || (knowledge !== undefined && outdated(knowledge, matches).length === 0);
  }

  #storedOutcome(pin: Pin, { matches, checkedAt }: StoredAnswer): Assessed {
    const knowledge = this.#memory.knowledge(pin.name);
    const held = advisoriesById(knowledge);
    const records = matches.map(({ id }) => ({ id, advisory: held.get(id) }));
    return { kind: 'assessed', ...assessRelease(pin, records, knowledge?.facts), checkedAt };
  }

  /** What was kept while a clock was ahead would look new again, once the time has come. */
  #isPast({ checkedAt }: { readonly checkedAt: number }): boolean {
    return checkedAt <= this.#clock.now();
  }
}

export interface RecallParts {
  readonly memory: MemoryCache;
  readonly storage: TierStorage;
  readonly clock: Clock;
  readonly turns: Turns;
  /** As `StoreParts.outcomesOnly`. */
  readonly outcomesOnly: boolean;
}

export interface RecallOptions {
  /** As `AdvisoryStore.recall`. */
  readonly again: boolean;
  /** Whether nothing was cleared since the look-ups were asked for. */
  readonly isCurrent: () => boolean;
  readonly onRecalled: () => void;
}

export interface Recalled {
  /** Fresh answers that storage tells as they stand, by `lookupKey`. In memory too, but for a run that asks once. */
  readonly known: ReadonlyMap<string, Assessed>;
  /** What storage knows to be vulnerable without the details at hand, by `lookupKey`: never in memory as an answer. */
  readonly bare: ReadonlyMap<string, Assessed>;
}

// A farther tier is asked twice for each portion.
const mostAtOnce = 1_000;

// Where somebody types, a few rows are read sooner than their pages.
const fewestPaged = 20;

// What storage is asked for at a time where others wait: a few milliseconds of it.
const mostAtATime = 100;

// To put more into words and send it at a time would hold up a key.
const mostShown = 200;

/** What pages tell, so much at a time that it is soon shown. */
function showings(lookups: readonly Lookup[], told: ReadonlyMap<string, Assessed>): (readonly Lookup[])[] {
  const all: Lookup[][] = [];
  let room = 0;
  for (const lookup of lookups) {
    const outcome = told.get(lookupKey(lookup));
    if (outcome !== undefined) {
      if (room <= 0) {
        all.push([]);
        room = mostShown;
      }
      all.at(-1)?.push(lookup);
      room -= outcome.findings.length === 0 ? 0 : 1;
    }
  }
  return all;
}

/** The look-ups of a package stay together. */
function portions(groups: ReadonlyMap<PackageName, readonly Lookup[]>, most: number): readonly (readonly Lookup[])[] {
  const all: Lookup[][] = [];
  for (const group of groups.values()) {
    const last = all.at(-1);
    if (last === undefined || last.length + group.length > most) {
      all.push([...group]);
    } else {
      last.push(...group);
    }
  }
  return all;
}
