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
  /** After a failure nobody is asked for so long. */
  readonly pauseMs: number;
  /** So many failures in a row, of whatever packages, are needed for that; 1 where absent. */
  readonly failuresInRow?: number;
}

/**
 * A package index that no scan waits long for: it only verifies fixes. One failure speaks for all packages, for those that
 * wait at that moment and until the pause is over, so that a firewall costs a scan one time limit and not one for each
 * package.
 */
export class IndexBreaker implements PackageIndex, MetadataIndex, ProjectIndex {
  readonly #index: PackageIndex & Partial<MetadataIndex & ProjectIndex>;
  readonly #clock: Clock;
  readonly #limits: BreakerLimits;
  #inRow = 0;
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
    const { limitMs, pauseMs } = this.#limits;
    if (this.#failure !== undefined && Math.abs(this.#clock.now() - this.#failure.at) < pauseMs) {
      throw this.#failure.error;
    }
    const limit = AbortSignal.timeout(limitMs);
    const silence = this.#silence.signal;
    try {
      const answer = await ask(AbortSignal.any([signal, limit, silence]));
      this.#failure = undefined;
      this.#inRow = 0;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      silence.throwIfAborted(); // with the failure of the call that found it
      const failure = limit.aborted
        ? new LookupError('timeout', `The package index did not answer within ${limitMs / 1000} s.`, { cause: error })
        : error;
      if (!(failure instanceof LookupError)) {
        throw failure;
      }
      // An answer that makes no sense is about one package; silence is about all.
      if (failure.reason !== 'badResponse' && ++this.#inRow >= (this.#limits.failuresInRow ?? 1)) {
        this.#failure = { error: failure, at: this.#clock.now() };
        this.#silence.abort(failure);
        this.#silence = new AbortController();
      }
      throw failure;
    }
  }

  /** The pause is over: a person asks, or the network has changed. */
  reset(): void {
    this.#failure = undefined;
    this.#inRow = 0;
  }

  close(): Promise<void> {
    return this.#index.close();
  }
}
