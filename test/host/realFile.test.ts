import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { extensionId } from '../../protocol/ids.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';

interface ReportedFinding {
  readonly id: string;
}

interface Report {
  readonly files: readonly {
    readonly requirements: readonly {
      readonly normalizedName: string;
      readonly line: number;
      readonly outcome: string;
      readonly findings: readonly ReportedFinding[];
    }[];
  }[];
}

/** A large file of a public repository against the real records, where they are at hand beside the repository. */
describe('a real file of more than 500 pins', () => {
  const extension = vscode.extensions.getExtension(extensionId)?.extensionPath ?? '';
  const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(extension, '../shared');
  const files = path.join(shared, 'requirements-corpus/files.jsonl.gz');
  const records = path.join(shared, 'osv-pypi/records.jsonl.gz');
  let service: OsvService | undefined;

  before(async function () {
    if (!existsSync(files) || !existsSync(records)) {
      console.log(`skipped: ${files} or ${records} is not there`);
      this.skip();
    }
    this.timeout(60_000);
    service = await startOsvService({ records: [records] });
    await setUrl(service.url);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await setUrl(undefined);
    await setGrouping(undefined);
    await service?.close();
  });

  it('shows what the command line reports, with one batch and one request for each vulnerable package', async function () {
    this.timeout(60_000);
    assert.ok(service !== undefined);
    // The other tests' files are asked about at the new address first; until then the old one may still be in use.
    await service.waitFor((traffic) => traffic.requests.querybatch > 0, 20_000);
    await vscode.commands.executeCommand('pinwatch.rescanWorkspace');
    const held = new Set(packagesAskedWhole(service));
    service.reset();
    // The file is asked about as soon as it is on disk; what the command line asks is counted elsewhere.
    const uri = writeRequirements(largestPinned(files));
    await setGrouping('advisory');
    await show(uri);
    const other = await startOsvService({ records: [records] });
    const report = await scan(other.url, uri.fsPath).finally(() => other.close());

    const requirements = report.files[0]?.requirements ?? [];
    assert.ok(requirements.filter(({ outcome }) => outcome === 'assessed').length >= 500);
    const expected = requirements.flatMap(({ line, findings }) => findings.map(({ id }) => `${line} ${id}`));
    assert.ok(expected.length > 0, 'the file has findings');
    await published(uri, expected.length);
    const drawn = findingsOf(uri).map(({ range, code }) => `${range.start.line + 1} ${idOf(code)}`);
    assert.deepEqual(drawn.sort(), [...expected].sort());

    // One question for all the advisories of a package costs less than one for each of them.
    const vulnerable = new Set(
      requirements.flatMap(({ normalizedName, findings }) => (findings.length > 0 ? [normalizedName] : [])),
    );
    const news = [...vulnerable].filter((name) => !held.has(name));
    const asked = packagesAskedWhole(service);
    assert.deepEqual(
      news.filter((name) => !asked.includes(name)),
      [],
    );
    assert.equal(new Set(asked).size, asked.length, 'each package is asked about once');
    assert.equal(service.traffic.requests.querybatch, 1);
    const figures = { pins: requirements.length, findings: expected.length, packages: vulnerable.size };
    console.log(`real file: ${JSON.stringify(figures)}, requests ${JSON.stringify(service.traffic.requests)}`);

    service.reset();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await show(uri);
    await published(uri, expected.length);
    assert.equal(service.traffic.log.length, 0, 'nothing is asked when the file is opened again');

    await setGrouping(undefined);
    await published(uri, requirements.filter(({ findings }) => findings.length > 0).length);
    const lines = findingsOf(uri).map(({ range }) => range.start.line);
    assert.equal(new Set(lines).size, lines.length, 'one problem for each requirement');
  });
});

/** Names in the questions for one package alone, in the order asked. */
function packagesAskedWhole({ traffic }: OsvService): readonly string[] {
  return traffic.log.flatMap(({ route, queries }) => (route === 'query' ? queries.map(({ name = '' }) => name) : []));
}

/** The file with the most lines that pin a version. */
function largestPinned(corpus: string): string {
  const texts = gunzipSync(readFileSync(corpus))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as { readonly text?: string }).text ?? [])
    // Includes would lead to files that are not here.
    .filter((text) => !/^-[rc]/mu.test(text));
  const pins = (text: string): number => text.match(/^[A-Za-z0-9._-]+(\[.*\])?\s*==\s*\d/gmu)?.length ?? 0;
  const [largest] = texts.sort((a, b) => pins(b) - pins(a));
  assert.ok(largest !== undefined && pins(largest) >= 500, 'the corpus has a file of 500 pins');
  return largest;
}

function writeRequirements(text: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder.uri, 'requirements-real.txt');
  writeFileSync(uri.fsPath, text);
  return uri;
}

async function show(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

async function scan(url: string, file: string): Promise<Report> {
  const cli = path.join(vscode.extensions.getExtension(extensionId)?.extensionPath ?? '', 'dist/cli.js');
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const run = promisify(execFile)(process.execPath, [cli, 'scan', '--format', 'json', '--osv-url', url, file], options);
  // Exit code 1 says that there are findings.
  const { stdout } = await run.catch((error: { readonly code: number; readonly stdout: string }) => error);
  return JSON.parse(stdout) as Report;
}

function findingsOf(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, code }) => source === 'pinwatch' && typeof code === 'object');
}

function idOf(code: vscode.Diagnostic['code']): string {
  return typeof code === 'object' ? String(code.value) : '';
}

function published(uri: vscode.Uri, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (findingsOf(uri).length === count) {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      }
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`${findingsOf(uri).length} findings instead of ${count}`));
    }, 20_000);
    look();
  });
}

async function setUrl(url: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('pinwatch').update('osv.url', url, vscode.ConfigurationTarget.Global);
}

async function setGrouping(grouping: 'advisory' | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('pinwatch')
    .update('diagnostics.grouping', grouping, vscode.ConfigurationTarget.Global);
}
