import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { URI } from 'vscode-uri';
import { serverCommands } from '../../protocol/ids.ts';
import type { RescanResult } from '../../protocol/messages.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { fileId } from '../../server/src/project/fileId.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const spellings = {
  'as VS Code does': (file: string): string => URI.file(file).toString(),
  'as Node does': (file: string): string => pathToFileURL(file).href,
};
const asVsCode = spellings['as VS Code does'];

/** Nobody is asked, and everything is read from the real disk. */
function onRealDisk(): FakeEnvironment {
  const environment = new FakeEnvironment();
  const { files, createIgnoreReader } = nodeEnvironment('1.2.3', '');
  return Object.assign(environment, { files, createIgnoreReader });
}

describe('language server, which file is it', () => {
  let root: string;
  let environment: FakeEnvironment;
  let client: TestClient | undefined;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-identity-')));
    environment = onRealDisk();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.scanner.truth.set('flask==0.5', assessed([finding({ id: 'CVE-9', aliases: [], records: ['CVE-9'] })]));
  });
  afterEach(async () => {
    await client?.stop();
    client = undefined;
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, text: string): string => {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  async function start(options: ClientOptions): Promise<TestClient> {
    client = await TestClient.start(environment, { findings: true, ...options });
    return client;
  }
  /** What an editor shows of requirements files: the number of diagnostics, by each spelling that they were sent under. */
  const shown = (): Record<string, number> => {
    const last = new Map((client?.published ?? []).map(({ uri, diagnostics }) => [uri, diagnostics.length]));
    return Object.fromEntries([...last].filter(([uri, count]) => count > 0 && !uri.endsWith('.toml')));
  };
  const waitForShown = (expected: Record<string, number>): Promise<true> =>
    client?.waitFor(`${JSON.stringify(expected)}, shown: ${JSON.stringify(shown())}`, () => {
      environment.timers.elapse(500);
      const sorted = (all: Record<string, number>): string => JSON.stringify(Object.entries(all).sort());
      return sorted(shown()) === sorted(expected) ? (true as const) : undefined;
    }) ?? Promise.reject(new Error('not started'));

  for (const [how, spell] of Object.entries(spellings)) {
    for (const name of ['plain', 'c++', 'ws (1) @ c++', 'a&b=c', 'é 日本', '100%', "it's, $5; [x]!"]) {
      it(`in a folder ${name}, spelled ${how}`, async () => {
        const main = write(`${name}/requirements.txt`, '-r base.req\ndjango==3.2.0\n');
        const base = write(`${name}/base.req`, 'flask==0.5\n');
        const svc = write(`${name}/svc/requirements.txt`, 'flask==0.5\n');
        write(`${name}/osv-scanner.toml`, '[[IgnoredVulns]]\nid = "CVE-9"\nreason = "off"\n');
        const mainUri = spell(main);
        const started = await start({
          folders: [spell(path.join(root, name))],
          capabilities: { workspace: { workspaceFolders: true } },
        });
        await started.open(mainUri, '-r base.req\ndjango==3.2.0\n');
        await waitForShown({ [mainUri]: 1 });

        const counts = await started.execute<RescanResult>(serverCommands.rescan);
        assert.deepEqual([counts.files, counts.requirements, counts.vulnerable, counts.unread], [3, 3, 1, undefined]);
        await waitForShown({ [mainUri]: 1 });
        await started.waitFor('the list', () => {
          environment.timers.elapse(200);
          const last = started.findings.at(-1);
          return last?.files === 3 && last.vulnerable.every(({ uri }) => uri === mainUri) ? true : undefined;
        });

        const one = await started.execute<RescanResult>(serverCommands.rescan, { uris: [mainUri] });
        assert.equal(one.files, 1);

        writeFileSync(svc, 'django==3.2.0\n');
        await started.changeOnDisk(spell(svc));
        await waitForShown({ [mainUri]: 1, [asVsCode(svc)]: 1 });
        writeFileSync(base, 'django==3.2.0\n');
        await started.changeOnDisk(spell(base));
        await waitForShown({ [mainUri]: 1, [asVsCode(svc)]: 1, [asVsCode(base)]: 1 });

        const svcUri = spell(svc);
        await started.open(svcUri, 'django==3.2.0\n');
        await waitForShown({ [mainUri]: 1, [svcUri]: 1, [asVsCode(base)]: 1 });
        await started.close(svcUri);
        rmSync(svc);
        await started.changeOnDisk(spell(svc));
        await waitForShown({ [mainUri]: 1, [asVsCode(base)]: 1 });
        const spelled = new Set(started.published.map(({ uri }) => uri));
        const files = new Set([...spelled].map(fileId));
        const twice = [...files].filter((id) => [...spelled].filter((uri) => fileId(uri) === id).length > 1);
        assert.deepEqual(
          twice,
          svcUri === asVsCode(svc) ? [] : [fileId(svcUri)],
          'but for the one that was opened later',
        );
      });
    }
  }
});
