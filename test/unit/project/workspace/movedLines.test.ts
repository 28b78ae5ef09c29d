import assert from 'node:assert/strict';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { type IgnoreEntry, ignoresFromSettings } from '../../../../server/src/core/ignores/ignoresFromSettings.ts';
import { fileId } from '../../../../server/src/project/fileId.ts';
import { Workspace } from '../../../../server/src/project/workspace/workspace.ts';
import { assessed, finding, noon } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';

const uri = 'file:///a/requirements.txt';
const file = fileId(uri);
const text = 'django==3.2.0 # why\nsix==1.16.0\njinja2==2.0\n';

describe('a line break above lines', () => {
  const opened = async (ignored: readonly IgnoreEntry[] = []) => {
    const scanner = new FakeScanner();
    scanner.truth.set('django==3.2.0', assessed([finding()]));
    let asked = 0;
    const counted = Object.assign(Object.create(scanner) as FakeScanner, {
      peek: (...args: Parameters<FakeScanner['peek']>) => (asked++, scanner.peek(...args)),
      peekPackage: () => (asked++, undefined),
    });
    const { ignores } = ignoresFromSettings(ignored);
    const knowledge = { scanner: counted, locks: new Map(), ignoresOf: () => ignores };
    const workspace = new Workspace(knowledge, { window: defaultSettings, folders: [] }, true);
    workspace.apply({ kind: 'opened', uri, languageId: 'pip-requirements', version: 1, text }, noon);
    const outcomes = await scanner.scan(workspace.lookupsOf(file), { signal: new AbortController().signal });
    workspace.apply({ kind: 'answered', files: [file], outcomes, again: false }, noon);
    const type = (typed: string): void => {
      const at = { line: 0, character: 0 };
      const changes = [{ range: { start: at, end: at }, text: typed }];
      workspace.apply({ kind: 'edited', file, version: undefined, changes }, noon);
    };
    return { workspace, type, asked: () => asked };
  };

  it('has them say what they said, at their places, and asks nothing', async () => {
    const { workspace, type, asked } = await opened();
    type('\n'); // what is worked out once is worked out then
    const before = workspace.snapshot(file)?.lines ?? [];
    const said = before.map(({ state }) => state);
    const places = JSON.stringify(before.map(({ requirement }) => requirement));
    const known = asked();
    type('\n');
    assert.equal(asked(), known);
    const after = workspace.snapshot(file)?.lines ?? [];
    assert.ok(after.every(({ state }, index) => state === said[index]));
    assert.equal(
      JSON.stringify(before.map(({ requirement }) => requirement)),
      places,
      'who has the lines of before keeps them',
    );
    const fresh = await opened();
    fresh.type('\n\n');
    assert.deepEqual(
      after.map(({ requirement }) => requirement),
      fresh.workspace.snapshot(file)?.lines.map(({ requirement }) => requirement),
    );
    assert.deepEqual(
      after.map(({ requirement }) => requirement.range.start.line),
      [2, 3, 4],
    );
  });

  it('has them keep their marks', async () => {
    const { workspace, type } = await opened([{ id: finding().id, reason: 'why' }]);
    const before = workspace.snapshot(file)?.lines.map(({ state }) => state);
    type('\n');
    const after = workspace.snapshot(file)?.lines.map(({ state }) => state);
    assert.ok(after?.every((state, index) => state === before?.[index]));
    assert.match(JSON.stringify(after), /"ignored"/u);
  });
});
