import assert from 'node:assert/strict';
import type { Connection, PublishDiagnosticsParams } from 'vscode-languageserver';
import { defaultSettings } from '../../../../protocol/settings.ts';
import type { DiagnosticAbilities } from '../../../../server/src/lsp/client/capabilities.ts';
import type { Clock } from '../../../../server/src/engine/ports.ts';
import type { Assessed } from '../../../../server/src/core/assessment/outcome.ts';
import { EngineHolder } from '../../../../server/src/lsp/tasks/engineHolder.ts';
import { DiagnosticsPublisher } from '../../../../server/src/lsp/publish/diagnosticsPublisher.ts';
import { IgnoreTable } from '../../../../server/src/lsp/tasks/ignoreTable.ts';
import { fileId } from '../../../../server/src/project/fileId.ts';
import { Project } from '../../../../server/src/project/workspace/project.ts';
import { Workspace } from '../../../../server/src/project/workspace/workspace.ts';
import { assessed, finding } from '../../../support/builders.ts';
import { FakeEnvironment } from '../../../support/fakeEnvironment.ts';
import { FakeLog } from '../../../support/fakeLog.ts';

const uri = 'file:///a/requirements.txt';
const file = fileId(uri);

describe('diagnostics publisher', () => {
  let project: Project;
  let environment: FakeEnvironment;
  let sent: (PublishDiagnosticsParams & { readonly taken: () => void })[];
  let turns: (() => void)[];
  let nowMs: number;
  let clock: Clock;
  let publisherFor: (abilities: DiagnosticAbilities) => DiagnosticsPublisher;

  beforeEach(async () => {
    sent = [];
    turns = [];
    nowMs = 0;
    environment = new FakeEnvironment();
    environment.timers.nextTurn = (call) => void turns.push(call);
    const { scanner } = environment;
    scanner.truth.set('bad==1', assessed([finding()]));
    const connection = {
      sendDiagnostics: (params: PublishDiagnosticsParams) =>
        new Promise<void>((resolve) => sent.push({ ...params, taken: resolve })),
    } as unknown as Connection; // it does nothing else
    const workspace = new Workspace(
      { scanner, locks: new Map(), ignoresOf: () => [] },
      { window: defaultSettings, folders: [] },
      true,
    );
    project = new Project(workspace, environment.clock);
    clock = { ...environment.clock, elapsedMs: () => nowMs };
    const engine = new EngineHolder(environment, new FakeLog(), { params: {} }, defaultSettings);
    publisherFor = (abilities) =>
      new DiagnosticsPublisher(connection, { clock, timers: environment.timers }, abilities, {
        workspace,
        engine,
        ignores: new IgnoreTable(),
      });
    project.addTaker(publisherFor({ related: true, codeDescriptions: true, data: true }));
    const text = '# c\nbad==1\n';
    project.apply({ kind: 'opened', uri, languageId: 'pip-requirements', version: 1, text });
    const outcomes = await scanner.scan(workspace.lookupsOf(file), { signal: new AbortController().signal });
    project.apply({ kind: 'answered', files: [file], outcomes, again: false });
    await settle();
    sent = [];
  });

  const type = (version: number, line = 0, text = 'x'): void => {
    const at = { line, character: 3 };
    project.apply({ kind: 'edited', file, version, changes: [{ range: { start: at, end: at }, text }] });
  };
  const versions = (): readonly (number | undefined)[] => sent.map(({ version }) => version);
  /** The client takes all that was sent, and turns pass until none is waited for. */
  const settle = async (): Promise<void> => {
    do {
      sent.forEach(({ taken }) => taken());
      await Promise.resolve().then(() => Promise.resolve());
      turns.splice(0).forEach((call) => call());
      await Promise.resolve().then(() => Promise.resolve());
    } while (turns.length > 0);
  };

  it('shows a key in a comment in its own turn, with the same diagnostics as before', async () => {
    type(2);
    assert.deepEqual(versions(), [2]);
    await settle();
    type(3);
    assert.deepEqual(versions(), [2, 3]);
    assert.equal(sent[1]?.diagnostics, sent[0]?.diagnostics);
    assert.equal(sent[1]?.diagnostics.length, 1);
  });

  it('sends nothing where another answer says the same', async () => {
    const answer = async (outcome: Assessed): Promise<void> => {
      const { scanner } = environment;
      scanner.truth.set('bad==1', outcome);
      const { signal } = new AbortController();
      const outcomes = await scanner.scan(project.workspace.lookupsOf(file), { signal, again: true });
      project.apply({ kind: 'answered', files: [file], outcomes, again: true });
      await settle();
    };
    await answer(assessed([finding()]));
    assert.deepEqual(versions(), []);
    await answer(assessed([finding({ id: 'CVE-7' })]));
    assert.deepEqual(versions(), [1]);
  });

  it('sends a client nothing that it does not know', () => {
    project.addTaker(publisherFor({ related: true, codeDescriptions: false, data: true }));
    project.addTaker(publisherFor({ related: true, codeDescriptions: true, data: false }));
    type(2);
    assert.deepEqual(
      sent.map(({ diagnostics: [one] }) => [one?.codeDescription !== undefined, one?.data !== undefined]),
      [
        [true, true],
        [false, true],
        [true, false],
      ],
    );
  });

  it('shows any other key in its own turn, too', async () => {
    type(2, 1, 'x');
    assert.deepEqual(versions(), [2]);
    await settle();
    type(3, 1, 'x');
    assert.deepEqual(versions(), [2, 3]);
  });

  it('shows the last one of edits that follow each other at once', async () => {
    [2, 3, 4, 5].forEach((version) => type(version));
    [6, 7].forEach((version) => type(version, 1));
    assert.deepEqual(versions(), [2]);
    await settle();
    assert.deepEqual(versions(), [2, 7]);
  });

  it('sends a client that is behind nothing but the newest, once it has taken what it was sent before', async () => {
    type(2);
    for (let version = 3; version <= 10; version++) {
      type(version);
      await Promise.resolve();
      turns.splice(0).forEach((call) => call());
      nowMs += 1_000;
    }
    assert.deepEqual([versions(), turns], [[2], []], 'and nobody waits in a circle for it');
    await settle();
    assert.deepEqual(versions(), [2, 10]);
  });

  it('shows something every 50 ms to a client that takes it, however fast edits come', async () => {
    for (let version = 2; version <= 400; version += 2) {
      type(version);
      type(version + 1);
      sent.forEach(({ taken }) => taken());
      await Promise.resolve().then(() => Promise.resolve());
      turns.splice(0).forEach((call) => call());
      nowMs += 1;
    }
    assert.ok(sent.length >= 4 && sent.length <= 6, `${sent.length} were sent`);
  });

  it('answers with the same where somebody asks again', async () => {
    type(2);
    await settle();
    project.apply({ kind: 'progressed', files: [file] });
    assert.deepEqual(versions(), [2], 'nothing is new');
    project.apply({ kind: 'asking', files: [file], keys: new Set() });
    project.apply({ kind: 'answered', files: [file], outcomes: undefined, again: true });
    assert.deepEqual(versions(), [2, 2]);
  });

  it('shows news of a version at once, though edits pile up', async () => {
    type(2);
    environment.scanner.truth.set('bad==1', assessed([]));
    const lookups = project.workspace.lookupsOf(file);
    const outcomes = await environment.scanner.scan(lookups, { again: true, signal: new AbortController().signal });
    project.apply({ kind: 'answered', files: [file], outcomes, again: true });
    assert.deepEqual(
      sent.map(({ version, diagnostics }) => [version, diagnostics.length]),
      [
        [2, 1],
        [2, 0],
      ],
    );
  });

  it('shows news of a file of thousands of lines in a turn of its own, and a key at once', async () => {
    const large = 'file:///a/large-requirements.txt';
    const id = fileId(large);
    environment.scanner.truth.set('worse==1', assessed([finding()]));
    const text = ['worse==1', ...Array.from({ length: 3_000 }, (_, at) => `fine${at}==1`)].join('\n');
    project.apply({ kind: 'opened', uri: large, languageId: 'pip-requirements', version: 1, text });
    await settle();
    await settle(); // the client takes what was sent last, too
    sent = [];
    const lookups = project.workspace.lookupsOf(id);
    const outcomes = await environment.scanner.scan(lookups, { signal: new AbortController().signal });
    project.apply({ kind: 'answered', files: [id], outcomes, again: false });
    assert.deepEqual(versions(), []);
    await settle();
    assert.deepEqual(
      sent.map(({ version, diagnostics }) => [version, diagnostics.length]),
      [[1, 1]],
    );
    await settle();
    const at = { line: 0, character: 8 };
    project.apply({ kind: 'edited', file: id, version: 2, changes: [{ range: { start: at, end: at }, text: ' # c' }] });
    assert.deepEqual(versions(), [1, 2]);
  });

  describe('of a file of which much is news', () => {
    const pins = Array.from({ length: 150 }, (_, at) => `bad${at}==1`);
    const large = 'file:///a/large-requirements.txt';
    const id = fileId(large);

    beforeEach(async () => {
      pins.forEach((pin) => environment.scanner.truth.set(pin, assessed([finding()])));
      project.apply({
        kind: 'opened',
        uri: large,
        languageId: 'pip-requirements',
        version: 1,
        text: pins.join('\n'),
      });
      await settle();
      sent = [];
      // Each look at the clock takes a millisecond.
      Object.defineProperty(clock, 'elapsedMs', { value: () => nowMs++ });
      const lookups = project.workspace.lookupsOf(id);
      const outcomes = await environment.scanner.scan(lookups, { signal: new AbortController().signal });
      project.apply({ kind: 'answered', files: [id], outcomes, again: false });
    });

    it('puts it into words a slice a turn, and sends it once', async () => {
      let passed = 0;
      for (; sent.length === 0; passed++) {
        turns.splice(0).forEach((call) => call());
      }
      assert.ok(passed > 150 / 10, `${passed} turns`);
      await settle();
      assert.deepEqual(
        sent.map(({ diagnostics }) => diagnostics.length),
        [150],
      );
    });

    it('shows a key at once, with all that is known', async () => {
      turns.splice(0).forEach((call) => call());
      const at = { line: 150, character: 0 };
      const changes = [{ range: { start: at, end: at }, text: '\nsix==1.0' }];
      project.apply({ kind: 'edited', file: id, version: 2, changes });
      assert.deepEqual(
        sent.map(({ version, diagnostics }) => [version, diagnostics.length]),
        [[2, 150]],
      );
      await settle();
      assert.equal(sent.length, 1);
    });

    it('shows nothing of it where it is closed meanwhile', async () => {
      project.apply({ kind: 'closed', uri: large });
      await settle();
      assert.deepEqual(
        sent.map(({ diagnostics }) => diagnostics),
        [[]],
      );
    });
  });
});
