import type { PackageName } from '../../core/packages/packageName.ts';
import type { MatchedRecord } from '../../core/advisories/aliases.ts';
import { folding } from '../../core/assessment/findings.ts';
import { assessRelease } from '../../core/assessment/assessRelease.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import { type Assessed, type Failed, isIncomplete } from '../../core/assessment/outcome.ts';
import type { AdvisoryStore } from '../store/advisoryStore.ts';
import { byPackage } from '../store/byPackage.ts';
import { outcomeFrom } from '../store/memoryCache.ts';
import { advisoriesById, advisoriesOf, outdated, type PackageKnowledge } from '../store/packageKnowledge.ts';
import { Gate } from './gate.ts';
import { GatheredQueries } from './gatheredQueries.ts';
import type { PackageAnswer, PackageLibrary } from './packageLibrary.ts';
import { type AdvisorySource, type Answer, type Clock, LookupError, type Match } from '../ports.ts';
import type { Question } from '../question.ts';
import type { Outcomes } from './scanner.ts';

export interface ServiceAnswersParts {
  readonly source: AdvisorySource;
  readonly store: AdvisoryStore;
  readonly library: PackageLibrary;
  readonly clock: Clock;
}

export interface Settling {
  /** After a pause in typing: packages are asked for at once, without the batch. */
  readonly typing: boolean;
  /** `false` once the cache was cleared: what was asked before is answered, but not kept. */
  readonly isCurrent: () => boolean;
  /** Called when a batch is answered, before details are asked for; `tell` says what is known of its pins already. */
  readonly onNamed: (tell: () => Outcomes) => void;
  readonly signal: AbortSignal;
}

// As many as the service is asked about at a time.
const mostPackages = 250;
const mostWhereShort = 20;
// More packages than a person edits at a time are asked about in one batch.
const mostTyped = 4;

/** What the service says of look-ups, as outcomes: batches first, then each package that has something, as a whole. */
export class ServiceAnswers {
  readonly #queries: GatheredQueries;
  readonly #store: AdvisoryStore;
  /** Packages between their question and their outcome: what is known of each fills memory meanwhile. */
  readonly #gate = new Gate(mostPackages);
  readonly #library: PackageLibrary;
  readonly #clock: Clock;

  constructor({ source, store, library, clock }: ServiceAnswersParts) {
    this.#queries = new GatheredQueries(source, store.turns);
    this.#store = store;
    this.#library = library;
    this.#clock = clock;
  }

  /** Memory is short: from now on few packages are asked about at a time. */
  spareMemory(): void {
    this.#gate.narrowTo(mostWhereShort);
  }

  /** Calls `onSettled` with the outcomes of each package, by `lookupKey`; resolves when every look-up has one. */
  async settle(lookups: readonly Lookup[], settling: Settling, onSettled: (outcomes: Outcomes) => void): Promise<void> {
    const groups = byPackage(lookups);
    const atOnce = settling.typing && groups.size <= mostTyped;
    await Promise.all(
      portions(groups).map(async (portion) => {
        const answers = await this.#query(atOnce ? [] : portion.flatMap(([, group]) => group), settling.signal);
        const round: Round = { ...settling, answers, checkedAt: this.#clock.now() };
        settling.onNamed(() => this.#named(portion, round));
        await Promise.all(
          portion.map(async ([name, group]) => {
            const settled = this.#gate.through(settling.signal, () =>
              atOnce ? this.#askPackage(name, group, round) : this.#settleGroup(name, group, round),
            );
            onSettled(
              await settled.catch((error: unknown) => {
                settling.signal.throwIfAborted();
                return this.#brokenOff(name, group, round, error);
              }),
            );
          }),
        );
      }),
    );
  }

  /** By `lookupKey`. A pin is asked about by its version, a range by its package. */
  async #query(lookups: readonly Lookup[], signal: AbortSignal): Promise<ReadonlyMap<string, Answer>> {
    const questions = lookups.map((lookup): Question => (isPin(lookup) ? lookup : { name: lookup.name }));
    if (questions.length === 0) {
      return new Map();
    }
    try {
      const answers = await this.#queries.query(questions, signal);
      return new Map(lookups.map((lookup, index) => [lookupKey(lookup), answers[index] ?? leftOut(lookup)]));
    } catch (error) {
      if (error instanceof LookupError) {
        return new Map(lookups.map((lookup) => [lookupKey(lookup), { kind: 'failed', error }]));
      }
      throw error;
    }
  }

