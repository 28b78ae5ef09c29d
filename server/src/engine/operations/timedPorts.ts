import type { PackageIndex } from '../index/packageIndex.ts';
import type { AdvisorySource } from '../ports.ts';
import type { CacheTier } from '../store/cacheTier.ts';
import type { LookUpTimes } from './partsClock.ts';

type Parts = LookUpTimes | undefined;

/** The same source; how long it is waited for is counted. Without a clock it is the very same. */
export function timedSource(source: AdvisorySource, parts: Parts): AdvisorySource {
  return parts === undefined
    ? source
    : {
        query: (questions, signal) => parts.time('batch', () => source.query(questions, signal)),
        package: (name, signal) => parts.time('packages', () => source.package(name, signal)),
        record: (id, signal) => parts.time('packages', () => source.record(id, signal)),
        get counters() {
          return source.counters;
        },
        close: () => source.close(),
      };
}

export function timedIndex<Index extends PackageIndex>(
  index: Index | undefined,
  parts: Parts,
): PackageIndex | undefined {
  return parts === undefined || index === undefined
    ? index
    : {
        releases: (name, signal) => parts.time('index', () => index.releases(name, signal)),
        close: () => index.close(),
      };
}

export function timedTier(tier: CacheTier, parts: Parts): CacheTier {
  return parts === undefined
    ? tier
    : {
        read: (keys) => parts.time('cache', () => tier.read(keys)),
        write: (entries) => tier.write(entries),
        clear: () => tier.clear(),
        get figures() {
          return tier.figures;
        },
        get history() {
          return tier.history;
        },
        close: () => tier.close(),
      };
}
