import type { PackageName } from '../../core/packages/packageName.ts';
import { decodeProjectFacts, type ProjectFacts } from '../../core/packages/projectFacts.ts';
import type { ProjectState } from '../../core/rules/projectRemarks.ts';
import { projectFactsKey } from '../store/cacheKey.ts';
import type { CacheTier } from '../store/cacheTier.ts';
import type { Clock } from '../ports.ts';
import { FactLibrary } from './factLibrary.ts';

/** What an index says of projects: withdrawn releases, ended projects, times (PEP 592, 700, 792). */
export interface ProjectIndex {
  /** `undefined` where the index does not know the project. Throws as `PackageIndex` does. */
  project(name: PackageName, signal: AbortSignal): Promise<ProjectFacts | undefined>;
}

export interface ProjectParts {
  readonly index: ProjectIndex;
  /** The index's address: another one's answers are others. */
  readonly indexId: string;
  /** Nearest first. */
  readonly tiers: readonly CacheTier[];
  readonly clock: Clock;
}

const mostAtOnce = 32;
// A release is withdrawn, or a project held back, from one hour to the next.
const keptMs = 60 * 60_000;

/** Facts of projects, each asked once and kept in memory and storage. A failure is known as such, and not kept. */
export class ProjectLibrary extends FactLibrary<PackageName, ProjectFacts> {
  constructor({ index, indexId, tiers, clock }: ProjectParts) {
    super({
      keyOf: (name) => name,
      storageKey: (name) => projectFactsKey(name, indexId),
      decode: decodeProjectFacts,
      fetch: (name, signal) => index.project(name, signal),
      noneText: 'the package index does not know it',
      mostAtOnce,
      keptMs,
      tiers,
      clock,
    });
  }

  peek(name: PackageName): ProjectState {
    const state = this.state(name);
    return state.kind === 'known' ? { kind: 'known', facts: state.fact } : state;
  }
}
