import assert from 'node:assert/strict';
import { defaultSettings } from '../../../../protocol/settings.ts';
import type { Lookup } from '../../../../server/src/core/assessment/lookup.ts';
import { fileId } from '../../../../server/src/project/fileId.ts';
import type { Delta } from '../../../../server/src/project/workspace/changes/change.ts';
import { Project } from '../../../../server/src/project/workspace/project.ts';
import { Workspace } from '../../../../server/src/project/workspace/workspace.ts';
import { noon } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';

const uri = 'file:///a/Pipfile.lock';
const file = fileId(uri);

function lock(packages: number, last: string): string {
  const entries = Array.from({ length: packages }, (_, at) => [`p${at}`, { version: `==1.${at}` }] as const);
  return JSON.stringify({ _meta: {}, default: Object.fromEntries([...entries, [last, { version: '==1' }]]) }, null, 1);
}

// Nothing of a Pipfile.lock can be read by itself, so a large one is read once nobody types.
describe('an edit of a text that takes long to read', () => {
  let workspace: Workspace;
  let taken: Delta[];
  let project: Project;

  const open = (text: string): void => {
    const scanner = new FakeScanner();
    const knowledge = { scanner, locks: new Map([[file, []]]), ignoresOf: () => [] };
    workspace = new Workspace(knowledge, { window: defaultSettings, folders: [] }, true);
    project = new Project(workspace, { now: () => noon });
    project.apply({ kind: 'opened', uri, languageId: 'json', version: 1, text });
    project.apply({ kind: 'linked', taken: [], also: [] });
    taken = [];
    project.addTaker({ take: (delta) => void taken.push(delta) });
  };
  const type = (version: number, text: string, line = 3): Delta => {
    const at = { line, character: 3 };
    return project.apply({ kind: 'edited', file, version, changes: [{ range: { start: at, end: at }, text }] });
  };
  const names = (): readonly string[] =>
    workspace.snapshot(file)?.lines.map(({ requirement }) => requirement.name) ?? [];

  it('has nothing shown, and is read after the pause', () => {
    open(lock(3_000, 'last'));
    assert.equal(names().length, 3_001);
    const deltas = [type(2, 'x'), type(3, 'y'), type(4, 'z')];
    assert.deepEqual(
      deltas.map(({ show, later, pause }) => [show, later, pause]),
      deltas.map(() => [[], 'pause', [file]]),
    );
    assert.deepEqual(taken, []);
    const { show } = project.apply({ kind: 'typingPaused', file });
    assert.deepEqual(show, [file]);
    const snapshot = workspace.snapshot(file);
    assert.equal(snapshot?.version, 4);
    assert.equal(names().filter((name) => name === 'zyxp0').length, 1);
  });

  it('is read before somebody who asks gets an answer', () => {
    open(lock(3_000, 'last'));
    type(2, 'x');
    assert.equal(names().includes('xp0'), true);
    assert.equal(workspace.lookupsOf(file).length, 3_001);
  });

  it('asks for what it brings once typing pauses', () => {
    open(lock(3_000, 'last'));
    type(2, 'x');
    assert.deepEqual(project.apply({ kind: 'typingPaused', file }).ask, [file]);
  });

  it('is shown at once where the text is short', () => {
    open(lock(10, 'last'));
    assert.deepEqual(type(2, 'x').show, [file]);
  });

  it('is still lost where the text is not known', () => {
    open(lock(3_000, 'last'));
    project.apply({ kind: 'lost', file });
    assert.equal(type(2, 'x').later, undefined);
    assert.ok(
      workspace.snapshot(file)?.lines.every(({ state }) => state.kind === 'settled' && state.outcome.kind === 'failed'),
    );
  });
});

// Which edits these are, the one who applies them knows.
describe('edits that others follow at once', () => {
  const text = Array.from({ length: 40 }, (_, at) => `p${at}==1.${at}`).join('\n');
  const requirements = 'file:///a/requirements.txt';
  const id = fileId(requirements);

  function opened(): { readonly project: Project; readonly peeks: () => number } {
    const scanner = new FakeScanner();
    let peeks = 0;
    const counted = Object.assign(Object.create(scanner) as FakeScanner, {
      peek: (lookup: Lookup) => {
        peeks++;
        return scanner.peek(lookup);
      },
    });
    const knowledge = { scanner: counted, locks: new Map(), ignoresOf: () => [] };
    const workspace = new Workspace(knowledge, { window: defaultSettings, folders: [] }, true);
    const project = new Project(workspace, { now: () => noon });
    project.apply({ kind: 'opened', uri: requirements, languageId: 'pip-requirements', version: 1, text });
    return { project, peeks: () => peeks };
  }
  const type = (project: Project, line: number, waits: boolean): Delta => {
    const at = { line, character: 1 };
    const changes = [{ range: { start: at, end: at }, text: 'x' }];
    return project.apply({ kind: 'edited', file: id, version: undefined, changes, waits });
  };

  it('are worked out once, and come to what they come to one by one', () => {
    const [together, alone] = [opened(), opened()];
    const deltas: Delta[] = [];
    together.project.addTaker({ take: (delta) => void deltas.push(delta) });
    const before = together.peeks();
    for (let edit = 0; edit < 30; edit++) {
      assert.equal(type(together.project, edit % 7, true).later, 'turn');
      type(alone.project, edit % 7, false);
    }
    assert.equal(together.peeks(), before, 'nothing is worked out');
    assert.deepEqual(deltas, []);
    const delta = together.project.apply({ kind: 'workedOut', file: id });
    assert.deepEqual([delta.show, delta.pause, delta.stop], [[id], [id], [id]]);
    assert.equal(together.peeks() - before, 40, 'and then each line once');
    const [one, other] = [together, alone].map(({ project }) => project.workspace.snapshot(id));
    assert.deepEqual(one?.lines, other?.lines);
    assert.deepEqual([one?.version, one?.problems], [other?.version, other?.problems]);
  });

  it('that are closed meanwhile come to nothing', () => {
    const { project } = opened();
    type(project, 0, true);
    project.apply({ kind: 'closed', uri: requirements });
    assert.deepEqual(project.apply({ kind: 'workedOut', file: id }).show, []);
  });
});
