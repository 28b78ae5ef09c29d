import assert from 'node:assert/strict';
import type { Connection } from 'vscode-languageserver';
import { serverCommands } from '../../protocol/ids.ts';
import { reportMethod } from '../../protocol/messages/report.ts';
import { editorFormatIds } from '../../server/src/core/report/formats.ts';
import { createScanScope } from '../../server/src/hosts/node/process/scanScope.ts';
import { withPlainConsole } from '../../server/src/lsp/plainConsole.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';
import { linesWith, plantedSecret, secretAddresses } from '../support/plantedSecrets.ts';
import { manifestsWith } from '../support/secretManifests.ts';

describe('secrets in the language server', () => {
  const uri = 'file:///project/requirements.txt';
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    client = await TestClient.start(environment, {
      folders: ['file:///project'],
      settings: { diagnostics: { severity: { notAssessed: 'information' } } },
    });
  });
  afterEach(() => client.stop());

  for (const address of secretAddresses) {
    it(`are in nothing that the client gets of ${JSON.stringify(address)}`, async () => {
      const lines = linesWith(address);
      const text = `${lines.join('\n')}\ndjango==3.2.0 # ${address}\n`;
      const last = text.split('\n').length - 2;
      await client.open(uri, text);
      await client.waitForStatus('the answers', ({ state, vulnerable }) => state !== 'scanning' && vulnerable === 1);
      const range = { start: { line: 0, character: 0 }, end: { line: last, character: 13 } };
      const answers: unknown[] = [
        await client.ask('textDocument/documentSymbol', uri),
        await client.ask('textDocument/documentLink', uri),
        await client.ask('textDocument/codeLens', uri),
        await client.ask('textDocument/foldingRange', uri),
        await client.ask('textDocument/inlayHint', uri, { range }),
        await client.ask('textDocument/codeAction', uri, { range, context: { diagnostics: client.diagnostics(uri) } }),
        await client.execute(serverCommands.statistics),
        await client.execute(serverCommands.sentData),
      ];
      for (let line = 0; line <= last; line++) {
        for (const character of [0, 4, 8]) answers.push(await client.hover(uri, line, character));
      }
      for (const format of editorFormatIds) {
        answers.push(await client.request(reportMethod, { format }));
      }
      assertNothingSaid(answers);
    });
  }

  for (const address of secretAddresses) {
    it(`are in nothing that the client gets of ${JSON.stringify(address)} in manifests of any kind`, async () => {
      const answers: unknown[] = [];
      const files = Object.entries(manifestsWith(address));
      for (const [name, text] of files) await client.open(`file:///project/${name}`, text);
      await client.open(uri, 'django==3.2.0\n');
      await client.waitForStatus('the answers', ({ state, vulnerable }) => state !== 'scanning' && vulnerable === 1);
      for (const [name, text] of files) {
        const own = `file:///project/${name}`;
        const last = text.split('\n').length - 1;
        const range = { start: { line: 0, character: 0 }, end: { line: last, character: 0 } };
        answers.push(
          await client.ask('textDocument/documentSymbol', own),
          await client.ask('textDocument/documentLink', own),
          await client.ask('textDocument/codeLens', own),
          await client.ask('textDocument/inlayHint', own, { range }),
          await client.ask('textDocument/codeAction', own, {
            range,
            context: { diagnostics: client.diagnostics(own) },
          }),
        );
        for (let line = 0; line <= last; line++) {
          for (const character of [3, 12, 30]) answers.push(await client.hover(own, line, character));
        }
      }
      for (const format of editorFormatIds) answers.push(await client.request(reportMethod, { format }));
      assertNothingSaid(answers);
    }).timeout(60_000);
  }

  function assertNothingSaid(answers: readonly unknown[]): void {
    const { published, statuses, findings, logged, messages } = client;
    for (const one of [...answers, published, statuses, findings, logged, messages]) {
      const said = JSON.stringify(one) ?? '';
      const at = said.indexOf(plantedSecret);
      assert.equal(at, -1, said.slice(Math.max(0, at - 300), at + 100));
    }
    const asked = JSON.stringify(environment.scanner.questions.map(({ pins }) => pins));
    assert.ok(!asked.includes(plantedSecret), asked);
  }

  it('are not in the log, whoever writes it, nor what controls a terminal', () => {
    const said: string[] = [];
    const console = { error: (message: string) => void said.push(message) };
    const connection = withPlainConsole({ console } as unknown as Connection, {
      format: 'text',
      scans: createScanScope(),
      clock: { now: () => 0 },
    });
    connection.console.error(`Error: https://user:${plantedSecret}@host.example \u001b[2J\n  at a (b.ts:1)`);
    assert.deepEqual(said, ['Error: https://***@host.example  [2J\nat a (b.ts:1)']);
  });
});
