import type { PackageName } from '../core/packages/packageName.ts';
import type { FileReport } from '../core/assessment/fileReport.ts';
import { type FixableFile, type FixedFiles, type FixedRequirement, fixFiles } from '../core/fixes/fixFiles.ts';
import { hasHashes } from '../core/fixes/hashEdit.ts';
import { compiledBy } from '../core/fixes/compiledBy.ts';
import { applyEdits } from '../core/manifests/pip/edit/applyEdits.ts';
import { constraintFilesIn } from '../core/manifests/includeGraph.ts';
import { resolveInclude } from '../core/manifests/pip/parse/includePath.ts';
import { releaseFiles } from '../engine/index/releaseFiles.ts';
import type { FoundInputs, Input } from './inputs.ts';
import type { CliEngine, CliIo } from './io.ts';
import type { CliLog } from './stderrLog.ts';

/**
 * Writes the nearest fix of everything vulnerable into the files that were scanned, and says on standard error what was
 * changed and what was not, and why. Returns the files that are other ones now.
 */
export async function fixInputs(
  found: FoundInputs,
  reports: readonly FileReport[],
  engine: CliEngine,
  io: CliIo,
  log: CliLog,
  signal = io.signal,
): Promise<ReadonlySet<string>> {
  const files = fixableFiles(found, reports);
  const { scanner, index } = engine;
  const filesOf = signal.aborted
    ? undefined
    : await releaseFiles(namesWithHashes(files), { scanner, index, signal }).catch(() => undefined);
  if (filesOf === undefined) {
    log.warn('no file was changed: the scan was interrupted');
    return new Set();
  }
  const plan = fixFiles(files, filesOf);
  const faults = await writeAll(found, plan, io);
  faults.forEach((fault) => log.error(fault));
  const done = plan.fixed.filter(({ changedIn }) => changedIn.every((path) => !faults.has(path)));
  for (const one of done) {
    log.info(fixedText(one));
    if (one.todo !== undefined) {
      log.warn(`${one.source}:${one.line + 1}: ${one.name} is not fixed yet. ${one.todo}`);
    }
  }
  for (const { source, line, name, from, reason } of plan.left) {
    log.warn(`${source}:${line + 1}: ${`${name} ${from}`.trim()} was left as it is: ${reason}`);
  }
  const left = plan.left.length + plan.fixed.length - done.length;
  const changed = plan.changes.size - faults.size;
  log.info(
    `${done.length} fixed in ${changed === 1 ? '1 file' : `${changed} files`}${left === 0 ? '' : `, ${left} left as ${left === 1 ? 'it was' : 'they were'}`}`,
  );
  return new Set([...plan.changes.keys()].filter((path) => !faults.has(path)));
}

function fixableFiles({ inputs, edges }: FoundInputs, reports: readonly FileReport[]): readonly FixableFile[] {
  const constraintFilesOf = constraintFilesIn(edges);
  const sourced = inputs.map(({ path, file }) => ({ source: path, file }));
  return inputs.map(({ path, file }) => {
    const constraining = constraintFilesOf(path);
    const compiledFrom = (compiledBy(file)?.sources ?? []).flatMap((name) => sourceOf(path, name, inputs) ?? []);
    const requirements = reports.find((report) => report.path === path)?.requirements ?? [];
    return {
      source: path,
      file,
      requirements: requirements.map((requirement) => ({ requirement, outcome: requirement.outcome })),
      constraints: sourced.filter(({ source }) => constraining.includes(source)),
      sources: sourced.filter(({ source }) => compiledFrom.includes(source)),
    };
  });
}

/** The compiler was run beside the file, or in a folder above it. */
function sourceOf(path: string, name: string, inputs: readonly Input[]): string | undefined {
  for (let base = path; ; base = base.slice(0, base.lastIndexOf('/'))) {
    const source = resolveInclude(base, name);
    if (source !== path && inputs.some((input) => input.path === source)) {
      return source;
    }
    if (!base.includes('/')) {
      return undefined;
    }
  }
}

/** The vulnerable packages that some file pins with hashes. */
function namesWithHashes(files: readonly FixableFile[]): readonly PackageName[] {
  const names = new Set<PackageName>();
  for (const { requirements } of files) {
    for (const { requirement, outcome } of requirements) {
      if (outcome.kind === 'assessed' && outcome.findings.length > 0 && requirement.subject.kind === 'lookup') {
        names.add(requirement.subject.lookup.name);
      }
    }
  }
  return [...names].filter((name) => files.some(({ file }) => hasHashes(file, name)));
}

/** Why files could not be written, by path. */
async function writeAll(
  { inputs, withinFor }: FoundInputs,
  { changes }: FixedFiles,
  io: CliIo,
): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  for (const [path, own] of changes) {
    const file = inputs.find((input) => input.path === path)?.file;
    if (file !== undefined) {
      const result = await io.changeFile(path, file.text, applyEdits(file, own).text, withinFor(path));
      if ('error' in result) {
        faults.set(path, result.error);
      }
    }
  }
  return faults;
}

function fixedText({ source, line, name, from, target, verified, changedIn }: FixedRequirement): string {
  const elsewhere = changedIn.filter((path) => path !== source);
  const where = elsewhere.length === 0 ? '' : ` in ${elsewhere.join(', ')}`;
  const note = verified ? '' : ' (not checked against a package index)';
  return `${source}:${line + 1}: ${`${name} ${from}`.trim()} changed to ${target}${where}${note}`;
}
