import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  createProtocolConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/serverMain.ts');

/** The server as any LSP editor starts it: a process, standard input and output, settings in the first message. */
describe('language server over stdio', function () {
  this.timeout(20_000);
  let service: OsvService;
  let child: ChildProcess;
  let connection: ProtocolConnection;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
    child = spawn(process.execPath, [main, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    assert.ok(child.stdin && child.stdout);
    connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.listen();
  });

  after(async () => {
    child.kill();
    connection.dispose();
    await service.close();
  });

  it('refuses what is asked before it is initialized, as the protocol has it', async () => {
    const hover = { textDocument: { uri: 'file:///p/requirements.txt' }, position: { line: 0, character: 0 } };
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: 'file:///p/early.txt', languageId: 'plaintext', version: 1, text: 'django==3.2.0\n' },
    });
    await assert.rejects(connection.sendRequest('textDocument/hover', hover), { code: -32002 });
    await assert.rejects(connection.sendRequest('shutdown'), { code: -32002 });
  });

  it('checks a document and ends when told so', async () => {
    await assert.rejects(connection.sendRequest('initialize', null), { code: -32602 });
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      initializationOptions: { settings: { pinwatch: { osv: { url: service.url } } } },
    });
    await connection.sendNotification('initialized', {});
    const published = new Promise<PublishDiagnosticsParams>((resolve) => {
      connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
        if (params.diagnostics.length > 0) {
          resolve(params);
        }
      });
    });
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: 'file:///p/requirements.txt', languageId: 'plaintext', version: 4, text: 'django==3.2.0\n' },
    });
    const { diagnostics, version } = await published;
    assert.equal(version, 4);
    assert.deepEqual(
      diagnostics.map(({ code, source, severity }) => [code, source, severity]),
      [['CVE-2021-35042', 'pinwatch', 1]],
    );
    await assert.rejects(connection.sendRequest('initialize', { capabilities: {} }), { code: -32600 });
    await connection.sendRequest('shutdown');
    await assert.rejects(connection.sendRequest('workspace/executeCommand', { command: 'x' }), { code: -32600 });
    const ended = once(child, 'exit');
    await connection.sendNotification('exit');
    const [code] = (await ended) as [number];
    assert.equal(code, 0);
  });
});
