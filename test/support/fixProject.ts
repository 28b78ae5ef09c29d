import assert from 'node:assert/strict';
import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import { versionsOf } from '../../server/src/core/assessment/decided/lockedVersions.ts';
import { assessReleaseFromFacts } from '../../server/src/core/assessment/assessRelease.ts';
import { assessVersionRange } from '../../server/src/core/assessment/assessVersionRange.ts';
import { isPin } from '../../server/src/core/assessment/lookup.ts';
import type { Outcome } from '../../server/src/core/assessment/outcome.ts';
import { fixFiles } from '../../server/src/core/fixes/fixFiles.ts';
import { type FixPolicy, usualPolicy } from '../../server/src/core/fixes/fixPolicy.ts';
import type { FixContext } from '../../server/src/core/fixes/fixPlan.ts';
import type { PackageFacts } from '../../server/src/core/assessment/packageFacts.ts';
import { placeRequirements, rememberedTargets } from '../../server/src/core/assessment/placeRequirements.ts';
import type { PlacedRequirement } from '../../server/src/core/assessment/requirement.ts';
import type { FixScope, PythonDemand } from '../../server/src/core/fixes/fixScope.ts';
import type { IncludeEdge } from '../../server/src/core/manifests/includeGraph.ts';
import { normalizePath, resolveInclude } from '../../server/src/core/manifests/includePath.ts';
import type { Manifest } from '../../server/src/core/manifests/manifest.ts';
import { pipKind } from '../../server/src/core/manifests/pip/pipManifest.ts';
import { pythonsOf } from '../../server/src/core/markers/pythons.ts';
import type { Advisory } from '../../server/src/core/advisories/advisory.ts';
import { packageAdvisories } from '../../server/src/core/advisories/packageAdvisories.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import type { Release } from '../../server/src/core/packages/release.ts';
import { parseVersion } from '../../server/src/core/versions/version.ts';
import { constraintsIn, decidedFor } from '../../server/src/project/decided.ts';
import { readFixScope } from '../../server/src/project/fixing/readFixScope.ts';

/** Files as texts by path, and the Python that their project is for. */
export interface FixProject {
  readonly files: ReadonlyMap<string, Manifest>;
  readonly edges: readonly IncludeEdge[];
  readonly scope: FixScope;
}

export async function fixProjectOf(
  texts: Readonly<Record<string, string>>,
  requiresPython?: string,
): Promise<FixProject> {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, pipKind.parse(text)]));
  const edges = [...files].flatMap(([from, file]) =>
    file.includes.map(({ kind, target }) => ({ from, to: resolveInclude(from, target.text), kind })),
  );
  const demand: PythonDemand | undefined =
    requiresPython === undefined
      ? undefined
      : { pythons: pythonsOf(requiresPython), text: `Python ${requiresPython} (pyproject.toml)` };
  const scope = await readFixScope([...files.keys()], {
    read: (path) => Promise.resolve(files.get(path)),
    resolve: (from, target) => normalizePath(resolveInclude(from, target)),
    includers: (path) => edges.flatMap(({ from, to }) => (to === path ? [from] : [])),
    pathOf: (path) => path,
    shown: (path) => path,
    pythons: () => Promise.resolve(demand),
  });
  return { files, edges, scope };
}

/** The requirements of one of the files, as a scan places them. */
export function placedIn({ files, edges }: FixProject, path: string): readonly PlacedRequirement[] {
  const file = files.get(path);
  assert.ok(file, path);
  const constraints = constraintsIn(edges, (source) => {
    const one = files.get(source);
    return one && { source, file: one };
  })(path);
  const output = file.compiled === undefined ? files.get(path.replace(/\.in$/u, '.txt')) : undefined;
  const locked: readonly LockedVersions[] =
    output?.compiled === undefined
      ? []
      : [{ kind: 'compiled', source: path.replace(/\.in$/u, '.txt'), ...versionsOf(output.decides ?? []) }];
  return placeRequirements(
    file,
    rememberedTargets(() => false, decidedFor(path, constraints, locked)),
  ).requirements;
}

