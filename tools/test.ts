import { parseArgs } from 'node:util';
import { ensureBuildTools } from '../test/vscode/buildTools.ts';
import { findChromium } from '../test/vscode/chromium.ts';
import {
  findVSCode,
  installVSCode,
  unsupportedPlatform,
  type VSCodeVersion,
  vscodeVersions,
} from '../test/vscode/install.ts';
import { installRedis } from './installRedis.ts';
import { onInterrupt } from './onInterrupt.ts';
import { type Stage, type StageResult, testStages } from './testStages.ts';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs the stages in order and says how each went. True when nothing failed. */
async function test(): Promise<boolean> {
  const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const stages = chosenStages(values);
  const withheld = unsupportedPlatform();
  const versions = vscodeVersions.filter((version) => stages.some((stage) => stage.needsVSCode === version));
  if (stages.some((stage) => stage.needsRedis)) await installRedis(console.log);
  // Begun now, so that it goes on beside the stages that need no VS Code.
  const preparation = withheld === undefined ? prepare(versions) : undefined;

  let totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const hasWindows = withheld === undefined && versions.length > 0;
  const beside = stages.filter(({ runsBesideWindows }) => hasWindows && runsBesideWindows === true);
  let besideTotals: Promise<Totals> | undefined;
  for (const stage of stages.filter((one) => !beside.includes(one))) {
    if (stage.needsVSCode !== undefined && hasWindows) besideTotals ??= runAll(beside);
    if (stage.needsVSCode !== undefined && withheld !== undefined) {
      console.log(`- ${stage.name}: skipped, ${withheld}`);
      totals = add(totals, { passed: 0, failed: 0, skipped: 1 });
      continue;
    }
    totals = add(totals, await runStage(stage, preparation));
  }
  if (besideTotals !== undefined) totals = add(totals, await besideTotals);
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  return totals.failed === 0;
}

/** Stages that need no VS Code, one after the other. */
async function runAll(stages: readonly Stage[]): Promise<Totals> {
  let totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) totals = add(totals, await runStage(stage, undefined));
  return totals;
}

function chosenStages({
  fast,
  only,
}: {
  readonly fast: boolean;
  readonly only?: string | undefined;
}): readonly Stage[] {
  const all = testStages().filter((stage) => !fast || stage.needsVSCode === undefined);
  if (only === undefined) return all;
  const chosen = all.filter((stage) => stage.name === only || stage.name.startsWith(`${only}-`));
  if (chosen.length === 0) {
    throw new Error(`No stage is called "${only}". There are: ${all.map((stage) => stage.name).join(', ')}.`);
  }
  const packageToo = chosen.some((stage) => stage.needsPackage);
  return all.filter((stage) => chosen.includes(stage) || (packageToo && stage.name === 'package'));
}

type Preparation = ReadonlyMap<VSCodeVersion, Promise<unknown>>;

function prepare(versions: readonly VSCodeVersion[]): Preparation {
  if (versions.length === 0) return new Map();
  // One apt-get at a time.
  const needed = versions.some((version) => findVSCode(version) === undefined);
  const tools = needed ? ensureBuildTools(console.log).catch(() => {}) : Promise.resolve(); // an install says it again
  const chromium = tools.then(() => findChromium(console.log));
  const preparation = new Map<VSCodeVersion, Promise<unknown>>();
  let before: Promise<unknown> = tools;
  for (const version of versions) {
    // One after the other: both compile, and would only slow each other down.
    const installed = before.then(() => installVSCode(version, console.log));
    before = installed.catch(() => {});
    const ready = Promise.all([chromium, installed]);
    ready.catch(() => {}); // told by the stage that needs it, which may be minutes later
    preparation.set(version, ready);
  }
  return preparation;
}

async function runStage(stage: Stage, preparation: Preparation | undefined): Promise<Totals> {
  let startedMs = Date.now();
  let result: StageResult;
  try {
    if (stage.needsVSCode !== undefined) await preparation?.get(stage.needsVSCode);
    startedMs = Date.now();
    result = await stage.run();
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    result = { passed: 0, failed: 1, skipped: 0, details: [told] };
  }
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  const mark = result.failed === 0 ? '✓' : '✗';
  console.log(`${mark} ${stage.name}: ${result.passed} passed, ${result.failed} failed${skipped} (${seconds} s)`);
  for (const detail of result.details) console.log(detail.replace(/^/gmu, '    '));
  return result;
}

function add(one: Totals, other: Totals): Totals {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

// Ends by way of process.exit, at which everything that was started is ended too.
onInterrupt((exitCode) => process.exit(exitCode));
try {
  process.exitCode = (await test()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