  /** We failed ourselves over what was said of one package: the others have their answers, and it is not clean. */
  #brokenOff(name: PackageName, lookups: readonly Lookup[], round: Round, error: unknown): Outcomes {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Pinwatch itself failed over the advisories of ${name} (${why.slice(0, 100)}).`;
    const outcomes = new Map<string, Assessed | Failed>(
      lookups.map((lookup) => [lookupKey(lookup), { kind: 'failed', reason: 'internal', message }]),
    );
    for (const pin of lookups.filter(isPin)) {
      const answer = round.answers.get(lookupKey(pin));
      if (answer?.kind === 'matches' && answer.matches.length > 0) {
        const records = answer.matches.map(({ id }) => ({ id, advisory: undefined }));
        const { checkedAt } = round;
        outcomes.set(lookupKey(pin), { kind: 'assessed', ...assessRelease(pin, records, undefined), checkedAt });
      }
      this.#store.doubtOutcome(pin);
    }
    return outcomes;
  }

  /** By `lookupKey`; with the details that are at hand. */
  #named(portion: Portion, { answers, checkedAt }: Round): Outcomes {
    const outcomes = new Map<string, Assessed>();
    for (const [name, lookups] of portion) {
      const knowledge = this.#store.knowledge(name);
      const held = advisoriesById(knowledge);
      for (const pin of lookups.filter(isPin)) {
        const answer = answers.get(lookupKey(pin));
        if (answer?.kind === 'matches') {
          const old = new Set((knowledge === undefined ? [] : outdated(knowledge, answer.matches)).map(({ id }) => id));
          const records = answer.matches.map(({ id }) => ({ id, advisory: old.has(id) ? undefined : held.get(id) }));
          outcomes.set(lookupKey(pin), { kind: 'assessed', ...assessRelease(pin, records, undefined), checkedAt });
        }
      }
    }
    return outcomes;
  }

  /** The look-ups of one package, told from what the service answered to each. */
  async #settleGroup(name: PackageName, lookups: readonly Lookup[], round: Round): Promise<Outcomes> {
    const { answers, checkedAt, signal } = round;
    const outcomes = new Map<string, Assessed | Failed>();
    const answered: {
      readonly lookup: Lookup;
      readonly matches: readonly Match[];
      /** Why there may be more of them. */
      readonly brokenOff?: string;
    }[] = [];
    for (const lookup of lookups) {
      const answer = answers.get(lookupKey(lookup)) ?? leftOut(lookup);
      if (answer.kind === 'matches') {
        answered.push({ lookup, matches: answer.matches });
      } else if (isPin(lookup) && answer.named !== undefined) {
        answered.push({ lookup, matches: this.#withKnown(lookup, answer.named), brokenOff: answer.error.message });
      } else {
        outcomes.set(lookupKey(lookup), this.#failed(lookup, answer.error));
      }
    }
    const isComplete = answered.some(({ lookup }) => !isPin(lookup));
    // Each record once. What one answer names is believed of all, whatever another leaves out.
    const matches = [...new Map(answered.flatMap((one) => one.matches.map((match) => [match.id, match]))).values()];
    const needsPackage = isComplete || matches.length > 0;
    const completeAt = isComplete ? checkedAt : undefined;
    if (needsPackage) {
      await this.#store.turns.take(); // hundreds are asked for, and asking takes its time too
    }
    const found = needsPackage
      ? await this.#library.find(name, { matches, completeAt, again: false }, signal)
      : undefined;
    const knowledge = found?.kind === 'known' && !isUnreadable(found) ? found.knowledge : undefined;
    const assessed = new Map<Lookup, Assessed>();
    for (const answer of answered) {
      const { lookup, brokenOff } = answer;
      await (needsPackage ? this.#store.turns.goOn() : this.#store.turns.take());
      const isComplete = brokenOff === undefined;
      const told =
        found !== undefined && !isPin(lookup)
          ? await this.#fromWhole(lookup, found)
          : await this.#fromMatches(lookup, answer.matches, found, { ...round, isKept: isComplete });
      const outcome = isComplete || told.kind !== 'assessed' ? told : { ...told, brokenOff };
      outcomes.set(lookupKey(lookup), outcome);
      this.#keep(lookup, outcome, round);
      if (outcome.kind === 'assessed') {
        assessed.set(lookup, outcome);
      }
    }
    if (round.isCurrent()) {
      this.#store.keepDerived(knowledge, assessed);
    }
    this.#store.settled(name);
    return outcomes;
  }

  /** With what an earlier answer named: the rest of this one may have named it again. */
  #withKnown(pin: Lookup, named: readonly Match[]): readonly Match[] {
    const findings = this.#store.outcome(pin)?.outcome.findings ?? [];
    const before = findings.flatMap(({ records }) => records).map((id): Match => ({ id, modified: '' }));
    return [...new Map([...before, ...named].map((match) => [match.id, match])).values()];
  }

  /** The same from all advisories of the package, fetched in one request. */
  async #askPackage(name: PackageName, lookups: readonly Lookup[], round: Round): Promise<Outcomes> {
    const found = await this.#library.find(name, { matches: [], again: true }, round.signal);
    if (found.kind === 'known' && isUnreadable(found) && round.isCurrent()) {
      // What the service said of them before tells nothing of the record that cannot be read.
      lookups.filter(isPin).forEach((pin) => this.#store.forgetAnswer(pin, found.knowledge.checkedAt));
    }
    const outcomes = new Map<string, Assessed | Failed>();
    for (const lookup of lookups) {
      const outcome = await this.#fromWhole(lookup, found);
      this.#keep(lookup, outcome, round);
      outcomes.set(lookupKey(lookup), outcome);
    }
    return outcomes;
  }

  async #fromWhole(lookup: Lookup, found: PackageAnswer): Promise<Assessed | Failed> {
    if (found.kind === 'known') {
      const records = advisoriesOf(found.knowledge).map((advisory) => ({ id: advisory.id, advisory }));
      await this.#foldAhead(lookup.name, records, found.knowledge);
    }
    return this.#fromPackage(lookup, found);
  }

  async #foldAhead(
    name: PackageName,
    records: readonly MatchedRecord[],
    knowledge: PackageKnowledge | undefined,
  ): Promise<void> {
    const memo = knowledge?.facts.memo;
    if (memo !== undefined && this.#store.turns.areTaken) {
      await this.#store.turns.ahead(folding(name, records, memo));
    }
  }

  async #fromMatches(
    lookup: Lookup,
    matches: readonly Match[],
    found: PackageAnswer | undefined,
    { checkedAt, signal, isCurrent, isKept }: Round & { readonly isKept: boolean },
  ): Promise<Assessed> {
    const knowledge = found?.kind === 'known' ? found.knowledge : undefined;
    const held = advisoriesById(knowledge);
    const records = await Promise.all(
      matches.map(async ({ id, modified }) => {
        const isAsked = found?.kind === 'known' && found.lacking.includes(id);
        const advisory = held.get(id) ?? (isAsked ? undefined : await this.#library.advisory(id, modified, signal));
        return { id, advisory };
      }),
    );
    if (isPin(lookup) && isKept && isCurrent()) {
      this.#store.keepAnswer(lookup, matches, checkedAt);
    }
    await this.#foldAhead(lookup.name, records, knowledge);
    const pin = { name: lookup.name, version: isPin(lookup) ? lookup.version : '' };
    return { kind: 'assessed', ...assessRelease(pin, records, knowledge?.facts), checkedAt };
  }

  /** Only where every advisory of the package can be read. */
  #fromPackage(lookup: Lookup, found: PackageAnswer): Assessed | Failed {
    if (found.kind === 'failed') {
      return this.#failed(lookup, found.error);
    }
    const { knowledge, lacking } = found;
    if (isUnreadable(found)) {
      const which = lacking[0] ?? knowledge.unreadable[0] ?? '';
      const message = `The advisory service has a record about ${lookup.name} that could not be read: ${which}.`;
      return this.#failed(lookup, new LookupError('badResponse', message));
    }
    const noVersion = new LookupError('badResponse', `${lookupKey(lookup)} names no PEP 440 version.`);
    return outcomeFrom(lookup, knowledge) ?? this.#failed(lookup, noVersion);
  }

  /** What lacks details, or a fix for want of the package's advisories, is asked for again the next time. */
  #keep(lookup: Lookup, outcome: Assessed | Failed, { isCurrent }: Round): void {
    if (!isCurrent()) {
      return;
    }
    if (outcome.kind === 'assessed' && !isIncomplete(outcome)) {
      this.#store.keepOutcome(lookup, outcome);
    } else {
      this.#store.doubtOutcome(lookup, outcome.kind === 'assessed' ? outcome : undefined);
    }
  }

  #failed(lookup: Lookup, { reason, message }: LookupError): Failed {
    const known = this.#store.outcome(lookup);
    return { kind: 'failed', reason, message, ...(known === undefined ? {} : { lastKnown: known.outcome }) };
  }
}

/** What one round of questions has in common. */
interface Round extends Settling {
  /** By `lookupKey`. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly checkedAt: number;
}

// OSV's own limit for a batch. What one batch says is kept while others are still in progress.
const mostAtATime = 1000;

type Portion = readonly (readonly [PackageName, readonly Lookup[]])[];

/** What is asked at a time; the look-ups of a package stay together. */
function portions(groups: Groups): readonly Portion[] {
  const all: [PackageName, readonly Lookup[]][][] = [];
  let room = 0;
  for (const entry of groups) {
    const size = entry[1].length;
    if (size > room) {
      all.push([]);
      room = mostAtATime;
    }
    all.at(-1)?.push(entry);
    room -= size;
  }
  return all;
}

type Groups = ReadonlyMap<PackageName, readonly Lookup[]>;

function isUnreadable({ knowledge, lacking }: PackageAnswer & { readonly kind: 'known' }): boolean {
  return knowledge.unreadable.length > 0 || lacking.length > 0;
}

function leftOut({ name }: Lookup): Answer {
  const message = `The advisory service left ${name} out of its answer.`;
  return { kind: 'failed', error: new LookupError('badResponse', message) };
}
