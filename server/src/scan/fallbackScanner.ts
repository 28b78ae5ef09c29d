import type { Lookup } from '../core/assessment/lookup.ts';
import { lookupKey } from '../core/assessment/lookup.ts';
import type { Assessed, Failed } from '../core/assessment/outcome.ts';
import type { PackageName } from '../core/requirements/model.ts';
import type { PackageKnowledge } from './packageKnowledge.ts';
import type { Known, Outcomes, ScanOptions, Scanner, ScannerFigures } from './scanner.ts';

export interface FallbackParts {
  readonly online: Scanner;
  /** Over the local advisory database. */
  readonly local: Scanner;
  /** How old the local data are, whole seconds; `undefined` where that is not known. */
  readonly dataAgeSeconds: () => number | undefined;
}

/**
 * Asks the service, and the local advisory database about what the service could not tell. What comes from the database
 * says so, with the age of its data, is not kept, and so is asked again. Where the service's own last answer is younger
 * than the database, the look-up stays failed with that answer beside it: older data must not contradict it.
 */
export class FallbackScanner implements Scanner {
  readonly #parts: FallbackParts;

  constructor(parts: FallbackParts) {
    this.#parts = parts;
  }

  get figures(): ScannerFigures {
    return this.#parts.online.figures;
  }

  get revision(): number {
    return this.#parts.online.revision;
  }

  peek(lookup: Lookup): Known {
    return this.#parts.online.peek(lookup);
  }

  peekPackage(name: PackageName): PackageKnowledge | undefined {
    return this.#parts.online.peekPackage(name) ?? this.#parts.local.peekPackage(name);
  }

  async scan(lookups: readonly Lookup[], options: ScanOptions): Promise<Outcomes> {
    const outcomes = await this.#parts.online.scan(lookups, options);
    const open = lookups.filter((lookup) => outcomes.get(lookupKey(lookup))?.kind === 'failed');
    if (open.length === 0) {
      return outcomes;
    }
    const local = await this.#parts.local.scan(open, { signal: options.signal });
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

  recall(lookups: readonly Lookup[], signal: AbortSignal): Promise<void> {
    return this.#parts.online.recall(lookups, signal);
  }

  get unpacked(): number {
    return this.#parts.online.unpacked + this.#parts.local.unpacked;
  }

  pack(most: number): void {
    this.#parts.online.pack(most);
    this.#parts.local.pack(most);
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
