import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorCommands } from '../../protocol/ids.ts';
import { configure } from './configure.ts';
import { findingsWhere } from './shownFindings.ts';

describe('rules and secrets in VS Code', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await configure('policy.packages', undefined);
    await configure('policy.licenses', undefined);
    await configure('cache.redisUrl', undefined);
  });

  it('draws what is not wanted, and that a licence is not known where no index is asked', async () => {
    await configure('policy.packages', [{ package: 'pycrypto', reason: 'use cryptography' }]);
    await configure('policy.licenses', { deny: ['AGPL-*'], except: ['pycrypto'] });
    const content = 'pycrypto==2.6.1\nsix==1.16.0\n';
    const document = await vscode.workspace.openTextDocument({ language: 'pip-requirements', content });
    const expected = ['policy-package', 'license-unknown'];
    const drawn = await findingsWhere(document.uri, expected.join(), (codes) =>
      expected.every((code) => codes.includes(code)),
    );
    const rule = drawn.find(({ code }) => code === 'policy-package');
    assert.equal(rule?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(rule.message, /is not allowed by pinwatch\.policy\.packages \(pycrypto\)\. use cryptography\./u);
    await configure('policy.packages', undefined);
    await findingsWhere(document.uri, 'no rule', (codes) => !codes.includes('policy-package'));
  });

  it('asks for the password of the team cache, and an empty one is the end of it', async () => {
    await configure('cache.redisUrl', 'redis://127.0.0.1:9');
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
