import type { ProjectConfig } from '../core/config/projectConfig.ts';
import type { FileReport } from '../core/assessment/fileReport.ts';
import { fileGroup } from '../core/ignores/ignoreHold.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import { isPin } from '../core/assessment/lookup.ts';
import type { Pin } from '../core/assessment/pin.ts';
import type { AssessedRequirement, PlacedRequirement } from '../core/assessment/requirement.ts';
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

/** Adds what the rules of the configurations say to the requirements of these files. Never rejects for an aborted signal. */
export type Judge = (files: readonly FileReport[], nowMs: number) => Promise<Judged>;

/** Begins to ask what the rules need, so that nobody waits for the index and the advisories one after the other. */
export function beginJudging(
  placed: readonly AskedFile[],
  { configs, ignores }: { readonly configs: ProjectConfigs; readonly ignores: ProjectIgnores },
  libraries: PolicyLibraries,
  signal: AbortSignal,
): Judge {
  const policies = new Map(configs.all.map((config) => [config, projectPolicy(config)]));
  const policyOf = (path: string): ProjectPolicy | undefined => {
    const config: ProjectConfig | undefined = configs.of(path);
    return config === undefined ? undefined : policies.get(config);
  };
  if ([...policies.values()].every((policy) => policy === undefined)) {
    return (files) => Promise.resolve({ files, unjudged: [] });
  }
  const asked = askAll(placed, policyOf, libraries, signal);
  asked.catch(() => undefined); // the one who judges hears of it
  return async (files, nowMs) => {
    await asked;
    const late = signal.aborted ? reasonOf(signal).replace(/\.$/u, '') : undefined;
    const known = policyKnowledge(libraries, 'no package index is asked', nowMs);
    const gaps = new Gaps();
    const knowledge = gaps.collecting(known, late ?? 'it was not asked');
    const judged = files.map((file): FileReport => {
      const policy = policyOf(file.path);
      if (policy === undefined) {
        return file;
      }
      const lists = ignores.of(file.path);
      const own = overridden(knowledge, lists, file.path);
      const licenceOf = policy.asksForLicences ? overridden(known, lists, file.path).licenceOf : undefined;
      return { ...file, requirements: file.requirements.map((one) => withFindings(one, policy, own, licenceOf)) };
    });
    return { files: judged, unjudged: gaps.texts };
  };
}

/** A file before its requirements are assessed. */
interface AskedFile {
  readonly path: string;
  readonly placed: { readonly requirements: readonly PlacedRequirement[] };
}

/** What people say of licences goes before what the index says. */
function overridden(knowledge: PolicyKnowledge, lists: readonly IgnoreList[], path: string): PolicyKnowledge {
  const own = fileGroup(path);
  const overrides = lists
    .flatMap(({ licences = [] }) => licences)
    .filter(({ group }) => group === undefined || group === own);
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
  licenceOf: PolicyKnowledge['licenceOf'] | undefined,
): AssessedRequirement {
  const found = policy.findingsOn(requirement, knowledge);
  const { subject } = requirement;
  const state = subject.kind === 'lookup' && isPin(subject.lookup) ? licenceOf?.(subject.lookup) : undefined;
  const licence = state?.kind === 'known' ? state.licence : undefined;
  return found.length === 0 && licence === undefined
    ? requirement
    : {
        ...requirement,
        ...(found.length === 0 ? {} : { policy: found }),
        ...(licence === undefined ? {} : { licence }),
      };
}

async function askAll(
  files: readonly AskedFile[],
  policyOf: (path: string) => ProjectPolicy | undefined,
  { licences, projects }: PolicyLibraries,
  signal: AbortSignal,
): Promise<void> {
  const pins: Pin[] = [];
  const names = new Set<PackageName>();
  for (const { path, placed } of files) {
    const policy = policyOf(path);
    for (const { subject } of policy === undefined ? [] : placed.requirements) {
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
