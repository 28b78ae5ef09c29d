import { type Pin, pinKey } from '../../core/assessment/pin.ts';
import { decodeReleaseNeeds, readReleaseNeeds, type ReleaseNeeds } from '../../core/packages/releaseNeeds.ts';
import { LookupError } from '../ports.ts';
import { needsKey } from '../store/cacheKey.ts';
import { FactLibrary } from './factLibrary.ts';
import type { LicenceParts } from './licenceLibrary.ts';

const mostAtOnce = 10;
// The metadata of a release never change.
const keptMs = 30 * 86_400_000;

/** What releases ask for (PEP 658), each asked once and kept in memory and storage. A failure is known as such, and not kept. */
export class NeedsLibrary extends FactLibrary<Pin, ReleaseNeeds> {
  constructor({ index, indexId, tiers, clock }: LicenceParts) {
    super({
      keyOf: pinKey,
      storageKey: (pin) => needsKey(pin, indexId),
      decode: decodeReleaseNeeds,
      fetch: async ({ name, version }, signal) => {
        const metadata = await index.metadata(name, version, signal);
        const needs = metadata === undefined ? undefined : readReleaseNeeds(metadata);
        if (metadata !== undefined && needs === undefined) throw new LookupError('badResponse', 'sent no metadata');
        return needs;
      },
      noneText: 'the package index has no metadata of it',
      mostAtOnce,
      keptMs,
      tiers,
      clock,
    });
  }
}
