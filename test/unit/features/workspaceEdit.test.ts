import assert from 'node:assert/strict';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { fileName, workspaceEdit } from '../../../server/src/features/actions/workspaceEdit.ts';

const everything = { documentChanges: true, changeAnnotations: true };

describe('an edit of several files', () => {
  const document = (uri: string, version: number | null) => ({
    document: { uri, version, file: pipKind.parse('a\r\n🦉==1\n') },
    changes: [{ start: 7, end: 8, text: '2' }],
  });
  const changes = [document('file:///w/a.txt', 3), document('file:///w/b.txt', null)];
  const options = { here: 'file:///w/a.txt', label: 'Change it', abilities: everything };

  it('counts lines and UTF-16 units as the client does', () => {
    const [first] = workspaceEdit(changes, options).documentChanges ?? [];
    assert.ok(first && 'textDocument' in first);
    assert.deepEqual(first.textDocument, { uri: 'file:///w/a.txt', version: 3 });
    const range = { start: { line: 1, character: 4 }, end: { line: 1, character: 5 } };
    assert.deepEqual(first.edits, [{ range, newText: '2', annotationId: 'file:///w/a.txt' }]);
  });

  it('is confirmed for the files that are not on the screen', () => {
    assert.deepEqual(workspaceEdit(changes, options).changeAnnotations, {
      'file:///w/a.txt': { label: 'Change it', description: 'a.txt', needsConfirmation: false },
      'file:///w/b.txt': { label: 'Change it', description: 'b.txt', needsConfirmation: true },
    });
  });

  it('has no annotations where the client knows none', () => {
    const abilities = { ...everything, changeAnnotations: false };
    assert.doesNotMatch(JSON.stringify(workspaceEdit(changes, { ...options, abilities })), /annotation/iu);
  });
});

describe('the name of a file', () => {
  const rows: readonly (readonly [uri: string, name: string])[] = [
    ['file:///w/a.txt', 'a.txt'],
    ['file:///w/my%20list.in', 'my list.in'],
    ['vscode-remote://ssh/w/a.in?x#y', 'a.in'],
    ['file:///w/100%.txt', '100%.txt'],
    ['untitled:Untitled-1', 'untitled:Untitled-1'],
  ];
  for (const [uri, name] of rows) {
    it(`of ${uri} is ${name}`, () => assert.equal(fileName(uri), name));
  }
});
