import type { ProjectConfig } from '../core/config/projectConfig.ts';
import type { FileReport } from '../core/assessment/fileReport.ts';
import { isPin } from '../core/assessment/lookup.ts';
import type { Pin } from '../core/assessment/pin.ts';
import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { PackageName } from '../core/packages/packageName.ts';
import { type ProjectPolicy, projectPolicy } from '../core/rules/projectPolicy.ts';
import type { ProjectConfigs } from './configs.ts';
import { judgedRequirement } from './judgedRequirement.ts';
import { withLicenceOverrides } from './licenceOverrides.ts';
import { PolicyGaps } from './policyGaps.ts';
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
    const gaps = new PolicyGaps();
    const knowledge = gaps.collecting(known, late ?? 'it was not asked');
    const judged = files.map((file): FileReport => {
      const policy = policyOf(file.path);
      if (policy === undefined) {
        return file;
      }
      const lists = ignores.of(file.path);
      const own = withLicenceOverrides(knowledge, lists, file.path);
      const licenceOf = policy.asksForLicences ? withLicenceOverrides(known, lists, file.path).licenceOf : undefined;
      return { ...file, requirements: file.requirements.map((one) => judgedRequirement(one, policy, own, licenceOf)) };
    });
    return { files: judged, unjudged: gaps.texts };
  };
}

/** A file before its requirements are assessed. */
interface AskedFile {
  readonly path: string;
  readonly placed: { readonly requirements: readonly PlacedRequirement[] };
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
