import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { configure } from './configure.ts';

describe('the network in VS Code', () => {
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await configure('network.transport', undefined);
    await configure('osv.url', undefined);
    await service.close();
  });

  it("sends through the editor's own fetch where the settings say so", async () => {
    await configure('network.transport', 'editor');
    await configure('osv.url', service.url);
    const document = await vscode.workspace.openTextDocument({
      language: 'pip-requirements',
      content: 'requests==2.19.1\n',
    });
    await vscode.window.showTextDocument(document);
    await service.waitFor(({ requests }) => requests.querybatch > 0, 15_000);
    const [request] = service.traffic.log;
    // What fetch adds of its own accord, and undici's other functions do not.
    assert.ok(request?.headers['sec-fetch-mode'], JSON.stringify(request?.headers));
    assert.match(request.headers['user-agent'] ?? '', /^pinwatch\//u);
    await found(document.uri, 1);
  });
});

function found(uri: vscode.Uri, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (vscode.languages.getDiagnostics(uri).length === count) {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      }
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`not ${count}: ${JSON.stringify(vscode.languages.getDiagnostics(uri))}`));
    }, 15_000);
    look();
  });
}
