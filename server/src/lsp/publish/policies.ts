import type { Settings } from '../../../../protocol/settings.ts';
import type { PolicyFinding } from '../../core/assessment/policyFinding.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { IgnoreList } from '../../core/ignores/ignore.ts';
import { licenceRemarks } from '../../core/rules/licenceRemarks.ts';
import { packageRemarks } from '../../core/rules/packageRemarks.ts';
import { type PolicyKnowledge, projectPolicy } from '../../core/rules/projectPolicy.ts';
import { hasProjectRules } from '../../core/rules/projectRemarks.ts';
import type { Policy } from '../../features/diagnostics/diagnostics.ts';
import type { Clock } from '../../engine/ports.ts';
import { decodedId, type FileId } from '../../project/fileId.ts';
import { withLicenceOverrides } from '../../project/licenceOverrides.ts';
import { type PolicyLibraries, policyKnowledge } from '../../project/policyKnowledge.ts';

/** The rules that settings hold, and those of the project's configuration beneath them, each read once. */
export class Policies {
  readonly #clock: Clock;
  readonly #read = new WeakMap<Settings, Rules | undefined>();
  readonly #lists = new WeakMap<IgnoreList, number>();
  #listCount = 0;
  #libraries: PolicyLibraries = {};
  #library = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * `undefined` where there are no rules. Without libraries nobody can be asked about them. `lists`: the ignore lists that
   * hold for the file, for what they say of licences.
   */
  of(
    { id, settings }: JudgedFile,
    { licences, projects }: PolicyLibraries,
    lists: readonly IgnoreList[],
  ): Policy | undefined {
    const rules = this.rulesOf(settings);
    if (rules === undefined) return undefined;
    if (licences !== this.#libraries.licences || projects !== this.#libraries.projects) {
      this.#libraries = { licences, projects };
      this.#library++;
    }
    const libraries = this.#libraries;
    const library = this.#library;
    const path = decodedId(id);
    const clock = this.#clock;
    const overrides = lists.filter((list) => (list.licences ?? []).length > 0).map((list) => this.#numberOf(list));
    return {
      get text() {
        // A release grows older by the day, and an override may end.
        const day = rules.asksForProjects || overrides.length > 0 ? Math.floor(clock.now() / 86_400_000) : 0;
        const known = `${library}.${licences?.revision ?? 0}.${projects?.revision ?? 0}.${day}.${overrides.join()}`;
        return rules.asks ? `${known} ${rules.text}` : rules.text;
      },
      remarksOn: (requirement) => {
        const known = policyKnowledge(libraries, nobody, clock.now());
        return rules.findingsOn(requirement, withLicenceOverrides(known, lists, path));
      },
    };
  }

  rulesOf(settings: Settings): Rules | undefined {
    if (!this.#read.has(settings)) {
      this.#read.set(settings, readRules(settings));
    }
    return this.#read.get(settings);
  }

  #numberOf(list: IgnoreList): number {
    const known = this.#lists.get(list) ?? ++this.#listCount;
    this.#lists.set(list, known);
    return known;
  }
}

interface JudgedFile {
  readonly id: FileId;
  readonly settings: Settings;
}

/** Those of one file. */
interface Rules {
  /** What they say, to tell them from others. */
  readonly text: string;
  /** Whether an index has to be asked. */
  readonly asks: boolean;
  readonly asksForLicences: boolean;
  readonly asksForProjects: boolean;
  findingsOn(requirement: PlacedRequirement, knowledge: PolicyKnowledge): readonly PolicyFinding[];
}

/** Whether the licences of releases matter at all. */
export function hasLicenceRules({ policyLicenses, rules }: Settings): boolean {
  return [policyLicenses, rules?.licences].some((one) => one?.allow !== undefined || (one?.deny ?? []).length > 0);
}

/** Whether it matters what the index says of projects. */
export function asksForProjects({ rules }: Settings): boolean {
  return rules !== undefined && hasProjectRules(rules);
}

function readRules(settings: Settings): Rules | undefined {
  const { policyPackages, policyLicenses, rules } = settings;
  const hasLicences = policyLicenses.allow !== undefined || (policyLicenses.deny ?? []).length > 0;
  const ofProject = rules === undefined ? undefined : projectPolicy(rules);
  if (policyPackages.length === 0 && !hasLicences && ofProject === undefined) {
    return undefined;
  }
  const onPackages = packageRemarks(policyPackages);
  const onLicences = hasLicences ? licenceRemarks(policyLicenses) : undefined;
  const forLicences = hasLicences || ofProject?.asksForLicences === true;
  const forProjects = ofProject?.asksForProjects === true;
  return {
    text: JSON.stringify([policyPackages, policyLicenses, rules]),
    asks: forLicences || forProjects,
    asksForLicences: forLicences,
    asksForProjects: forProjects,
    findingsOn: (requirement, knowledge) => [
      ...onPackages(requirement),
      ...(onLicences?.(requirement, (pin) => knowledge.licenceOf(pin)) ?? []),
      ...(ofProject?.findingsOn(requirement, knowledge) ?? []),
    ],
  };
}

// A clause.
const nobody = 'no package index is asked, by pinwatch.index.url or pinwatch.offline.mode';
