import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../../../server/src/core/assessment/outcome.ts';
import type { PlacedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import type { FilesEdit } from '../../../../server/src/core/fixes/fixEdit.ts';
import type { FixPlan } from '../../../../server/src/core/fixes/fixPlan.ts';
import { planFixes } from '../../../../server/src/core/fixes/planFixes.ts';
import { pythonsOf, pythonsByMinor } from '../../../../server/src/core/markers/pythons.ts';
import { intersect } from '../../../../server/src/core/versions/versionSet.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { lastFirst } from '../../../../server/src/core/manifests/rewrite.ts';
import { assessedProject, fixedProject, type FixRun } from '../../../support/fixProject.ts';
import { type PipMachine, type PipResolver, startPipResolver } from '../../../support/pip/pipResolver.ts';
import { knownPackages, randomNowMs, randomProject } from '../../../support/pip/randomProject.ts';

// More of them, or one again: PIP_RUNS=500 PIP_SEED=7.
const runs = Number(process.env['PIP_RUNS'] ?? 30);
const seed = Number(process.env['PIP_SEED'] ?? 1);

/** What a project may say that it is for, and where somebody may install it. */
const demands = [undefined, '>=3.8', '==3.11.*', '>=3.7,<3.12'] as const;
const machines: readonly PipMachine[] = [
  { python: '3.7', platform: 'linux' },
  { python: '3.11', platform: 'linux' },
  { python: '3.12', platform: 'win32' },
];

describe('fixes, as pip itself sees them', () => {
  let pip: PipResolver | undefined;

  before(function () {
    this.timeout(20_000);
    pip = startPipResolver();
    if (pip === undefined) {
      console.log('skipped: there is no python3 with pip 23 or newer');
      this.skip();
    }
  });

  after(async function () {
    this.timeout(120_000);
    await pip?.close();
  });

  it('never lead to a conflict, down, or to what is vulnerable, all at once', async function () {
    this.timeout(36_000_000);
    let changed = 0;
    await check(resolver(), async (project) => {
      const { files, run, packages } = project;
      const known = knownPackages(packages);
      const before = await fixedProject(files, known, run);
      if (Object.keys(before.texts).length === 0) return;
      changed++;
      await project.stillInstalls(before.texts);
      assertNotWorse(project, before.verdicts, (await fixedProject(project.with(before.texts), known, run)).verdicts);
    });
    assert.ok(changed > runs / 4, `${changed} of ${runs} projects were changed`);
  });

  it('never do so one by one, as the light bulb offers them', async function () {
    this.timeout(36_000_000);
    let offers = 0;
    await check(resolver(), async (project) => {
      const { files, run, packages } = project;
      const known = knownPackages(packages);
      const before = await fixedProject(files, known, run);
      const assessed = await assessedProject(files, known, run);
      const seen = new Set<string>();
      for (const { source, requirements } of assessed.files) {
        for (const { requirement, outcome } of requirements) {
          for (const plan of offersFor({ source, requirement, outcome }, assessed.context)) {
            if (plan.edit.kind === 'disabled') continue;
            const texts = textsOf(assessed.project.files, plan.edit);
            const key = JSON.stringify([texts, plan.todo]);
            if (seen.has(key)) continue;
            seen.add(key);
            offers++;
            const line = `${source}:${requirement.range.start.line + 1}`;
            const what = `${line} ${plan.kind} ${plan.target}`;
            await project.stillInstalls(texts, plan, what);
            const { verdicts } = await fixedProject(project.with(texts), known, run);
            assertNotWorse(project, before.verdicts, verdicts, what);
            const { verdict } = verdicts.get(line) ?? assert.fail(line);
            const isBetter = outcome.kind === 'assessed' && isLess(verdict, outcome.verdict);
            assert.ok(plan.todo !== undefined || isBetter, `${what}: ${verdict} afterwards`);
          }
        }
      }
    });
    assert.ok(offers > runs / 4, `${offers} offers in ${runs} projects`);
  });

  function resolver(): PipResolver {
    assert.ok(pip);
    return pip;
  }
});

interface Trial {
  readonly files: Readonly<Record<string, string>>;
  readonly packages: Parameters<typeof knownPackages>[0];
  readonly run: FixRun;
  with(texts: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>>;
  /** On every machine that the project is for; on others only where the plan says that they cannot install it. */
  stillInstalls(texts: Readonly<Record<string, string | undefined>>, plan?: FixPlan, what?: string): Promise<void>;
}

async function check(pip: PipResolver, holds: (trial: Trial) => Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      randomProject(),
      fc.constantFrom(...demands),
      fc.constantFrom(0, 30),
      async ({ files, packages }, python, minimumReleaseAgeDays) => {
        const run: FixRun = {
          ...(python === undefined ? {} : { python }),
          policy: { minimumReleaseAgeDays, nowMs: randomNowMs },
        };
        pip.setIndex(Object.fromEntries(packages.map(({ name, releases }) => [name, releases])));
        const edited = (texts: Readonly<Record<string, string | undefined>>) =>
          ({ ...files, ...texts }) as Readonly<Record<string, string>>;
        const installed = new Map<string, Promise<boolean>>();
        const before = (file: string, on: PipMachine): Promise<boolean> => {
          const key = JSON.stringify([file, on]);
          const found = installed.get(key) ?? pip.canInstall(files, file, on);
          installed.set(key, found);
          return found;
        };
        const trial: Trial = {
          files,
          packages,
          run,
          with: edited,
          stillInstalls: async (texts, plan, what = '') => {
            for (const file of installable(files, texts)) {
              for (const on of machines) {
                if (!isFor(on, python) || isSaidToBeLost(on, plan)) continue;
                if (!(await before(file, on)) || (await pip.canInstall(edited(texts), file, on))) continue;
                assert.fail(`${file} could be installed on ${on.python} ${on.platform}, and now it cannot: ${what}`);
              }
            }
          },
        };
        try {
          await holds(trial);
        } catch (error) {
          const shownFiles = Object.entries(files).map(([name, text]) => `[${name}]\n${text}`);
          throw new Error(
            `${String(error)}\nfor ${python ?? 'every Python'}, age ${minimumReleaseAgeDays}\n${shownFiles.join('')}`,
            { cause: error },
          );
        }
      },
    ),
    { numRuns: runs, seed, endOnFailure: runs > 25 },
  );
}

