import type { Settings } from '../../../../protocol/settings.ts';
import { licenceRemarks, type LicenceState } from '../../core/rules/licenceRemarks.ts';
import { packageRemarks } from '../../core/rules/packageRemarks.ts';
import type { Policy } from '../../features/diagnostics.ts';
import type { LicenceLibrary } from '../../engine/index/licenceLibrary.ts';

/** The rules that settings hold, each read once. */
export class Policies {
  #read = new WeakMap<Settings, Policy | undefined>();
  #licences: LicenceLibrary | undefined;
  #library = 0;

  /** `undefined` where there are no rules. Without `licences` nobody can be asked about them. */
  of(settings: Settings, licences: LicenceLibrary | undefined): Policy | undefined {
    if (licences !== this.#licences) {
      this.#licences = licences;
      this.#library++;
      this.#read = new WeakMap();
    }
    if (!this.#read.has(settings)) {
      this.#read.set(settings, policyOf(settings, licences, this.#library));
    }
    return this.#read.get(settings);
  }
}

/** Whether the licences of releases matter at all. */
export function hasLicenceRules({ policyLicenses: { allow, deny = [] } }: Settings): boolean {
  return allow !== undefined || deny.length > 0;
}

function policyOf(settings: Settings, licences: LicenceLibrary | undefined, library: number): Policy | undefined {
  const { policyPackages, policyLicenses } = settings;
  const hasLicences = hasLicenceRules(settings);
  if (policyPackages.length === 0 && !hasLicences) {
    return undefined;
  }
  const onPackages = packageRemarks(policyPackages);
  const onLicences = hasLicences ? licenceRemarks(policyLicenses) : undefined;
  const rules = JSON.stringify([policyPackages, policyLicenses]);
  return {
    get text() {
      return hasLicences ? `${library}.${licences?.revision ?? 0} ${rules}` : rules;
    },
    remarksOn: (requirement) => [
      ...onPackages(requirement),
      ...(onLicences?.(requirement, (pin) => licences?.peek(pin) ?? nobody) ?? []),
    ],
  };
}

const nobody: LicenceState = Object.freeze({
  kind: 'unknown',
  why: 'no package index is asked, by pinwatch.index.url or pinwatch.offline.mode',
});
