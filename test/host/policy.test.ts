import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorCommands } from '../../protocol/ids.ts';

describe('rules and secrets in VS Code', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await set('policy.packages', undefined);
    await set('policy.licenses', undefined);
    await set('cache.redisUrl', undefined);
  });

  it('draws what is not wanted, and that a licence is not known where no index is asked', async () => {
    await set('policy.packages', [{ package: 'pycrypto', reason: 'use cryptography' }]);
    await set('policy.licenses', { deny: ['AGPL-*'], except: ['pycrypto'] });
    const content = 'pycrypto==2.6.1\nsix==1.16.0\n';
    const document = await vscode.workspace.openTextDocument({ language: 'pip-requirements', content });
    const drawn = await found(document.uri, (list) =>
      ['policy-package', 'license-unknown'].every((code) => has(list, code)),
    );
    const rule = drawn.find(({ code }) => code === 'policy-package');
    assert.equal(rule?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(rule.message, /is not allowed by pinwatch\.policy\.packages \(pycrypto\)\. use cryptography\./u);
    await set('policy.packages', undefined);
    await found(document.uri, (list) => !has(list, 'policy-package'));
  });

  it('asks for the password of the team cache, and an empty one is the end of it', async () => {
    await set('cache.redisUrl', 'redis://127.0.0.1:9');
    let isOver = false;
    const asking = Promise.resolve(vscode.commands.executeCommand(editorCommands.setRedisPassword)).then(
      () => (isOver = true),
    );
    // The box is there some time after the command has begun.
    while (!isOver) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    await asking;
  });
});

const has = (list: readonly vscode.Diagnostic[], code: string): boolean => list.some((one) => one.code === code);

async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('pinwatch').update(key, value, vscode.ConfigurationTarget.Global);
}

function found(
  uri: vscode.Uri,
  holds: (list: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const list = vscode.languages.getDiagnostics(uri);
      if (holds(list)) {
        clearTimeout(timer);
        listening.dispose();
        resolve(list);
      }
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`in vain; last: ${JSON.stringify(vscode.languages.getDiagnostics(uri))}`));
    }, 15_000);
    look();
  });
}
