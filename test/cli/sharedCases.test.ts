import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { failuresOf } from '../support/cases/checkRuns.ts';
import { type CaseRun, readCases, type SharedCase } from '../support/cases/sharedCase.ts';
import { type PackageIndexService, startPackageIndex } from '../support/packageIndexService.ts';

const shared = path.resolve(import.meta.dirname, '../../../shared');
const program = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');
const records = ['records.jsonl.gz', 'derived-ghsa.jsonl.gz'].map((name) => path.join(shared, 'osv-pypi', name));
const folder = path.join(shared, 'cases', 'fix');

type Runs = ReadonlyMap<string, CaseRun>;

describe('the cases beside the repository', function () {
  this.timeout(120_000);
  let osv: OsvService;
  let index: PackageIndexService;
  let root: string;

  before(async function () {
    if (![folder, ...records].every(existsSync)) {
      console.log('skipped: there are no cases beside the repository');
      this.skip();
    }
    osv = await startOsvService({ records });
    index = await startPackageIndex();
    root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-cases-'));
  });
  after(async () => {
    if (osv === undefined) return;
    await Promise.all([osv.close(), index.close()]);
    rmSync(root, { recursive: true });
  });

  /** One run with a report in each of these formats. */
  async function run(one: SharedCase, args: readonly string[], formats: readonly string[]): Promise<Runs> {
    const project = mkdtempSync(path.join(root, 'project-'));
    const reports = mkdtempSync(path.join(root, 'reports-'));
    const input = path.join(one.folder, 'input');
    cpSync(input, project, { recursive: true });
    const indexUrl = one.index === undefined ? 'none' : index.url;
    const service = ['--osv-url', osv.url, '--index-url', indexUrl, '--no-cache'];
    const outputs = formats.flatMap((format) => ['--output', `${format}=${path.join(reports, format)}`]);
    const all = ['scan', ...args, ...service, ...outputs];
    const { code, out, err } = await new Promise<Pick<CaseRun, 'code' | 'out' | 'err'>>((resolve) => {
      const child = execFile(
        process.execPath,
        [program, ...all],
        { cwd: project, maxBuffer: 64 * 1024 * 1024 },
        (_, stdout, stderr) => resolve({ code: child.exitCode, out: stdout, err: stderr }),
      );
    });
    const before = new Set(filesIn(input));
    const added = filesIn(project).filter((file) => !before.has(file));
    const written = [out, ...added.map((file) => readFileSync(path.join(project, file), 'utf8'))];
    return new Map(
      formats.map((format) => {
        const report = readFileSync(path.join(reports, format), 'utf8');
        return [format, { code, out: report, err, folder: project, written }];
      }),
    );
  }

  for (const one of existsSync(folder) ? readCases(folder) : []) {
    it(`${path.basename(one.folder)} has what it wants`, async () => {
      index.setProjects(projectsOf(one));
      for (const { args, formats = ['json'], want } of one.steps) {
        const wanted = formats === 'all' ? reportFormatIds : formats;
        const runs = await run(one, args, [...new Set([...wanted, 'json'])]);
        assert.deepEqual(
          want.flatMap((check) => failuresOf(check, runs, path.join(one.folder, 'input'))),
          [],
        );
      }
    });
  }
});

function filesIn(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [path.relative(root, path.join(entry.parentPath, entry.name))] : [],
  );
}

/** Each release as a wheel and an sdist, a local build as a wheel alone. */
function projectsOf({ index = {} }: SharedCase): Parameters<PackageIndexService['setProjects']>[0] {
  return Object.fromEntries(
    Object.entries(index).map(([name, releases]) => [
      name,
      releases.flatMap((release) => {
        const { v, py } = typeof release === 'string' ? { v: release, py: undefined } : release;
        const python = py === undefined ? {} : { requiresPython: py };
        const wheel = { filename: `${name}-${v}-py3-none-any.whl`, ...python };
        return v.includes('+') ? [wheel] : [wheel, { filename: `${name}-${v}.tar.gz`, ...python }];
      }),
    ]),
  );
}
