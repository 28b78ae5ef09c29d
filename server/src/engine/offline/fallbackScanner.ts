import type { PackageName } from '../../core/packages/packageName.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import { lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../core/assessment/outcome.ts';
import { Epoch } from '../epoch.ts';
import type { PackageKnowledge } from '../store/packageKnowledge.ts';
import type { Known, Outcomes, ScanOptions, Scanner, ScannerFigures } from '../lookup/scanner.ts';

export interface FallbackParts {
  readonly online: Scanner;
  /** Over the local advisory database. */
  readonly local: Scanner;
  /** How old the local data are, whole seconds; `undefined` where that is not known. */
  readonly dataAgeSeconds: () => number | undefined;
  /**
   * Tells, from now on and at once where it is so already, that the service did not answer a first time and is asked
   * again; in words for people. Returns what ends that.
   */
  readonly onTrouble: (listener: (why: string) => void) => () => void;
  /** Calls back once after so many milliseconds; returns what prevents that. */
  readonly after: (delayMs: number, call: () => void) => () => void;
}

// Longer than a service that works keeps anybody waiting.
const silenceMs = 2_000;

/**
 * Asks the service, and the local advisory database about what the service could not tell. What comes from the database
 * says so, with the age of its data, is not kept, and so is asked again. Where the service's own last answer is younger
 * than the database, the look-up stays failed with that answer beside it: older data must not contradict it.
 *
 * Nobody waits for a service in trouble, or for one that says nothing for two seconds: meanwhile `peek` tells what the database says, as stale, so that it
 * is shown as being checked again; whatever the service then says takes its place.
 */
export class FallbackScanner implements Scanner {
  readonly #parts: FallbackParts;
  /** For each scan in progress what the database said meanwhile, by look-up. */
  readonly #meanwhile = new Set<Map<string, Assessed>>();
  readonly #changes = new Epoch();

  constructor(parts: FallbackParts) {
    this.#parts = parts;
  }

  get figures(): ScannerFigures {
    return this.#parts.online.figures;
  }

  get revision(): number {
    return this.#parts.online.revision + this.#changes.count;
  }

  peek(lookup: Lookup): Known {
    const known = this.#parts.online.peek(lookup);
    if (known.kind !== 'fresh' && this.#meanwhile.size > 0) {
      const key = lookupKey(lookup);
      for (const answers of this.#meanwhile) {
        const outcome = answers.get(key);
        if (outcome !== undefined) {
          return { kind: 'stale', outcome };
        }
      }
    }
    return known;
  }

  peekPackage(name: PackageName): PackageKnowledge | undefined {
    return this.#parts.online.peekPackage(name) ?? this.#parts.local.peekPackage(name);
  }

  async scan(lookups: readonly Lookup[], options: ScanOptions): Promise<Outcomes> {
    const answers = new Map<string, Assessed>();
    this.#meanwhile.add(answers);
    try {
      return await this.#withDatabase(lookups, await this.#askService(lookups, answers, options), options.signal);
    } finally {
      this.#meanwhile.delete(answers);
      this.#changes.next();
    }
  }

  /** Puts what the database says in the place of failures. */
  async #withDatabase(lookups: readonly Lookup[], outcomes: Outcomes, signal: AbortSignal): Promise<Outcomes> {
    const open = lookups.filter((lookup) => outcomes.get(lookupKey(lookup))?.kind === 'failed');
    if (open.length === 0) {
      return outcomes;
    }
    const local = await this.#parts.local.scan(open, { signal });
    const dataAgeSeconds = this.#parts.dataAgeSeconds();
    const joined = new Map(outcomes);
    for (const [key, outcome] of local) {
      const failure = outcomes.get(key);
      if (failure?.kind === 'failed') {
        joined.set(key, joinedOutcome(failure, outcome, dataAgeSeconds));
      }
    }
    return joined;
  }

  async #askService(
    lookups: readonly Lookup[],
    answers: Map<string, Assessed>,
    options: ScanOptions,
  ): Promise<Outcomes> {
    const ended = new AbortController();
    const signal = AbortSignal.any([options.signal, ended.signal]);
    let isAsked = false;
    const askDatabase = (why: string): void => {
      if (!isAsked) {
        isAsked = true;
        void this.#askMeanwhile(lookups, why, answers, signal).then(
          () => options.onProgress?.(),
          () => undefined, // the scan has ended; a failure of the database is reported when the service has failed too
        );
      }
    };
    const leave = this.#parts.onTrouble(askDatabase);
    const listen = (): (() => void) =>
      this.#parts.after(silenceMs, () => askDatabase(`No answer has come for ${silenceMs / 1000} s.`));
    let stopListening = listen();
    const onProgress = (): void => {
      stopListening();
      stopListening = listen();
      options.onProgress?.();
    };
    const onAborted = (known: Outcomes): void => options.onAborted?.(new Map([...answers, ...known]));
    try {
      return await this.#parts.online.scan(lookups, { ...options, onProgress, onAborted });
    } finally {
      leave();
      stopListening();
      ended.abort();
    }
  }

  async #askMeanwhile(
    lookups: readonly Lookup[],
    why: string,
    answers: Map<string, Assessed>,
    signal: AbortSignal,
  ): Promise<void> {
    const { online, local, dataAgeSeconds } = this.#parts;
    const open = lookups.filter((lookup) => online.peek(lookup).kind !== 'fresh');
    const told = await local.scan(open, { signal });
    signal.throwIfAborted();
    for (const lookup of open) {
      const key = lookupKey(lookup);
      const known = online.peek(lookup);
      const outcome = told.get(key);
      if (outcome?.kind === 'assessed' && known.kind !== 'fresh') {
        const lastKnown = known.kind === 'stale' ? { lastKnown: known.outcome } : {};
        const joined = joinedOutcome(
          { kind: 'failed', reason: 'offline', message: why, ...lastKnown },
          outcome,
          dataAgeSeconds(),
        );
        if (joined.kind === 'assessed') {
          answers.set(key, joined);
        }
      }
    }
    this.#changes.next();
  }

  recall(lookups: readonly Lookup[], signal: AbortSignal): Promise<void> {
    return this.#parts.online.recall(lookups, signal);
  }

  async recallPackages(names: readonly PackageName[]): Promise<void> {
    await Promise.all([this.#parts.online, this.#parts.local].map((one) => one.recallPackages(names)));
  }

  get unpacked(): number {
    return this.#parts.online.unpacked + this.#parts.local.unpacked;
  }

  pack(most: number): void {
    this.#parts.online.pack(most);
    this.#parts.local.pack(most);
  }

  limitTo(entries: number): void {
    this.#parts.online.limitTo(entries);
    this.#parts.local.limitTo(entries);
  }

  async clear(): Promise<number> {
    return (await this.#parts.online.clear()) + (await this.#parts.local.clear());
  }
}

function joinedOutcome(
  failure: Failed,
  local: Assessed | Failed,
  dataAgeSeconds: number | undefined,
): Assessed | Failed {
  if (local.kind === 'failed') {
    return { ...failure, message: `${failure.message} ${local.message}` };
  }
  const dataAt = dataAgeSeconds === undefined ? -Infinity : local.checkedAt - dataAgeSeconds * 1000;
  return failure.lastKnown !== undefined && failure.lastKnown.checkedAt > dataAt
    ? failure
    : { ...local, local: { dataAgeSeconds, because: failure.message } };
}
