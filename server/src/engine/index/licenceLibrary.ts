import type { PackageName } from '../../core/packages/packageName.ts';
import { type Pin, pinKey } from '../../core/assessment/pin.ts';
import { decodeLicence, type Licence, readLicence } from '../../core/packages/licence.ts';
import type { LicenceState } from '../../core/rules/licenceRemarks.ts';
import { licenceKey } from '../store/cacheKey.ts';
import type { CacheTier } from '../store/cacheTier.ts';
import type { Clock } from '../ports.ts';
import { FactLibrary, factRetryMs } from './factLibrary.ts';

/** The core metadata of releases (PEP 658). */
export interface MetadataIndex {
  /** The METADATA of a release; `undefined` where the index has none. Throws as `PackageIndex` does. */
  metadata(name: PackageName, version: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface LicenceParts {
  readonly index: MetadataIndex;
  /** The index's address: another one's answers are others. */
  readonly indexId: string;
  /** Nearest first. */
  readonly tiers: readonly CacheTier[];
  readonly clock: Clock;
}

/** Failures are asked about again after this long. */
export const licenceRetryMs = factRetryMs;
// Project pages among them; the index takes fewer metadata at once.
const mostAtOnce = 32;
// What a release says of its licence never changes, but an index may come to serve what it did not.
const keptMs = 30 * 86_400_000;

/** Licences of releases, each asked once and kept in memory and storage. A failure is known as such, and not kept. */
export class LicenceLibrary extends FactLibrary<Pin, Licence> {
  constructor({ index, indexId, tiers, clock }: LicenceParts) {
    super({
      keyOf: pinKey,
      storageKey: (pin) => licenceKey(pin, indexId),
      decode: decodeLicence,
      fetch: async ({ name, version }, signal) => {
        const metadata = await index.metadata(name, version, signal);
        return metadata === undefined ? undefined : readLicence(metadata);
      },
      noneText: 'the package index has no metadata of it',
      mostAtOnce,
      keptMs,
      tiers,
      clock,
    });
  }

  peek(pin: Pin): LicenceState {
    const state = this.state(pin);
    return state.kind === 'known' ? { kind: 'known', licence: state.fact } : state;
  }
}
