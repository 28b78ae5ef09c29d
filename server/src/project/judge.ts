import type { ProjectConfig } from '../core/config/projectConfig.ts';
import type { FileReport } from '../core/assessment/fileReport.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import { isPin } from '../core/assessment/lookup.ts';
import type { Pin } from '../core/assessment/pin.ts';
import type { AssessedRequirement } from '../core/assessment/requirement.ts';
import type { PackageName } from '../core/packages/packageName.ts';
import { type PolicyKnowledge, type ProjectPolicy, projectPolicy } from '../core/rules/projectPolicy.ts';
import { counted } from '../core/text/counted.ts';
import type { ProjectConfigs } from './configs.ts';
import { type PolicyLibraries, policyKnowledge } from './policyKnowledge.ts';
import type { ProjectIgnores } from './ignores.ts';
import { reasonOf } from './reasonOf.ts';

export interface Judged {
  readonly files: readonly FileReport[];
  /** What the rules could not be checked for, and why, each said once. */
  readonly unjudged: readonly string[];
}

/** Asks what the rules of the configurations need, and adds what they say to the requirements. Never rejects for an aborted signal. */
export async function judge(
  files: readonly FileReport[],
  { configs, ignores }: { readonly configs: ProjectConfigs; readonly ignores: ProjectIgnores },
  libraries: PolicyLibraries,
  nowMs: number,
  signal: AbortSignal,
): Promise<Judged> {
  const policies = new Map(configs.all.map((config) => [config, projectPolicy(config)]));
  const policyOf = (path: string): ProjectPolicy | undefined => {
    const config: ProjectConfig | undefined = configs.of(path);
    return config === undefined ? undefined : policies.get(config);
  };
  if ([...policies.values()].every((policy) => policy === undefined)) {
    return { files, unjudged: [] };
  }
  await askAll(files, policyOf, libraries, signal);
  const late = signal.aborted ? reasonOf(signal).replace(/\.$/u, '') : undefined;
  const known = policyKnowledge(libraries, 'no package index is asked', nowMs);
  const gaps = new Gaps();
  const knowledge = gaps.collecting(known, late ?? 'it was not asked');
  const judged = files.map((file): FileReport => {
    const policy = policyOf(file.path);
    return policy === undefined
      ? file
      : {
          ...file,
          requirements: file.requirements.map((one) =>
            withFindings(one, policy, overridden(knowledge, ignores.of(file.path))),
          ),
        };
  });
  return { files: judged, unjudged: gaps.texts };
}

/** What people say of licences goes before what the index says. */
function overridden(knowledge: PolicyKnowledge, lists: readonly IgnoreList[]): PolicyKnowledge {
  const overrides = lists.flatMap(({ licences = [] }) => licences);
  return overrides.length === 0
    ? knowledge
    : {
        ...knowledge,
        licenceOf: (pin) => {
          const found = overrides.find(
            ({ fits, until }) =>
              (until === undefined || until.endsAtMs > knowledge.nowMs) && fits(pin.name, pin.version),
          );
          if (found === undefined) {
            return knowledge.licenceOf(pin);
          }
          const { expression } = found;
          return expression === undefined
            ? { kind: 'pending' }
            : { kind: 'known', licence: { expression, classifiers: [] } };
        },
      };
}

function withFindings(
  requirement: AssessedRequirement,
  policy: ProjectPolicy,
  knowledge: PolicyKnowledge,
): AssessedRequirement {
  const found = policy.findingsOn(requirement, knowledge);
  return found.length === 0 ? requirement : { ...requirement, policy: found };
}

async function askAll(
  files: readonly FileReport[],
  policyOf: (path: string) => ProjectPolicy | undefined,
  { licences, projects }: PolicyLibraries,
  signal: AbortSignal,
): Promise<void> {
  const pins: Pin[] = [];
  const names = new Set<PackageName>();
  for (const { path, requirements } of files) {
    const policy = policyOf(path);
    for (const { subject } of policy === undefined ? [] : requirements) {
      if (subject.kind === 'lookup') {
        if (policy?.asksForLicences === true && isPin(subject.lookup)) pins.push(subject.lookup);
        if (policy?.asksForProjects === true) names.add(subject.lookup.name);
      }
    }
  }
  if (signal.aborted) {
    return;
  }
  const asking = [
    ...(pins.length === 0 || licences === undefined ? [] : [licences.ask(pins, signal)]),
    ...(names.size === 0 || projects === undefined ? [] : [projects.ask([...names], signal)]),
  ];
  for (const result of await Promise.allSettled(asking)) {
    if (result.status === 'rejected' && !signal.aborted) {
      throw result.reason;
    }
  }
}

/** What nobody has answered is said once for all, not at every line. */
class Gaps {
  readonly #licences = new Map<string, Set<string>>();
  readonly #projects = new Map<string, Set<string>>();

  /** The same knowledge, in which what failed is not known yet. */
  collecting(known: PolicyKnowledge, late: string): PolicyKnowledge {
    const note = (gaps: Map<string, Set<string>>, why: string, subject: string): { readonly kind: 'pending' } => {
      gaps.set(why, (gaps.get(why) ?? new Set()).add(subject));
      return { kind: 'pending' };
    };
    return {
      nowMs: known.nowMs,
      licenceOf: (pin) => {
        const state = known.licenceOf(pin);
        const isMissing = state.kind === 'pending' || (state.kind === 'unknown' && state.failed);
        return isMissing
          ? note(this.#licences, state.kind === 'unknown' ? state.why : late, `${pin.name} ${pin.version}`)
          : state;
      },
      projectOf: (name) => {
        const state = known.projectOf(name);
        const isMissing = state.kind === 'pending' || (state.kind === 'unknown' && state.failed);
        return isMissing ? note(this.#projects, state.kind === 'unknown' ? state.why : late, name) : state;
      },
    };
  }

  get texts(): readonly string[] {
    const text = (what: string, gaps: Map<string, Set<string>>): readonly string[] =>
      [...gaps].map(([why, subjects]) => `The rules could not be checked for ${counted(subjects.size, what)}: ${why}.`);
    return [...text('licence', this.#licences), ...text('project', this.#projects)];
  }
}
