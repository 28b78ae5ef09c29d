import type { PackageName } from '../../core/packages/packageName.ts';
import type { ProjectFacts } from '../../core/packages/projectFacts.ts';
import type { Release } from '../../core/packages/release.ts';
import type { MetadataIndex } from './licenceLibrary.ts';
import type { ProjectIndex } from './projectLibrary.ts';
import type { PackageIndex } from './packageIndex.ts';
import { type Clock, LookupError } from '../ports.ts';

export interface BreakerLimits {
  /** For one answer, however many tries it takes. */
  readonly limitMs: number;
  /** How long a silent index is not queried. */
  readonly pauseMs: number;
}

/**
 * A package index that no scan waits long for: it only verifies fixes. One that answers nobody within the limit is silent:
 * that speaks for all packages, for those that wait at that moment and until the pause is over, so that it costs a scan one
 * time limit and not one for each package. Whatever else fails is about one package.
 */
export class IndexBreaker implements PackageIndex, MetadataIndex, ProjectIndex {
  readonly #index: PackageIndex & Partial<MetadataIndex & ProjectIndex>;
  readonly #clock: Clock;
  readonly #limits: BreakerLimits;
  #answers = 0;
  #failure: { readonly error: LookupError; readonly at: number } | undefined;
  /** Aborted when one call finds the index silent: it then is for every other. */
  #silence = new AbortController();

  constructor(index: PackageIndex & Partial<MetadataIndex & ProjectIndex>, clock: Clock, limits: BreakerLimits) {
    this.#index = index;
    this.#clock = clock;
    this.#limits = limits;
  }

  releases(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    return this.#guarded(signal, (limited) => this.#index.releases(name, limited));
  }

  project(name: PackageName, signal: AbortSignal): Promise<ProjectFacts | undefined> {
    return this.#guarded(signal, async (limited) => this.#index.project?.(name, limited));
  }

  metadata(name: PackageName, version: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#guarded(signal, async (limited) => this.#index.metadata?.(name, version, limited));
  }

  async #guarded<T>(signal: AbortSignal, ask: (limited: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const { limitMs } = this.#limits;
    if (this.#failure !== undefined && this.isHolding) {
      throw this.#failure.error;
    }
    const limit = AbortSignal.timeout(limitMs);
    const silence = this.#silence.signal;
    const answersBefore = this.#answers;
    try {
      const answer = await ask(AbortSignal.any([signal, limit, silence]));
      this.#failure = undefined;
      this.#answers++;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      silence.throwIfAborted(); // with the failure of the call that found it
      if (!limit.aborted) {
        throw error;
      }
      const text = `The package index did not answer within ${limitMs / 1000} s.`;
      const failure = new LookupError('timeout', text, { cause: error });
      if (this.#answers === answersBefore) {
        this.#failure = { error: failure, at: this.#clock.now() };
        this.#silence.abort(failure);
        this.#silence = new AbortController();
      }
      throw failure;
    }
  }

  /** Whether it is not queried, since it was silent. */
  get isHolding(): boolean {
    return this.#failure !== undefined && Math.abs(this.#clock.now() - this.#failure.at) < this.#limits.pauseMs;
  }

  /** The pause is over: a person asks, or the network has changed. */
  reset(): void {
    this.#failure = undefined;
  }

  close(): Promise<void> {
    return this.#index.close();
  }
}
