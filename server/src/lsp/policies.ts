import type { Settings } from '../../../protocol/settings.ts';
import { packagePolicy } from '../core/policy/packagePolicy.ts';
import type { Policy } from '../features/diagnostics.ts';

/** The rules that settings hold, each read once. */
export class Policies {
  readonly #read = new WeakMap<Settings, Policy | undefined>();

  /** `undefined` where there are no rules. */
  of(settings: Settings): Policy | undefined {
    if (!this.#read.has(settings)) {
      this.#read.set(settings, policyOf(settings));
    }
    return this.#read.get(settings);
  }
}

function policyOf({ policyPackages }: Settings): Policy | undefined {
  if (policyPackages.length === 0) {
    return undefined;
  }
  const packages = packagePolicy(policyPackages);
  return {
    text: JSON.stringify(policyPackages),
    remarksOn: (requirement) => packages.remarksOn(requirement),
  };
}
