import type { PolicyKnowledge } from '../core/rules/projectPolicy.ts';
import type { LicenceLibrary } from '../engine/index/licenceLibrary.ts';
import type { ProjectLibrary } from '../engine/index/projectLibrary.ts';

/** Who is asked about what rules are about; absent where nobody is. */
export interface PolicyLibraries {
  readonly licences?: LicenceLibrary | undefined;
  readonly projects?: ProjectLibrary | undefined;
}

/** What these libraries know at this moment. `whyNot`, a clause, says why a fact without a library is unknown. */
export function policyKnowledge(
  { licences, projects }: PolicyLibraries,
  whyNot: string,
  nowMs: number,
): PolicyKnowledge {
  const unknown = { kind: 'unknown', why: whyNot, failed: true } as const;
  return {
    licenceOf: (pin) => licences?.peek(pin) ?? unknown,
    projectOf: (name) => projects?.peek(name) ?? unknown,
    nowMs,
  };
}
