import assert from 'node:assert/strict';
import { defaultSettings, type Settings } from '../../../../protocol/settings.ts';
import type { Ignore } from '../../../../server/src/core/ignores/ignore.ts';
import { ignoresFromSettings } from '../../../../server/src/core/ignores/ignoresFromSettings.ts';
import { type Change, type Delta, noDelta } from '../../../../server/src/project/workspace/changes/change.ts';
import { fileId } from '../../../../server/src/project/fileId.ts';
import { missingInclude } from '../../../../server/src/project/reading/unreadInclude.ts';
import { Workspace } from '../../../../server/src/project/workspace/workspace.ts';
import { assessed, failed, finding, noon } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';
import { locked } from '../../../support/locked.ts';

const folder = fileId('file:///a');
const uri = 'file:///a/requirements.txt';
const file = fileId(uri);
const base = fileId('file:///a/base.txt');
const constraints = fileId('file:///a/constraints.txt');

describe('workspace', () => {
  let scanner: FakeScanner;
  let locks: Map<ReturnType<typeof fileId>, ReturnType<typeof locked>[]>;
  let ignores: readonly Ignore[];
  let workspace: Workspace;

  const start = (isReady = true): Workspace =>
    new Workspace(
      {
        scanner,
        locks,
        ignoresOf: (_file, settings) => [...ignores, ...ignoresFromSettings(settings.ignore).ignores],
      },
      { window: defaultSettings, folders: [] },
      isReady,
    );

  beforeEach(() => {
    scanner = new FakeScanner();
    locks = new Map();
    ignores = [];
    workspace = start();
  });

  const apply = (change: Change, now = noon): Delta => workspace.apply(change, now);
  const open = (text: string, at = uri): Delta =>
    apply({ kind: 'opened', uri: at, languageId: 'pip-requirements', version: 1, text });
  const type = (line: number, character: number, text: string, now = noon): Delta => {
    const at = { line, character };
    const changes = [{ range: { start: at, end: at }, text }];
    return apply({ kind: 'edited', file, version: undefined, changes }, now);
  };
  const link = (): Delta => {
    workspace.ids.forEach((id) => locks.set(id, locks.get(id) ?? []));
    return apply({ kind: 'linked', taken: [], also: [] });
  };
  const read = (id: typeof file, text: string, why: 'named' | 'found' | 'included' | 'closed' = 'named'): Delta =>
    apply({ kind: 'read', file: id, why, read: { text } });
  const settings = (changes: Partial<Settings>, forgets = false): Delta =>
    apply({ kind: 'settings', settings: { window: { ...defaultSettings, ...changes }, folders: [] }, forgets });
  const search = (...found: readonly (typeof file)[]): Delta =>
    apply({ kind: 'searched', since: Infinity, found: new Set(found), unsearched: [], skipped: [], isComplete: true });
  const answer = async (id = file): Promise<Delta> => {
    const lookups = workspace.lookupsOf(id);
    const outcomes = await scanner.scan(lookups, { signal: new AbortController().signal });
    return apply({ kind: 'answered', files: [id], outcomes, again: false });
  };
  const kinds = (id = file): readonly string[] =>
    workspace.snapshot(id)?.lines.map(({ state }) => (state.kind === 'settled' ? state.outcome.kind : 'pending')) ?? [];

  describe('where a document is opened', () => {
    it('shows it at once, with what is known', () => {
      const { show, clear, stop } = open('django==3.2.0\n');
      assert.deepEqual([show, clear, stop], [[file], [], []]);
      assert.deepEqual(kinds(), ['pending']);
      assert.equal(workspace.snapshot(file)?.isUnderWay, true);
    });

    it('shows nothing before the settings are known, and all of it then', () => {
      workspace = start(false);
      assert.deepEqual(open('django==3.2.0\n').show, []);
      assert.deepEqual(settings({}).show, [file]);
    });

    it('shows nothing of what the settings leave out', () => {
      settings({ filesExclude: ['**/requirements.txt'] });
      assert.deepEqual(open('django==3.2.0\n').show, []);
      assert.equal(workspace.snapshot(file), undefined);
      assert.notEqual(workspace.tracked(file), undefined);
    });

    it('clears what is shown under another spelling of its address', () => {
      open('django==3.2.0\n');
      const { clear, stop, show } = open('django==3.2.0\n', 'file:///a/re%71uirements.txt');
      assert.deepEqual([clear, stop, show], [[uri], [file], [file]]);
    });

    it('takes the place of what was read from disk', () => {
      read(file, 'six==1\n');
      const { stop, clear } = open('django==3.2.0\n');
      assert.deepEqual([stop, clear], [[file], []]);
      assert.equal(workspace.snapshot(file)?.inWorkspace, true);
    });
  });

  describe('where a document is edited', () => {
    it('shows it with its new version, and waits for a pause where something is to be asked', () => {
      open('# a\n');
      const { show, stop, pause } = type(1, 0, 'six==1\n');
      assert.deepEqual([show, stop, pause], [[file], [file], [file]]);
      assert.equal(workspace.snapshot(file)?.version, 2);
    });

    it('waits for nothing where a comment is typed', async () => {
      open('# a\nsix==1\n');
      await answer();
      assert.deepEqual(type(0, 3, 'b'), { ...noDelta, sameAgain: { file, version: 2 } });
      const { version, file: text, lines } = workspace.snapshot(file) ?? {};
      assert.deepEqual([version, text?.text, lines?.[0]?.state.kind], [2, '# ab\nsix==1\n', 'settled']);
    });

    it('shows it again where a comment is typed and anything else has happened before', async () => {
      open('# a\nsix==1\n');
      await answer();
      assert.deepEqual(type(0, 3, 'b').show, []);
      apply({ kind: 'progressed', files: [] });
      assert.deepEqual(type(0, 3, 'b').show, [file]);
      assert.deepEqual(type(0, 3, 'b').show, []);
      apply({ kind: 'lost', file });
      apply({ kind: 'edited', file, version: undefined, changes: [{ text: '# a\nsix==2\n' }] });
      assert.deepEqual(type(0, 3, 'b').show, [file], 'nothing is known of it');
    });

    it('shows it again where a comment is typed after its answers have grown old', async () => {
      scanner.until = noon + 1_000;
      open('# a\nsix==1\n');
      await answer();
      assert.deepEqual(type(0, 3, 'b', noon + 999).show, []);
      assert.deepEqual(type(0, 3, 'b', noon + 1_000).show, [file]);
    });

    it('says what is half-typed where a comment is typed elsewhere next', async () => {
      open('# a\nsix==1\nsix\n');
      await answer();
      type(2, 3, '==');
      assert.deepEqual(workspace.snapshot(file)?.problems, []);
      assert.deepEqual(type(0, 3, 'b').show, [file]);
      assert.equal(workspace.snapshot(file)?.problems.length, 1);
    });

    it('leaves what is being asked where the edit asks for nothing else', () => {
      open('# a\nsix==1\n');
      apply({ kind: 'asking', files: [file], keys: new Set(['six==1']) });
      assert.deepEqual(type(0, 3, 'b').stop, []);
      assert.equal(workspace.snapshot(file)?.isAsking, true);
    });

    it('has includes followed at once when the last one goes', () => {
      open('-r base.txt\n');
      const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
      const changes = [{ range, text: '' }];
      assert.equal(apply({ kind: 'edited', file, version: 2, changes }).link, true);
    });

    it('takes no notice of a file that is not open', () => {
      read(file, 'six==1\n');
      assert.deepEqual(type(0, 0, 'x').show, []);
      assert.equal(workspace.tracked(file)?.file.text, 'six==1\n');
    });

    it('says what is half-typed once typing pauses', () => {
      open('six==1\n');
      const { pause } = type(1, 0, 'django==');
      assert.deepEqual([pause, workspace.snapshot(file)?.problems.length], [[file], 0]);
      const { show, link: links } = apply({ kind: 'typingPaused', file });
      assert.deepEqual([show, links], [[file], false]);
    });

    it('has each line of a lost text say so, until it comes whole', () => {
      open('six==1\n');
      const { show, stop, redraw } = apply({ kind: 'lost', file });
      assert.deepEqual([show, stop, redraw, kinds()], [[file], [file], true, ['failed']]);
      apply({ kind: 'edited', file, version: 3, changes: [{ text: 'six==2\n' }] });
      assert.deepEqual(kinds(), ['pending']);
    });
  });

  describe('where a document is closed', () => {
    it('clears what belongs to no workspace', () => {
      open('six==1\n');
      const { clear, read: reads, stop, link: links } = apply({ kind: 'closed', uri });
      assert.deepEqual([clear, reads, stop, links], [[uri], [], [file], true]);
      assert.equal(workspace.tracked(file), undefined);
    });

    it('has what a search had found, or would find, read from disk in its place', () => {
      apply({ kind: 'folders', folders: [folder] });
      search();
      open('six==1\n');
      const { clear, read: reads } = apply({ kind: 'closed', uri });
      assert.deepEqual([clear, reads], [[], [file]]);
      assert.deepEqual(read(file, 'six==2\n', 'closed').show, [file]);
      assert.deepEqual(kinds(), ['pending']);
    });

    it('says that it is not read where it is there and cannot be read', () => {
      apply({ kind: 'folders', folders: [folder] });
      search();
      open('six==1\n');
      apply({ kind: 'closed', uri });
      apply({ kind: 'read', file, why: 'closed', read: { kind: 'unreadable', error: 'It is locked.' } });
      assert.deepEqual(workspace.unread, ['It is locked.']);
      settings({ filesExclude: ['**/requirements.txt'] });
      assert.deepEqual(workspace.unread, [], 'nobody wants it');
      settings({});
      read(file, 'six==2\n', 'found');
      assert.deepEqual(workspace.unread, []);
    });

    it('takes a broken file that a search found by a weak name only with the word that its kind has', () => {
      const [ours, foreign, notebook] = ['environment.yml', 'chart-env.yaml', 'x.ipynb'].map((name) =>
        fileId(`file:///a/${name}`),
      );
      assert.ok(ours !== undefined && foreign !== undefined && notebook !== undefined);
      apply({ kind: 'folders', folders: [folder] });
      read(ours, 'name: [\ndependencies:\n', 'found');
      read(foreign, '{{- if .Values }}\nx: [\n', 'found');
      read(notebook, '{"cells": [', 'found');
      assert.deepEqual(workspace.ids, [ours, notebook]);
      read(foreign, '{{- if .Values }}\nx: [\n', 'named');
      assert.deepEqual(workspace.ids, [ours, notebook, foreign]);
    });

    it('clears it where it is gone from disk, or left out by now', () => {
      apply({ kind: 'folders', folders: [folder] });
      search();
      open('six==1\n');
      apply({ kind: 'closed', uri });
      const gone = apply({ kind: 'read', file, why: 'closed', read: { kind: 'missing', error: 'It is gone.' } });
      assert.deepEqual([gone.clear, workspace.unread], [[uri], []]);
      open('six==1\n');
      apply({ kind: 'closed', uri });
      settings({ enable: false });
      const { show, clear } = read(file, 'six==2\n', 'closed');
      assert.deepEqual([show, clear], [[], [uri]]);
    });

    it('keeps it where it is open under another address', () => {
      const other = 'file:///a/re%71uirements.txt';
      open('six==1\n', other);
      open('six==1\n');
      assert.deepEqual(apply({ kind: 'closed', uri: other }).stop, []);
      assert.deepEqual(kinds(), ['pending']);
    });
  });

  describe('where the disk changes', () => {
    it('takes another text, and lets go of what is gone', () => {
      read(file, 'six==1\n');
      const edition = workspace.editionOf(file) ?? 0;
      const again = (text: string): Delta => apply({ kind: 'readAgain', file, edition, read: { text } });
      assert.deepEqual(again('six==1\n').taken, []);
      const { taken, stop } = again('six==2\n');
      assert.deepEqual([taken, stop], [[file], [file]]);
      assert.deepEqual(again('six==3\n').taken, [], 'it was read while another text was there');
      const now = workspace.editionOf(file) ?? 0;
      const gone = apply({ kind: 'readAgain', file, edition: now, read: { error: 'no' } });
      assert.deepEqual([gone.clear, workspace.ids], [[uri], []]);
    });

    it('leaves what was opened while it was read', () => {
      read(file, 'six==1\n');
      const edition = workspace.editionOf(file) ?? 0;
      open('six==2\n');
      apply({ kind: 'readAgain', file, edition, read: { error: 'no' } });
      read(file, 'six==3\n');
      assert.equal(workspace.snapshot(file)?.file.text, 'six==2\n');
    });

    it('lets go of what a search does not find any more, but for open files', () => {
      apply({ kind: 'folders', folders: [folder] });
      [file, base].forEach((id) => read(id, 'six==1\n'));
      open('six==1\n');
      const { clear, stop } = search();
      assert.deepEqual([clear, stop, workspace.hasWholeWorkspace], [[base], [base], true]);
    });

    it('lets go of what lies in a folder that is gone', () => {
      apply({ kind: 'folders', folders: [folder] });
      read(base, 'six==1\n');
      open('six==1\n');
      search(base, file);
      const { clear, stop } = apply({ kind: 'folders', folders: [] });
      assert.deepEqual([clear, stop], [[base], [base]]);
      assert.deepEqual([workspace.hasWholeWorkspace, workspace.snapshot(file)?.inWorkspace], [false, false]);
    });
  });

  describe('where files include others', () => {
    it('names what is to be read, says what cannot be, and drops what nobody needs', () => {
      open('-r base.txt\n-c constraints.txt\n');
      assert.deepEqual(workspace.missing, [base, constraints]);
      apply({ kind: 'notRead', file: constraints, unread: missingInclude });
      read(base, 'six==1\n', 'included');
      const { show, redraw } = link();
      assert.deepEqual([workspace.missing, show, redraw], [[], [file, base], true]);
      assert.deepEqual(
        workspace.snapshot(file)?.problems.map(({ message }) => message),
        ['constraints.txt was not read: there is no such file.'],
      );
      assert.equal(workspace.snapshot(base)?.includedAt.length, 1);
      assert.deepEqual(link().show, []);
      apply({ kind: 'edited', file, version: 2, changes: [{ text: '# none\n' }] });
      const dropped = link();
      assert.deepEqual([dropped.clear, dropped.stop], [[base], [base]]);
    });

    it('looks again at what may be readable', () => {
      open('-r base.txt\n');
      apply({ kind: 'notRead', file: base, unread: missingInclude });
      apply({ kind: 'mayBeReadable', places: [constraints] });
      assert.deepEqual(workspace.missing, []);
      apply({ kind: 'mayBeReadable', places: [folder] });
      assert.deepEqual(workspace.missing, [base]);
    });

    it('has a range asked once it is known what decides it', () => {
      open('django>=3\n');
      assert.deepEqual([workspace.lookupsOf(file), workspace.snapshot(file)?.awaitsDecision], [[], true]);
      read(constraints, 'django==3.2.0\n');
      apply({ kind: 'edited', file, version: 2, changes: [{ text: 'django>=3\n-c constraints.txt\n' }] });
      const { show, ask } = link();
      assert.deepEqual([show.includes(file), ask.includes(file)], [true, true]);
      assert.deepEqual(
        workspace.lookupsOf(file).map((lookup) => 'version' in lookup && lookup.version),
        ['3.2.0'],
      );
      assert.deepEqual(workspace.includersOf(constraints), [file]);
    });

    it('takes a lock that has changed', () => {
      open('django>=3\n');
      locks.set(file, [locked('lock', 'uv.lock', { django: '3.2.0' })]);
      assert.deepEqual(link().ask, [file]);
      assert.equal(workspace.snapshot(file)?.lines[0]?.requirement.version, '3.2.0');
    });

    it('asks about what was read for it, whatever that asks', () => {
      open('-r base.txt\n');
      read(base, '# nothing\n', 'included');
      assert.deepEqual(apply({ kind: 'linked', taken: [base], also: [] }).ask, [base]);
    });
  });

  describe('where look-ups are asked', () => {
    it('knows what is being asked, and shows what came of it', async () => {
      scanner.truth.set('django==3.2.0', assessed([finding()]));
      open('django==3.2.0\n');
      const { stop, show } = apply({ kind: 'asking', files: [file], keys: new Set(['django==3.2.0']) });
      assert.deepEqual([stop, show, workspace.snapshot(file)?.asksForMore], [[file], [], false]);
      const answered = await answer();
      assert.deepEqual([answered.show, answered.redraw, kinds()], [[file], true, ['assessed']]);
      assert.equal(workspace.snapshot(file)?.isUnderWay, false);
    });

    it('shows what is there already while the rest is still to come', async () => {
      open('six==1\ndjango==3.2.0\n');
      const [six] = workspace.lookupsOf(file);
      await scanner.scan(six ? [six] : [], { signal: new AbortController().signal });
      const { show, redraw } = apply({ kind: 'progressed', files: [file] });
      assert.deepEqual([show, redraw, kinds()], [[file], true, ['assessed', 'pending']]);
    });

    it('counts runs that failed, and says so', async () => {
      scanner.truth.set('six==1', failed());
      open('six==1\n');
      await answer();
      await answer();
      const { failedRuns, isIncomplete } = workspace.snapshot(file) ?? {};
      assert.deepEqual([failedRuns, isIncomplete, kinds()], [2, true, ['failed']]);
    });

    it('keeps what was known where nobody waits for the answers', () => {
      open('six==1\n');
      apply({ kind: 'answered', files: [file], outcomes: undefined, again: false });
      assert.deepEqual(kinds(), ['pending']);
    });
  });

  describe('where what holds for all changes', () => {
    it('stops all, shows what settings choose and clears what they leave out', () => {
      open('six==1\n');
      read(base, 'six==1\n');
      const { show, clear, stop, redraw } = settings({ filesExclude: ['**/base.txt'] });
      assert.deepEqual([show, clear, stop, redraw], [[file], [base], [file, base], true]);
    });

    it('forgets failures where others answer from here on', async () => {
      scanner.truth.set('six==1', failed());
      open('six==1\n');
      await answer();
      assert.deepEqual(settings({}).show, [file]);
      assert.deepEqual(kinds(), ['failed']);
      settings({}, true);
      assert.deepEqual(kinds(), ['pending']);
      await answer();
      assert.deepEqual([apply({ kind: 'forgotten' }).show, kinds()], [[file], ['pending']]);
    });

    it('shows again what has been shown when ignores change', async () => {
      scanner.truth.set('django==3.2.0', assessed([finding()]));
      open('django==3.2.0\n');
      await answer();
      ignores = ignoresFromSettings([{ id: 'CVE-2021-35042', reason: 'no' }]).ignores;
      const { show, redraw } = apply({ kind: 'marksChanged' });
      assert.deepEqual([show, redraw, workspace.snapshot(file)?.tally.known.ignored], [[file], true, 1]);
    });
  });

  it('hands out the same snapshot until something changes', () => {
    open('six==1\n');
    const before = workspace.snapshot(file);
    assert.equal(workspace.snapshot(file), before);
    assert.equal(workspace.selected[0], before);
    type(0, 0, '\n');
    assert.notEqual(workspace.snapshot(file), before);
    assert.equal(before?.file.text, 'six==1\n');
  });
});