/** What somebody installs: no constraints alone, and no output that is to be compiled again. */
function installable(
  files: Readonly<Record<string, string>>,
  texts: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const changed = Object.keys(texts);
  return Object.keys(files).filter(
    (file) =>
      !/^(?:limits|fixed)/u.test(file) && !(file.endsWith('.txt') && changed.includes(file.replace(/txt$/u, 'in'))),
  );
}

function isFor({ python }: PipMachine, demand: string | undefined): boolean {
  return demand === undefined || meets(python, demand);
}

/** Where nobody says what a project is for, the title names what the release needs. */
function isSaidToBeLost({ python }: PipMachine, plan: FixPlan | undefined): boolean {
  return plan?.requiresPython !== undefined && !meets(python, plan.requiresPython);
}

function meets(python: string, requiresPython: string): boolean {
  return (
    intersect(
      pythonsOf(requiresPython),
      pythonsByMinor((minor) => minor === python),
    ).length > 0
  );
}

interface Subject {
  readonly source: string;
  readonly requirement: PlacedRequirement;
  readonly outcome: Outcome;
}

function offersFor(
  { source, requirement, outcome }: Subject,
  context: Parameters<typeof planFixes>[1],
): readonly FixPlan[] {
  if (outcome.kind !== 'assessed' || outcome.findings.length === 0) return [];
  const found = planFixes({ source, requirement, outcome }, context);
  return found.kind === 'plans' ? found.plans : found.outside === undefined ? [] : [found.outside];
}

function isLess(verdict: string, than: string): boolean {
  const order = ['clean', 'possiblyVulnerable', 'vulnerable'];
  return order.includes(verdict) && order.indexOf(verdict) < order.indexOf(than);
}

function textsOf(
  files: ReadonlyMap<string, { edit(changes: readonly never[]): { readonly text: string } }>,
  edit: Extract<FilesEdit, { readonly kind: 'edit' }>,
): Readonly<Record<string, string | undefined>> {
  const sources = [...new Set(edit.edits.map(({ source }) => source))];
  return Object.fromEntries(
    sources.map((source) => {
      const changes = edit.edits.filter((one) => one.source === source).flatMap((one) => one.changes);
      return [source, files.get(source)?.edit(lastFirst(changes) as never).text];
    }),
  );
}

type Verdicts = Awaited<ReturnType<typeof fixedProject>>['verdicts'];

function assertNotWorse({ files, run }: Trial, before: Verdicts, after: Verdicts, what = ''): void {
  const lineAt = (place: string): string => {
    const [file = '', line] = place.split(':');
    return files[file]?.split('\n')[Number(line) - 1] ?? '';
  };
  for (const [place, { verdict, requirement }] of after) {
    const old = before.get(place);
    assert.ok(old, place);
    // A line for Pythons that nobody installs or compiles it on may contradict the others.
    const isDead = lineAt(place).includes('python_version') && (run.python !== undefined || /^[^:]*\.in:/u.test(place));
    const isClean = verdict === 'clean' || (isDead && verdict === 'skipped');
    assert.ok(old.verdict !== 'clean' || isClean, `newly ${verdict}: ${place} ${what}`);
    const isAssessed = !['skipped', 'failed'].includes(verdict) || old.verdict === verdict;
    assert.ok(isAssessed || isDead, `not assessed: ${place} ${what}`);
    const [from, to] = [old.requirement.version, requirement.version].map((one) => parseVersion(one ?? ''));
    assert.ok(from === undefined || to === undefined || from.key <= to.key, `downgraded: ${place} ${what}`);
  }
}