/** What is known of a package: its advisories, and its releases as "1.0", or with more to say of them. */
export function factsOf(
  name: string,
  advisories: readonly Advisory[],
  releases: readonly (string | ({ readonly v: string } & Partial<Release>))[],
): PackageFacts {
  const read = releases.map((one): Release => {
    const { v, ...more } = typeof one === 'string' ? { v: one } : one;
    const version = parseVersion(v);
    assert.ok(version, v);
    return { version, yanked: false, files: [], ...more };
  });
  return {
    advisories: packageAdvisories(normalizeName(name), advisories),
    releases: read.sort((a, b) => (a.version.key < b.version.key ? -1 : 1)),
  };
}

/** A package with one advisory: everything below `fixed` is affected, or only what is named. */
export interface KnownPackage {
  readonly releases: readonly (string | ({ readonly v: string } & Partial<Release>))[];
  readonly fixed?: string;
  readonly affected?: readonly string[];
  readonly malicious?: true;
}

export interface FixRun {
  readonly python?: string;
  readonly policy?: Partial<FixPolicy>;
  readonly leavesMajors?: boolean;
}

/** A project as a scan sees it: each file with its requirements and their outcomes, and what fixes are made from. */
export async function assessedProject(
  texts: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, KnownPackage>>,
  { python, policy }: FixRun = {},
) {
  const project = await fixProjectOf(texts, python);
  const facts = new Map(
    Object.entries(packages).map(([name, known]) => [normalizeName(name), knownFacts(name, known)]),
  );
  const files = [...project.files.keys()].map((source) => ({
    source,
    requirements: placedIn(project, source).map((requirement) => ({
      requirement,
      outcome: outcomeOf(requirement, facts),
    })),
  }));
  const context: FixContext = {
    scope: project.scope,
    factsOf: (name) => facts.get(name),
    filesOf: () => undefined,
    policy: { ...usualPolicy, ...policy },
  };
  return { project, files, context };
}

/** What fixes make of a project: the texts that change, what is left and why, what is fixed and how. */
export async function fixedProject(
  texts: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, KnownPackage>>,
  run: FixRun = {},
) {
  const { project, files, context } = await assessedProject(texts, packages, run);
  const result = fixFiles(files, context, run.leavesMajors);
  const placeOf = ({ source, line }: { readonly source: string; readonly line: number }): string =>
    `${source}:${line + 1}`;
  return {
    /** Every line with its verdict, as `r.txt:1`. */
    verdicts: new Map(
      files.flatMap(({ source, requirements }) =>
        requirements.map(({ requirement, outcome }) => {
          const verdict = outcome.kind === 'assessed' ? outcome.verdict : outcome.kind;
          return [placeOf({ source, line: requirement.range.start.line }), { verdict, requirement }] as const;
        }),
      ),
    ),
    texts: Object.fromEntries(
      [...result.changes].map(([source, changes]) => [source, project.files.get(source)?.edit(changes).text]),
    ),
    left: Object.fromEntries(result.left.map((one) => [placeOf(one), one.reason])),
    fixed: Object.fromEntries(result.fixed.map((one) => [placeOf(one), one])),
    majors: result.majors.map((one) => `${placeOf(one)} ${one.target}`),
  };
}

function knownFacts(name: string, { releases, fixed, affected = [], malicious }: KnownPackage): PackageFacts {
  const ranges =
    fixed === undefined
      ? []
      : [
          [
            { kind: 'introduced', version: '0' },
            { kind: 'fixed', version: fixed },
          ] as const,
        ];
  const one: Advisory = {
    id: malicious === true ? 'MAL-2024-1' : 'PYSEC-2024-1',
    aliases: [],
    modified: '2026-01-01T00:00:00Z',
    summary: '',
    severities: [],
    affected: [{ name: normalizeName(name), versions: affected, ranges }],
    references: [],
  };
  return factsOf(name, [one], releases);
}

function outcomeOf({ subject }: PlacedRequirement, facts: ReadonlyMap<string, PackageFacts>): Outcome {
  if (subject.kind === 'settled') return subject.outcome;
  const { lookup } = subject;
  const known = facts.get(lookup.name) ?? factsOf(lookup.name, [], []);
  const assessment = isPin(lookup) ? assessReleaseFromFacts(lookup, known) : assessVersionRange(lookup, known);
  assert.ok(assessment, lookup.name);
  return { kind: 'assessed', ...assessment, checkedAt: 0 };
}
