import assert from 'node:assert/strict';
import { pipKind } from '../../../../../server/src/core/manifests/pip/pipManifest.ts';
import { kindOfFormat } from '../../../../../server/src/core/manifests/reading/entryManifest.ts';
import type { Manifest } from '../../../../../server/src/core/manifests/manifest.ts';
import {
  type Edited,
  editText as edited,
  type TextChange,
} from '../../../../../server/src/project/workspace/changes/editText.ts';

const at = (line: number, character: number) => ({ line, character });

function editText(file: Manifest, changes: readonly TextChange[]): Edited {
  const result = edited(file, changes);
  assert.ok(result !== undefined);
  return result;
}

describe('an edit of the text', () => {
  it('is the same with its range the wrong way round', () => {
    const file = pipKind.parse('a==1\nb==2\nc==3\n');
    const [start, end] = [at(0, 3), at(2, 1)];
    const straight = editText(file, [{ range: { start, end }, text: '7\nx' }]);
    const reversed = editText(file, [{ range: { start: end, end: start }, text: '7\nx' }]);
    assert.equal(straight.file.text, 'a==7\nx==3\n');
    assert.equal(reversed.file.text, straight.file.text);
    assert.deepEqual(reversed.lines, straight.lines);
  });

  it('beyond the end is one at the end', () => {
    const { file } = editText(pipKind.parse('a==1'), [{ range: { start: at(7, 2), end: at(9, 9) }, text: '\nb==2' }]);
    assert.equal(file.text, 'a==1\nb==2');
  });

  it('with many cursors has a format that is read as a whole read once', () => {
    const texts: string[] = [];
    const format = { id: 'whole', matches: () => true, read: (text: string) => (texts.push(text), []) };
    const before = kindOfFormat(format, pipKind).parse('a\nb\nc\n');
    assert.equal(before.entries.length, 0);
    const changes = [2, 1, 0].map((line) => ({ range: { start: at(line, 0), end: at(line, 1) }, text: 'xy' }));
    assert.equal(editText(before, changes).file.entries.length, 0);
    assert.deepEqual(texts, ['a\nb\nc\n', 'xy\nxy\nxy\n']);
  });
});
