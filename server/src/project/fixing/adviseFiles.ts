import type { ProjectConfig } from '../../core/config/projectConfig.ts';
import type { FileReport } from '../../core/assessment/fileReport.ts';
import type { PackageFacts } from '../../core/assessment/packageFacts.ts';
import type { AssessedRequirement } from '../../core/assessment/requirement.ts';
import {
  type AdvisedFile,
  type Advising,
  adviseWithin,
  FirstLooks,
  wantsFacts,
} from '../../core/fixes/adviseWithin.ts';
import type { PythonDemand } from '../../core/fixes/fixScope.ts';
import type { FixPolicy } from '../../core/fixes/fixPolicy.ts';
import { pythonsOf } from '../../core/markers/pythons.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { plainText } from '../../core/text/plainText.ts';
import type { LockReader, ProjectPython } from '../../engine/lockReader.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import type { CompiledNote } from '../compiledNote.ts';

/** A file of a report, and what its header says where a tool wrote it. */
export interface UnadvisedFile extends FileReport {
  readonly compiled?: CompiledNote | undefined;
  /** Why no version is offered for its lines, for people. */
  readonly barred?: string | undefined;
}

/** The same files, their advice what a fix can do. Asks nobody; lists in which nothing changes stay the same objects. */
export async function adviseFiles(
  files: readonly UnadvisedFile[],
  {
    scanner,
    locks,
    roots,
  }: { readonly scanner: Scanner; readonly locks: Pick<LockReader, 'python'>; readonly roots: readonly string[] },
  policy: FixPolicy,
  signal: AbortSignal,
): Promise<readonly FileReport[]> {
  const around: AdvisedFile[] = [];
  const names = new Set<PackageName>();
  const advising = { policy, looks: new FirstLooks() };
  for (const { path, requirements, compiled, barred } of files) {
    const isAsked =
      compiled?.demand === undefined && path !== '-' && requirements.some((one) => pythonMatters(one, policy));
    const python = isAsked ? await locks.python(path, roots, signal) : undefined;
    const demand = compiled?.demand ?? pythonDemand(python);
    const file: AdvisedFile = { shown: path, demand, made: compiled?.made, barred };
    around.push(file);
    for (const requirement of requirements) {
      const { subject, outcome } = requirement;
      if (subject.kind === 'lookup' && wantsFacts(requirement, outcome, file, advising)) names.add(subject.lookup.name);
    }
  }
  await scanner.recallPackages([...names]);
  // Of the others they decide nothing.
  const factsOf = (name: PackageName): PackageFacts | undefined =>
    names.has(name) ? scanner.peekPackage(name)?.facts : undefined;
  return files.map((file, at): FileReport => {
    const [own, { requirements }] = [around[at], file];
    const made = own === undefined ? requirements : requirements.map((one) => advised(one, own, advising, factsOf));
    return made.every((one, index) => one === requirements[index]) ? file : { ...file, requirements: made };
  });
}

/** Whether the Pythons of the project may decide which version a fix can lead to. */
function pythonMatters({ outcome, within, decidedBy }: AssessedRequirement, { allowMajor }: FixPolicy): boolean {
  if (outcome.kind !== 'assessed' || outcome.findings.length === 0 || outcome.fix === undefined) return false;
  const mayNotFit = (within?.limits ?? []).length > 0 || decidedBy !== undefined || allowMajor === false;
  return mayNotFit || outcome.fix.requiresPython !== undefined;
}

/** The strictest that the configurations of a scan say. */
export function fixPolicyOf(
  configs: readonly ProjectConfig[],
): Pick<FixPolicy, 'allowMajor' | 'minimumReleaseAgeDays'> {
  const said = configs.flatMap(({ allowMajor }) => allowMajor ?? []);
  return {
    allowMajor: said.includes(false) ? false : said[0],
    minimumReleaseAgeDays: Math.max(0, ...configs.map(({ minimumReleaseAgeDays = 0 }) => minimumReleaseAgeDays)),
  };
}

export function pythonDemand(found: ProjectPython | undefined): PythonDemand | undefined {
  return (
    found && {
      pythons: pythonsOf(found.requiresPython),
      text: `Python ${plainText(found.requiresPython, 60)} (${found.source})`,
    }
  );
}

function advised(
  requirement: AssessedRequirement,
  file: AdvisedFile,
  advising: Omit<Advising, 'facts'>,
  factsOf: (name: PackageName) => PackageFacts | undefined,
): AssessedRequirement {
  const { subject, outcome } = requirement;
  if (subject.kind !== 'lookup' || outcome.kind !== 'assessed' || outcome.fix === undefined) return requirement;
  const made = adviseWithin(requirement, outcome, file, { ...advising, facts: factsOf(subject.lookup.name) });
  return made === outcome ? requirement : { ...requirement, outcome: made };
}
