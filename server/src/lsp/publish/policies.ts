import type { Settings } from '../../../../protocol/settings.ts';
import { licenceRemarks } from '../../core/rules/licenceRemarks.ts';
import { packageRemarks } from '../../core/rules/packageRemarks.ts';
import { projectPolicy } from '../../core/rules/projectPolicy.ts';
import { hasProjectRules } from '../../core/rules/projectRemarks.ts';
import type { Policy } from '../../features/diagnostics.ts';
import type { Clock } from '../../engine/ports.ts';
import { type PolicyLibraries, policyKnowledge } from '../../project/policyKnowledge.ts';

/** The rules that settings hold, and those of the project's configuration beneath them, each read once. */
export class Policies {
  readonly #clock: Clock;
  #read = new WeakMap<Settings, Policy | undefined>();
  #libraries: PolicyLibraries = {};
  #library = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `undefined` where there are no rules. Without libraries nobody can be asked about them. */
  of(settings: Settings, { licences, projects }: PolicyLibraries): Policy | undefined {
    if (licences !== this.#libraries.licences || projects !== this.#libraries.projects) {
      this.#libraries = { licences, projects };
      this.#library++;
      this.#read = new WeakMap();
    }
    if (!this.#read.has(settings)) {
      this.#read.set(settings, policyOf(settings, this.#libraries, this.#library, this.#clock));
    }
    return this.#read.get(settings);
  }
}

/** Whether the licences of releases matter at all. */
export function hasLicenceRules({ policyLicenses, rules }: Settings): boolean {
  return [policyLicenses, rules?.licences].some((one) => one?.allow !== undefined || (one?.deny ?? []).length > 0);
}

/** Whether it matters what the index says of projects. */
export function asksForProjects({ rules }: Settings): boolean {
  return rules !== undefined && hasProjectRules(rules);
}

function policyOf(settings: Settings, libraries: PolicyLibraries, library: number, clock: Clock): Policy | undefined {
  const { policyPackages, policyLicenses, rules } = settings;
  const hasLicences = policyLicenses.allow !== undefined || (policyLicenses.deny ?? []).length > 0;
  const ofProject = rules === undefined ? undefined : projectPolicy(rules);
  if (policyPackages.length === 0 && !hasLicences && ofProject === undefined) {
    return undefined;
  }
  const onPackages = packageRemarks(policyPackages);
  const onLicences = hasLicences ? licenceRemarks(policyLicenses) : undefined;
  const texts = JSON.stringify([policyPackages, policyLicenses, rules]);
  const { licences, projects } = libraries;
  const asks = hasLicences || ofProject?.asksForLicences === true || ofProject?.asksForProjects === true;
  return {
    get text() {
      // A release grows older by the day.
      const day = ofProject?.asksForProjects === true ? Math.floor(clock.now() / 86_400_000) : 0;
      return asks ? `${library}.${licences?.revision ?? 0}.${projects?.revision ?? 0}.${day} ${texts}` : texts;
    },
    remarksOn: (requirement) => {
      const knowledge = policyKnowledge(libraries, nobody, clock.now());
      return [
        ...onPackages(requirement),
        ...(onLicences?.(requirement, (pin) => knowledge.licenceOf(pin)) ?? []),
        ...(ofProject?.findingsOn(requirement, knowledge) ?? []),
      ];
    },
  };
}

const nobody = 'no package index is asked, by pinwatch.index.url or pinwatch.offline.mode';
