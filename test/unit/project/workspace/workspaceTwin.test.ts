import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultSettings, type Settings } from '../../../../protocol/settings.ts';
import { lineBounds } from '../../../../server/src/core/assessment/decided/lineBounds.ts';
import { constraintPins } from '../../../../server/src/core/assessment/decided/constraints.ts';
import type { PlacedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import type { LockedVersions } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import { placeRequirements, rememberedTargets } from '../../../../server/src/core/assessment/placeRequirements.ts';
import { constraintFilesOf, filesReachedFrom } from '../../../../server/src/core/manifests/includeGraph.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import type { Change } from '../../../../server/src/project/workspace/changes/change.ts';
import { type FileId, fileId, isInside, nameOf } from '../../../../server/src/project/fileId.ts';
import type { TextChange } from '../../../../server/src/project/workspace/changes/editText.ts';
import { includeLines } from '../../../../server/src/project/workspace/includeLines.ts';
import { missingInclude } from '../../../../server/src/project/reading/unreadInclude.ts';
import { Workspace } from '../../../../server/src/project/workspace/workspace.ts';
import { assessed, finding, noon } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';
import { locked } from '../../../support/locked.ts';

const folder = fileId('file:///a');
const ids = ['requirements.txt', 'base.txt', 'constraints.txt', 'dev-requirements.txt'].map((name) =>
  fileId(`file:///a/${name}`),
);

type Step =
  | { readonly do: 'open' | 'close' | 'answer'; readonly file: FileId }
  | { readonly do: 'edit'; readonly file: FileId; readonly line: number; readonly text: string }
  | { readonly do: 'flood'; readonly file: FileId; readonly edits: readonly FloodEdit[] }
  | { readonly do: 'disk'; readonly file: FileId; readonly text: string | undefined }
  | { readonly do: 'lock'; readonly file: FileId; readonly version: string | undefined }
  | { readonly do: 'settings'; readonly settings: Partial<Settings> }
  | { readonly do: 'search' | 'folder' };

/** One of several that follow each other at once; behind it somebody may ask what the files say. */
interface FloodEdit {
  readonly line: number;
  readonly text: string;
  readonly isAsked: boolean;
}

const file = fc.constantFrom(...ids);
const line = fc.constantFrom(
  'django==3.2.0',
  'django>=3',
  'six==1.16.0',
  'jinja2',
  '-r base.txt',
  '-c constraints.txt',
  '-r requirements.txt',
  '# x',
  '# xy',
  'six==1.16.0 # x',
  'six==1.16.0 # xy',
  '[',
  '',
);
const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
const settings = fc.constantFrom<Partial<Settings>>(
  {},
  { privatePackages: ['django'] },
  { filesExclude: ['**/base.txt'] },
  { enable: false },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('open' as const, 'close' as const, 'answer' as const), file }),
  fc.record({ do: fc.constant('edit' as const), file, line: fc.nat(4), text: line }),
  fc.record({ do: fc.constant('edit' as const), file, line: fc.nat(4), text }),
  fc.record({
    do: fc.constant('flood' as const),
    file,
    edits: fc.array(fc.record({ line: fc.nat(4), text: fc.oneof(line, text), isAsked: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
  fc.record({ do: fc.constant('disk' as const), file, text: fc.option(text, { nil: undefined }) }),
  fc.record({ do: fc.constant('lock' as const), file, version: fc.constantFrom('3.2.0', '4.2.1', undefined) }),
  fc.record({ do: fc.constant('settings' as const), settings }),
  fc.record({ do: fc.constantFrom('search' as const, 'folder' as const) }),
);

/** A workspace, those who act on it, and a plain account of all that it was told. */
class Both {
  readonly scanner = new FakeScanner();
  readonly disk = new Map<FileId, string>();
  readonly open = new Map<FileId, string>();
  readonly inWorkspace = new Set<FileId>();
  readonly locks = new Map<FileId, readonly LockedVersions[]>();
  settings: Settings = defaultSettings;
  /** Read since files were linked last: who reads them has them shown. */
  readonly #taken = new Set<FileId>();
  /** What the client shows, made from nothing but deltas. */
  readonly shown = new Map<string, string>();
  readonly workspace = new Workspace(
    { scanner: this.scanner, locks: this.locks, ignoresOf: () => [] },
    { window: defaultSettings, folders: [] },
    true,
  );

  constructor() {
    this.scanner.truth.set('django==3.2.0', assessed([finding()]));
    this.apply({ kind: 'folders', folders: [folder] });
  }

  apply(change: Change): readonly FileId[] {
    const { show, clear, read, taken } = this.workspace.apply(change, noon);
    taken.forEach((id) => this.#taken.add(id));
    clear.forEach((uri) => this.shown.delete(uri));
    for (const id of show) {
      const snapshot = this.workspace.tracked(id);
      this.shown.set(snapshot?.uri ?? '', JSON.stringify([snapshot?.lines, snapshot?.problems]));
    }
    return read;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'open': {
        const text = this.open.get(step.file) ?? this.disk.get(step.file) ?? 'django>=3\n';
        this.open.set(step.file, text);
        this.apply({ kind: 'opened', uri: step.file, languageId: 'pip-requirements', version: 1, text });
        return;
      }
      case 'close': {
        if (this.open.delete(step.file)) {
          const read = this.apply({ kind: 'closed', uri: step.file });
          read.forEach((id) => this.apply({ kind: 'read', file: id, why: 'closed', read: this.readOf(id) }));
        }
        return;
      }
      case 'edit':
        if (this.open.has(step.file)) {
          this.#type(step.file, step, false);
          this.apply({ kind: 'typingPaused', file: step.file });
        }
        return;
      case 'flood':
        if (this.open.has(step.file)) {
          for (const edit of step.edits) {
            this.#type(step.file, edit, true);
            if (edit.isAsked) this.workspace.snapshot(step.file);
          }
          this.apply({ kind: 'workedOut', file: step.file });
          this.apply({ kind: 'typingPaused', file: step.file });
        }
        return;
      case 'disk':
        if (step.text === undefined) {
          this.disk.delete(step.file);
        } else {
          this.disk.set(step.file, step.text);
        }
        for (const id of this.workspace.ids.filter((one) => !this.open.has(one))) {
          const edition = this.workspace.editionOf(id) ?? 0;
          this.apply({ kind: 'readAgain', file: id, edition, read: this.readOf(id) });
        }
        this.apply({ kind: 'mayBeReadable', places: undefined });
        return;
      case 'lock':
        this.locks.set(
          step.file,
          step.version === undefined ? [] : [locked('lock', 'uv.lock', { django: step.version })],
        );
        return;
      case 'settings':
        this.settings = { ...defaultSettings, ...step.settings };
        this.apply({ kind: 'settings', settings: { window: this.settings, folders: [] }, forgets: false });
        return;
      case 'search': {
        const found = new Set([...this.disk.keys()].filter((id) => this.workspace.isFindable(id)));
        for (const id of [...found].filter((one) => !this.open.has(one))) {
          this.apply({ kind: 'read', file: id, why: 'named', read: this.readOf(id) });
        }
        this.apply({ kind: 'searched', since: Infinity, found, unsearched: [], skipped: [], isComplete: true });
        return;
      }
      case 'folder':
        this.apply({ kind: 'folders', folders: [] });
        this.apply({ kind: 'folders', folders: [folder] });
        return;
      case 'answer': {
        const lookups = this.workspace.lookupsOf(step.file);
        const outcomes = await this.scanner.scan(lookups, { signal: new AbortController().signal });
        this.apply({ kind: 'answered', files: [step.file], outcomes, again: false });
        // Others show what they share when they are shown the next time; here at once.
        this.apply({ kind: 'progressed', files: this.workspace.selected.map(({ id }) => id) });
      }
    }
  }

  #type(file: FileId, { line, text }: Pick<FloodEdit, 'line' | 'text'>, waits: boolean): void {
    const lines = this.open.get(file)?.split('\n') ?? [];
    const at = Math.min(line, lines.length - 1);
    const old = lines[at] ?? '';
    lines[at] = text;
    this.open.set(file, lines.join('\n'));
    this.apply({ kind: 'edited', file, version: undefined, changes: [changeOf(at, old, text)], waits });
  }

  /** What those do who act on a workspace: read what is missing, then link. */
  follow(): void {
    for (let { missing } = this.workspace; missing.length > 0; { missing } = this.workspace) {
      for (const id of missing) {
        if (this.disk.has(id)) {
          this.apply({ kind: 'read', file: id, why: 'included', read: this.readOf(id) });
        } else {
          this.apply({ kind: 'notRead', file: id, unread: missingInclude });
        }
      }
    }
    this.workspace.ids.forEach((id) => this.locks.set(id, this.locks.get(id) ?? []));
    const also = [...this.#taken];
    this.#taken.clear();
    this.apply({ kind: 'linked', taken: [], also });
  }

  readOf(id: FileId): { readonly text: string } | { readonly error: string } {
    const text = this.disk.get(id);
    return text === undefined ? { error: 'It is gone.' } : { text };
  }
}

/** The smallest change that makes one line another one, as typing does. */
function changeOf(line: number, before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const range = { start: { line, character: head }, end: { line, character: before.length - tail } };
  return { range, text: after.slice(head, after.length - tail) };
}

/** All that is to be shown, worked out from the plain account by reading everything from its beginning. */
function naively(both: Both): ReadonlyMap<string, unknown> {
  const textOf = (id: FileId): string | undefined => both.open.get(id) ?? both.disk.get(id);
  const edgesFrom = (id: FileId) =>
    includeLines(id, pipKind.parse(textOf(id) ?? '')).map((edge) => ({ ...edge, from: id }));
  const roots = both.workspace.ids.filter((id) => both.workspace.tracked(id)?.inWorkspace ?? false);
  const start = [...new Set([...both.open.keys(), ...roots])];
  const tracked = new Set(start);
  for (const id of tracked) {
    edgesFrom(id)
      .filter(({ to }) => textOf(to) !== undefined)
      .forEach(({ to }) => tracked.add(to));
  }
  const edges = [...both.workspace.ids].flatMap(edgesFrom);
  assert.deepEqual(new Set(both.workspace.ids), tracked);
  assert.deepEqual(filesReachedFrom(start, edges).size >= tracked.size, true);
  const isPrivate = (name: string): boolean => both.settings.privatePackages.includes(name);
  return new Map(
    [...tracked]
      .filter((id) => both.settings.enable && !(both.settings.filesExclude.length > 0 && nameOf(id) === 'base.txt'))
      .map((id) => {
        const known = (others: Iterable<string>) =>
          [...others].flatMap((one) =>
            tracked.has(one as FileId) && one !== id
              ? [{ source: nameOf(one as FileId), file: pipKind.parse(textOf(one as FileId) ?? ''), uri: one }]
              : [],
          );
        const limiting = constraintFilesOf(id, edges);
        const included = filesReachedFrom(
          [id],
          edges.filter(({ kind }) => kind === 'include'),
        );
        const leading = [...tracked].filter((one) => filesReachedFrom([one], edges).has(id));
        const decided = {
          constraints: constraintPins(known(limiting)),
          bounds: lineBounds(known([...limiting, ...included])),
          limits: lineBounds(known(filesReachedFrom(leading, edges))),
          locked: both.locks.get(id) ?? [],
          ...(nameOf(id) === 'constraints.txt' ? ({ isLimiting: true } as const) : {}),
        };
        const placed = placeRequirements(pipKind.parse(textOf(id) ?? ''), rememberedTargets(isPrivate, decided));
        const lines = placed.requirements.map((requirement) => {
          const answer =
            requirement.subject.kind === 'settled' ? undefined : both.scanner.peek(requirement.subject.lookup);
          const outcome = requirement.subject.kind === 'settled' ? requirement.subject.outcome : undefined;
          return { requirement: inOrder(requirement), outcome: answer?.kind === 'fresh' ? answer.outcome : outcome };
        });
        const unread = edges.filter(({ from, to }) => from === id && !tracked.has(to));
        return [id, { lines, problems: placed.problems.length + unread.length }];
      }),
  );
}

/** In which order files are read together makes no difference. */
function inOrder(requirement: PlacedRequirement): PlacedRequirement {
  const { within } = requirement;
  const limits = within?.limits.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return within === undefined || limits === undefined ? requirement : { ...requirement, within: { ...within, limits } };
}

describe('workspace, whatever happens', () => {
  it('says what a naive twin works out from the beginning, and no announcement is missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const both = new Both();
        for (const one of steps) {
          await both.take(one);
          both.follow();
          const { selected } = both.workspace;
          const told = selected.map(({ id, lines, problems }) => [
            id,
            {
              lines: lines.map(({ requirement, state }) => ({
                requirement: inOrder(requirement),
                outcome: state.kind === 'settled' ? state.outcome : undefined,
              })),
              problems: problems.length,
            },
          ]);
          assert.deepEqual(new Map(told as [string, unknown][]), naively(both));
          const shown = selected.map(({ uri, lines, problems }) => [uri, JSON.stringify([lines, problems])] as const);
          assert.deepEqual(both.shown, new Map(shown));
          assert.ok(selected.every(({ id, isShown }) => isShown && (isInside(id, folder) || both.open.has(id))));
        }
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
