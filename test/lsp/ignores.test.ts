import assert from 'node:assert/strict';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import { run } from '../../server/src/cli/run.ts';
import { trustMethod } from '../../protocol/messages/trust.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { FakeIo } from '../support/fakeIo.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/requirements.txt`;
const toml = `${folder}/osv-scanner.toml`;
const ignore = (id: string, more = ''): string => `[[IgnoredVulns]]\nid = "${id}"\nreason = "not reached"\n${more}`;

describe('ignores in the editor', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  async function start(options: ClientOptions = {}): Promise<void> {
    client = await TestClient.start(environment, { folders: [folder], findings: true, ...options });
  }

  const idsOf = ({ code, data }: Diagnostic): readonly unknown[] =>
    (data as { readonly ids?: readonly string[] } | undefined)?.ids ?? [code];
  const codes = (of = uri) => client.diagnostics(of)?.flatMap(idsOf) ?? [];
  const waitForCodes = (of: string, expected: readonly unknown[]) =>
    client.waitForDiagnostics(of, `${of}: ${expected.join(', ')}`, (found) => {
      environment.timers.elapse(200);
      return JSON.stringify(found.flatMap(idsOf)) === JSON.stringify(expected);
    });
  /** Remarks are made after a pause: lets it pass once what was sent before has been handled. */
  const pause = async (): Promise<void> => {
    await client.settle(uri);
    environment.timers.elapse(200);
    await client.settle(uri);
  };

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set(
      'django==3.2.0',
      assessed([finding(), finding({ id: 'CVE-2', aliases: [], records: ['CVE-2'] })]),
    );
  });

  afterEach(() => client.stop());

  it('keep a finding from being drawn and count it apart', async () => {
    environment.disk.set(toml, ignore('PYSEC-2021-109'));
    await start({ settings: { ignore: [{ id: 'CVE-2', reason: 'ours' }] } });
    await client.open(uri, 'django==3.2.0\n');
    const status = await client.waitForStatus('one ignored', ({ ignored }) => ignored === 1);
    assert.deepEqual([status.vulnerable, status.state], [0, 'idle']);
    await waitForCodes(uri, []);
    const hover = await client.hover(uri, 0, 9);
    assert.match(JSON.stringify(hover?.contents), /vulnerabilit/u, 'it is not said to be clean');
    const [lens] = await client.ask<readonly { command: { title: string } }[]>('textDocument/codeLens', uri);
    assert.equal(lens?.command.title, '1 ignored · rescan');
    environment.timers.elapse(200);
    await client.waitFor('the list', () => (client.findings.at(-1)?.ignored === 2 ? true : undefined));
    assert.deepEqual(client.findings.at(-1)?.vulnerable, []);
  });

  it('hold as soon as their file is written, and no longer than it stands', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await waitForCodes(uri, ['CVE-2021-35042', 'CVE-2']);
    const asked = environment.scanner.questions.length;
    environment.disk.set(toml, ignore('CVE-2021-35042'));
    await client.changeOnDisk(toml);
    await waitForCodes(uri, ['CVE-2']);
    environment.disk.delete(toml);
    await client.changeOnDisk(toml);
    await waitForCodes(uri, ['CVE-2021-35042', 'CVE-2']);
    assert.equal(environment.scanner.questions.length, asked, 'nobody was asked');
  });

  it('are read while typing no more: what is typed shows them at once', async () => {
    environment.disk.set(toml, ignore('CVE-2021-35042'));
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await waitForCodes(uri, ['CVE-2']);
    client.published.length = 0;
    await client.edit(uri, 2, 0, 13, 13, ' # typed');
    await client.settle(uri);
    assert.deepEqual(codes(), ['CVE-2']);
    assert.ok(client.published.every(({ diagnostics }) => diagnostics.length === 1));
  });

  it('do not hold for a malicious release by accident; by its own id it is still warned of', async () => {
    const own = finding({ id: 'MAL-2024-1', aliases: ['CVE-1'], records: ['MAL-2024-1'], severity: 'malicious' });
    environment.scanner.truth.set('django==3.2.0', assessed([own]));
    environment.disk.set(toml, ignore('CVE-1'));
    await start();
    await client.open(uri, 'django==3.2.0\n');
    const [loud] = await waitForCodes(uri, ['MAL-2024-1']);
    assert.equal(loud?.severity, 1);
    environment.disk.set(toml, ignore('MAL-2024-1'));
    await client.changeOnDisk(toml);
    const [quiet] = await client.waitForDiagnostics(uri, 'a warning', ([one]) => one?.severity === 2);
    assert.match(JSON.stringify(quiet?.message), /Ignored: not reached\./u);
  });

  it('of an untrusted workspace do not hold, until it is trusted', async () => {
    environment.disk.set(toml, ignore('CVE-2'));
    await start({ initializationOptions: { trusted: false } });
    await client.open(uri, 'django==3.2.0\n');
    await waitForCodes(uri, ['CVE-2021-35042', 'CVE-2']);
    await client.notify(trustMethod, { trusted: true });
    await waitForCodes(uri, ['CVE-2021-35042']);
  });

  it('hold for the files below theirs in the workspace, and the nearest file decides', async () => {
    const inner = `${folder}/app/requirements.txt`;
    environment.disk.set('file:///osv-scanner.toml', ignore('CVE-2021-35042'));
    environment.disk.set(toml, ignore('CVE-2'));
    environment.disk.set(`${folder}/app/osv-scanner.toml`, ignore('CVE-2021-35042'));
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.open(inner, 'django==3.2.0\n');
    await waitForCodes(uri, ['CVE-2021-35042']);
    await waitForCodes(inner, ['CVE-2']);
  });

  describe('that ignore nothing', () => {
    it('are told of in their file once the whole workspace is known, and no longer when mended', async () => {
      environment.disk.set(toml, `${ignore('CVE-2')}${ignore('CVE-9')}`);
      environment.disk.set(uri, 'django==3.2.0\n');
      await start();
      await client.open(uri, 'django==3.2.0\n');
      await waitForCodes(uri, ['CVE-2021-35042']);
      await pause();
      assert.deepEqual(codes(toml), [], 'another file may need it');
      await client.execute('pinwatch.server.rescan');
      await pause();
      const [remark] = await waitForCodes(toml, ['ignore.unused']);
      assert.deepEqual([remark?.severity, remark?.range.start.line], [3, 4]);
      environment.disk.set(toml, ignore('CVE-2'));
      await client.changeOnDisk(toml);
      await pause();
      await pause();
      await waitForCodes(toml, []);
    });

    it('are told of when their day has come', async () => {
      environment.disk.set(toml, ignore('CVE-2', 'ignoreUntil = 2026-11-20\n'));
      await start();
      await client.open(uri, 'django==3.2.0\n');
      await waitForCodes(uri, ['CVE-2021-35042', 'CVE-2']);
      await pause();
      await waitForCodes(toml, ['ignore.expired']);
    });

    it('since they cannot be read are warned of', async () => {
      environment.disk.set(toml, 'IgnoredVulns = nothing');
      await start();
      await client.open(uri, 'django==3.2.0\n');
      await waitForCodes(uri, ['CVE-2021-35042', 'CVE-2']);
      await pause();
      const [remark] = await waitForCodes(toml, ['ignore.unreadable']);
      assert.equal(remark?.severity, 2);
    });
  });

  it('are the same in the report of the editor and on the command line', async () => {
    const vulnerable = { summary: 'SQL injection', severity: [] };
    const text = `${ignore('PYSEC-2021-109')}${ignore('CVE-2', 'ignoreUntil = 2026-11-20\n')}${ignore('CVE-9')}`;
    const io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', { ...vulnerable, aliases: ['CVE-2021-35042'] });
    io.source.add('django==3.2.0', 'CVE-2', vulnerable);
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    io.disk.set('osv-scanner.toml', text);
    assert.equal(await run(['scan', 'requirements.txt', '--format', 'json'], io), 1);
    environment.disk.set(uri, 'django==3.2.0\n');
    environment.disk.set(toml, text);
    await start();
    const answer = await client.request<{ text: string }>('pinwatch/report', { format: 'json' });
    assert.deepEqual(ignoredIn(answer.text), ignoredIn(io.out));
    assert.deepEqual(ignoredIn(io.out).remarks, [
      'osv-scanner.toml:5 ignore.expired',
      'osv-scanner.toml:9 ignore.unused',
    ]);
  });
});

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly requirements: readonly {
      readonly findings: readonly { readonly id: string; readonly ignored: object | null }[];
    }[];
    readonly problems: readonly { readonly line: number; readonly code: string }[];
  }[];
  readonly summary: { readonly ignored: number };
}

function ignoredIn(json: string): { readonly ignored: readonly unknown[]; readonly remarks: readonly string[] } {
  const { files } = JSON.parse(json) as Report;
  const findings = files.flatMap(({ requirements }) => requirements.flatMap((requirement) => requirement.findings));
  return {
    ignored: findings.map(({ id, ignored }) => [id, ignored]).sort(),
    remarks: files.flatMap(({ path, problems }) => problems.map(({ line, code }) => `${path}:${line} ${code}`)),
  };
}
