import type { Pin } from '../assessment/pin.ts';
import type { PolicyFinding, PolicyLevel } from '../assessment/policyFinding.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import type { PackageName } from '../packages/packageName.ts';
import { allowRemarks } from './allowRemarks.ts';
import { type LicenceSetting, type LicenceState, licenceRemarks } from './licenceRemarks.ts';
import { type PackageRule, packageRemarks } from './packageRemarks.ts';
import { hasProjectRules, type ProjectRemarkRules, projectRemarks, type ProjectState } from './projectRemarks.ts';

/** All the rules that a project may have. */
export interface PolicyRules extends ProjectRemarkRules {
  readonly packages?: {
    readonly allow?: readonly PackageRule[];
    readonly deny?: readonly PackageRule[];
    readonly level?: PolicyLevel;
    readonly reason?: string;
  };
  readonly licences?: LicenceSetting;
}

/** What is known at this moment of what the rules are about. */
export interface PolicyKnowledge {
  readonly licenceOf: (pin: Pin) => LicenceState;
  readonly projectOf: (name: PackageName) => ProjectState;
  readonly nowMs: number;
}

export interface ProjectPolicy {
  /** Whether anybody has to be asked: about licences of releases, about projects. */
  readonly asksForLicences: boolean;
  readonly asksForProjects: boolean;
  findingsOn(requirement: PlacedRequirement, knowledge: PolicyKnowledge): readonly PolicyFinding[];
}

/** The rules, read once; `undefined` where there are none. */
export function projectPolicy(rules: PolicyRules): ProjectPolicy | undefined {
  const { packages = {}, licences = {} } = rules;
  const { allow, deny = [], level, reason } = packages;
  const withDefaults = (rule: PackageRule): PackageRule => ({
    ...(level === undefined ? {} : { level }),
    ...(reason === undefined ? {} : { reason }),
    ...rule,
  });
  const asksForLicences = licences.allow !== undefined || (licences.deny ?? []).length > 0;
  const asksForProjects = hasProjectRules(rules);
  if (allow === undefined && deny.length === 0 && !asksForLicences && !asksForProjects) {
    return undefined;
  }
  const onDenied = packageRemarks(deny.map(withDefaults), 'policy.packages');
  const onAllowed =
    allow === undefined ? undefined : allowRemarks(allow.map(withDefaults), withDefaults({ package: '*' }));
  const onLicences = asksForLicences ? licenceRemarks(licences, 'policy.licenses') : undefined;
  const onProjects = asksForProjects ? projectRemarks(rules) : undefined;
  return {
    asksForLicences,
    asksForProjects,
    findingsOn: (requirement, { licenceOf, projectOf, nowMs }) => {
      const denied = onDenied(requirement);
      return [
        ...denied,
        ...(denied.length > 0 ? [] : (onAllowed?.(requirement) ?? [])),
        ...(onLicences?.(requirement, licenceOf) ?? []),
        ...(onProjects?.(requirement, projectOf, nowMs) ?? []),
      ];
    },
  };
}
