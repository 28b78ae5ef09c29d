import assert from 'node:assert/strict';
import type { CodeAction, Diagnostic, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { defaultSettings } from '../../../protocol/settings.ts';
import { constraintPins } from '../../../server/src/core/assessment/decided/constraints.ts';
import { type DecidedVersions, nothingDecided } from '../../../server/src/core/assessment/decided/decidedVersions.ts';
import { versionsOf, packagesOfEnvironment } from '../../../server/src/core/assessment/decided/lockedVersions.ts';
import type { Assessed, Outcome } from '../../../server/src/core/assessment/outcome.ts';
import type { FixAdvice } from '../../../server/src/core/assessment/advice/fixAdvice.ts';
import { placeRequirements, rememberedTargets } from '../../../server/src/core/assessment/placeRequirements.ts';
import { offsetAt } from '../../../server/src/core/manifests/offsetAt.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import {
  type CodeActionRequest,
  codeActionsFor,
  fixAllKind,
} from '../../../server/src/features/actions/codeActions.ts';
import { diagnosticsFor } from '../../../server/src/features/diagnostics/diagnostics.ts';
import type { CodeActionContext } from '../../../server/src/features/actions/fixAction.ts';
import type { LineState } from '../../../server/src/project/workspace/lineState.ts';
import { fixScope } from '../../../server/src/core/fixes/fixScope.ts';
import { type FixPolicy, usualPolicy } from '../../../server/src/core/fixes/fixPolicy.ts';
import { type EditedDocument, fileName } from '../../../server/src/features/actions/workspaceEdit.ts';
import { fileId } from '../../../server/src/project/fileId.ts';
import { failed, finding, noon } from '../../support/builders.ts';

const here = 'file:///w/requirements.txt';
const advice: FixAdvice = { nearest: '4.2.16', latest: '5.1.3', verified: true, passedOver: [] };
const everything = { documentChanges: true, changeAnnotations: true, disabledActions: true };

function vulnerable(fix: Partial<FixAdvice> = {}, changes: Partial<Assessed> = {}): Assessed {
  return {
    kind: 'assessed',
    verdict: 'vulnerable',
    findings: [finding(), finding({ id: 'CVE-2' })],
    fix: { ...advice, ...fix },
    checkedAt: noon,
    ...changes,
  };
}

function documentOf(text: string, uri = here, version: number | null = 7): EditedDocument {
  return { uri, version, file: pipKind.parse(text) };
}

/** The context of a text whose requirements have these outcomes by name; the others are clean. */
function contextOf(
  text: string,
  outcomes: Readonly<Record<string, Outcome>>,
  changes: ContextChanges = {},
  decided: DecidedVersions = nothingDecided,
): CodeActionContext {
  const { constraints = [], sources = [], filesOf = () => undefined, policy, ...more } = changes;
  const document = documentOf(text);
  const clean: Outcome = { kind: 'assessed', verdict: 'clean', findings: [], checkedAt: noon };
  const placed = placeRequirements(
    document.file,
    rememberedTargets(() => false, decided),
  );
  const lines = placed.requirements.map((requirement): LineState => {
    const outcome = outcomes[requirement.normalizedName] ?? clean;
    return { requirement, state: { kind: 'settled', outcome } };
  });
  const id = fileId(here);
  const documents = new Map([document, ...constraints, ...sources].map((one) => [fileId(one.uri), one]));
  const scope = fixScope(
    [...documents].map(([source, { uri, file }]) => ({
      source,
      file,
      shown: fileName(uri),
      ...(source === id && document.file.compiled ? { sources: sources.map((one) => fileId(one.uri)) } : {}),
    })),
    constraints.map(({ uri }) => ({ from: id, to: fileId(uri), kind: 'constraint' as const })),
  );
  const rest = {
    canAskForFiles: () => false,
    terminalCommand: undefined,
    minimumSeverity: 'none' as const,
    ignoreCommand: undefined,
    abilities: everything,
  };
  const fix = { scope, filesOf, factsOf: () => undefined, policy: { ...usualPolicy, ...policy } };
  return { id, document, documents, lines, fix, ...rest, ...more };
}

interface ContextChanges extends Partial<Pick<CodeActionContext, 'canAskForFiles' | 'ignoreCommand' | 'abilities'>> {
  readonly constraints?: readonly EditedDocument[];
  readonly sources?: readonly EditedDocument[];
  readonly filesOf?: CodeActionContext['fix']['filesOf'];
  readonly policy?: Partial<FixPolicy>;
}

const at = (line: number, character = 0): CodeActionRequest['range'] => ({
  start: { line, character },
  end: { line, character },
});

const ask = (context: CodeActionContext, request: Partial<CodeActionRequest> = {}): CodeAction[] =>
  codeActionsFor(context, { range: at(0), diagnostics: [], ...request });

/** The texts of the documents after the edit of an action. */
function applied(context: CodeActionContext, action: CodeAction | undefined): Readonly<Record<string, string>> {
  assert.ok(action?.edit, action?.title);
  const documents = [...context.documents.values()];
  return Object.fromEntries(
    editsByUri(action.edit).map(([uri, edits]) => {
      const file = documents.find((document) => document.uri === uri)?.file;
      assert.ok(file, uri);
      const changes = edits
        .map(({ range, newText }) => ({
          start: offsetAt(file, range.start),
          end: offsetAt(file, range.end),
          text: newText,
        }))
        .sort((a, b) => b.start - a.start);
      return [uri, file.edit(changes).text];
    }),
  );
}

function editsByUri(edit: WorkspaceEdit): (readonly [string, readonly TextEdit[]])[] {
  const documents = (edit.documentChanges ?? []).map((change) => {
    assert.ok('textDocument' in change);
    return [change.textDocument.uri, change.edits.filter((one): one is TextEdit => 'newText' in one)] as const;
  });
  return edit.changes === undefined ? documents : Object.entries(edit.changes);
}

const titles = (actions: readonly CodeAction[]): readonly string[] =>
  actions.map(({ title, disabled }) => title + (disabled === undefined ? '' : ` [${disabled.reason}]`));

describe('code actions', () => {
  it('are the nearest safe version, preferred, and the latest', () => {
    const context = contextOf('Django==3.2 # keep', { django: vulnerable() });
    const actions = ask(context);
    assert.deepEqual(actions, [
      {
        title: 'Change Django to 4.2.16 (nearest safe, major)',
        kind: 'quickfix',
        isPreferred: true,
        edit: {
          documentChanges: [
            {
              textDocument: { uri: here, version: 7 },
              edits: [{ range: { ...at(0, 8), end: { line: 0, character: 11 } }, newText: '4.2.16' }],
            },
          ],
        },
      },
      {
        title: 'Change Django to 5.1.3 (latest safe, major)',
        kind: 'quickfix',
        edit: {
          documentChanges: [
            {
              textDocument: { uri: here, version: 7 },
              edits: [{ range: { ...at(0, 8), end: { line: 0, character: 11 } }, newText: '5.1.3' }],
            },
          ],
        },
      },
    ]);
    assert.deepEqual(applied(context, actions[0]), { [here]: 'Django==4.2.16 # keep' });
  });

  it('solve the findings of their requirement and no other diagnostic', () => {
    const context = contextOf('django==3.2\nflask==1.0\n', { django: vulnerable(), flask: vulnerable() });
    const options = { ...defaultSettings, diagnosticGrouping: 'advisory' as const, now: noon, uri: here };
    const drawn = diagnosticsFor(context.lines, [], options);
    const range = drawn[0]?.range;
    assert.ok(range);
    const others: readonly Diagnostic[] = [
      { range, message: 'of another tool', source: 'other' },
      { range, message: 'not checked', source: 'pinwatch', code: 'could-not-check' },
    ];
    const [first] = ask(context, { diagnostics: [...drawn, ...others] });
    assert.deepEqual(
      first?.diagnostics?.map(({ code, message }) => [code, JSON.stringify(message).includes('django')]),
      [
        ['CVE-2021-35042', true],
        ['CVE-2', true],
      ],
    );
  });

  it('are of the requirements that the range touches, each with one preferred', () => {
    const text = 'django==3.2\nflask==1.0\nsix==1\n';
    const context = contextOf(text, { django: vulnerable(), flask: vulnerable() });
    const about = (range: CodeActionRequest['range']) =>
      ask(context, { range }).map(({ title }) => title.split(' ')[1]);
    assert.deepEqual(about(at(0, 0)), ['django', 'django']);
    assert.deepEqual(about(at(0, 11)), ['django', 'django']);
    assert.deepEqual(about(at(1, 3)), ['flask', 'flask']);
    assert.deepEqual(about(at(2)), []);
    assert.deepEqual(about({ start: at(0).start, end: at(2).end }), ['django', 'django', 'flask', 'flask']);
    const all = ask(context, { range: { start: at(0).start, end: at(3).end } });
    assert.equal(all.filter(({ isPreferred }) => isPreferred === true).length, 2);
  });

  it('say what was not verified and what is needed of Python', () => {
    const context = contextOf('django==3.2', {
      django: vulnerable({ verified: false, requiresPython: '>=3.10\u202E' }),
    });
    assert.deepEqual(titles(ask(context)), [
      'Change django to 4.2.16 (nearest safe, major, not verified, needs Python >=3.10)',
      'Change django to 5.1.3 (latest safe, major, not verified)',
    ]);
  });

  it('are disabled, with the reason, where there is no safe version', () => {
    const passedOver = [
      { version: '3.2.25', reason: 'affected', affectedBy: ['CVE-2024-1'] },
      { version: '4.0', reason: 'yanked', affectedBy: [] },
      { version: '4.1rc1', reason: 'prerelease', affectedBy: [] },
      { version: '4.2', reason: 'missing', affectedBy: [] },
    ] as const;
    const context = contextOf('django==3.2', {
      django: vulnerable({ nearest: undefined, latest: undefined, passedOver }),
    });
    assert.deepEqual(titles(ask(context)), [
      'Change django to a safe version [No safe version of django is known. 3.2.25 has CVE-2024-1, 4.0 is yanked, 4.1rc1 is a pre-release and 1 more.]',
    ]);
    const unknown: Assessed = { ...vulnerable(), fix: undefined };
    const soon = contextOf('django==3.2', { django: unknown });
    assert.deepEqual(titles(ask(soon)), [
      'Change django to a safe version [The safe versions of django are not known yet.]',
    ]);
  });

  it('are the nearest that the line allows, or say that it allows none', () => {
    const context = contextOf('django==3.2,!=4.2.16', { django: vulnerable() });
    const actions = ask(context);
    assert.deepEqual(titles(actions), ['Change django to 5.1.3 (nearest safe, major)']);
    const barred = contextOf('django==3.2,<4', { django: vulnerable() });
    assert.deepEqual(titles(ask(barred)), [
      'Change django to a safe version [requirements.txt:1 allows only django <4. The nearest safe version is 4.2.16.]',
    ]);
  });

  it('are left out where disabled ones cannot be shown', () => {
    const context = contextOf(
      'django==3.2,<4',
      { django: vulnerable() },
      { abilities: { ...everything, disabledActions: false } },
    );
    assert.deepEqual(ask(context), []);
  });

  it('never lead from a malicious release to another version', () => {
    const malicious = [finding({ severity: 'malicious' }), finding()];
    const context = contextOf('django==3.2', { django: vulnerable({}, { findings: malicious }) });
    const actions = ask(context);
    assert.deepEqual(titles(actions), [
      'Remove django [django 3.2 is malicious: remove it and rotate every secret it could read.]',
    ]);
    assert.deepEqual(ask(context, { only: [fixAllKind] }), []);
    assert.doesNotMatch(JSON.stringify(actions), /upgrade|update|safe/iu);
  });

  it('change a range by as little as will do', () => {
    const verdict = 'possiblyVulnerable';
    const floor = vulnerable({ change: { kind: 'floor', version: '4.2.16' } }, { verdict });
    const context = contextOf('django>=3.2,<5', { django: floor });
    const [action, ...rest] = ask(context);
    assert.deepEqual(rest, []);
    assert.equal(action?.title, 'Change django to >=4.2.16,<5 (nearest safe)');
    assert.equal(action.isPreferred, true);
    assert.deepEqual(applied(context, action), { [here]: 'django>=4.2.16,<5' });
  });

  it('say so where nothing that a range admits is safe', () => {
    const of = (nearest: string | undefined) =>
      titles(
        ask(contextOf('django<3', { django: vulnerable({ nearest, latest: nearest, change: { kind: 'none' } }) })),
      );
    assert.deepEqual(of('4.2.16'), [
      'Change django to a safe version [No version of django within <3 is known to be safe. The nearest one is 4.2.16.]',
      'Change django to >=4.2.16 (outside of <3)',
    ]);
    assert.deepEqual(of(undefined), [
      'Change django to a safe version [No version of django within <3 is known to be safe.]',
    ]);
  });

  it('say of a range whose later versions are vulnerable where it could be capped', () => {
    const change = { kind: 'none', highestSafe: '4.2.16' } as const;
    const none = { nearest: undefined, latest: undefined, change };
    assert.deepEqual(titles(ask(contextOf('django>=3', { django: vulnerable(none) }))), [
      'Change django to a safe version [No version of django later than 4.2.16 is known to be safe within >=3.]',
    ]);
  });

  it('leave an edit for later only where digests are all that it wants', () => {
    const of = (line: string, change: Partial<FixAdvice> = {}) =>
      ask(contextOf(`${line} --hash=sha256:00`, { django: vulnerable(change) }, { canAskForFiles: () => true })).map(
        ({ disabled, isPreferred }) => [disabled?.reason, isPreferred],
      );
    assert.deepEqual(of('django==3.2'), [
      [undefined, true],
      [undefined, undefined],
    ]);
    assert.deepEqual(of('django>=3.2', { change: { kind: 'floor', version: '4.2.16' } }), [
      ['django has hashes, which belong to particular releases: pin it.', undefined],
    ]);
    assert.deepEqual(of('django==3.2+mine', { latest: undefined }), [
      ['django is pinned to a local build (+mine): choose one of 4.2.16 by hand.', undefined],
    ]);
  });

  it('never shut malicious releases out of a range: the next one may be as bad', () => {
    const findings = [finding({ severity: 'malicious' })];
    const verdict = 'possiblyVulnerable';
    const exclude = { kind: 'exclude', versions: ['8.3.41'] } as const;
    const floor = { kind: 'floor', version: '8.3.43' } as const;
    for (const change of [exclude, floor, { kind: 'none' } as const]) {
      const context = contextOf('yolo>=8', { yolo: vulnerable({ change }, { findings, verdict }) });
      assert.deepEqual(titles(ask(context)), [
        'Remove yolo [yolo has malicious releases: remove it, or pin it to a release that you have checked.]',
      ]);
    }
  });

  it('change the constraints file where that decides, and have that confirmed', () => {
    const uri = 'file:///w/my%20constraints.txt';
    const constraints = [documentOf('django==3.2\n', uri, null)];
    const [constraint] = constraints;
    assert.ok(constraint);
    const pins = constraintPins([{ source: 'my constraints.txt', file: constraint.file }]);
    const context = contextOf(
      'django<5\n',
      { django: vulnerable() },
      { constraints },
      { constraints: pins, locked: [] },
    );
    const actions = ask(context);
    assert.deepEqual(titles(actions), ['Change django to 4.2.16 (nearest safe, major, in my constraints.txt)']);
    assert.deepEqual(applied(context, actions[0]), { [uri]: 'django==4.2.16\n' });
    assert.deepEqual(actions[0]?.edit, {
      documentChanges: [
        {
          textDocument: { uri, version: null },
          edits: [{ range: { ...at(0, 8), end: { line: 0, character: 11 } }, newText: '4.2.16', annotationId: uri }],
        },
      ],
      changeAnnotations: {
        [uri]: {
          label: 'Change django to 4.2.16 (nearest safe, major, in my constraints.txt)',
          description: 'my constraints.txt',
          needsConfirmation: true,
        },
      },
    });
  });

  it('raise the floor of a range whose version a lock or what is installed decides, and touch no lock', () => {
    const { versions } = versionsOf(packagesOfEnvironment(['django-3.2.dist-info']));
    for (const kind of ['compiled', 'lock', 'environment'] as const) {
      const decided = { ...nothingDecided, locked: [{ kind, source: 'x', versions }] };
      const context = contextOf('django>=3,<5\n', { django: vulnerable() }, {}, decided);
      const actions = ask(context);
      const then = kind === 'lock' ? ', then lock again' : '';
      assert.deepEqual(titles(actions), [`Change django to >=4.2.16,<5 (nearest safe, major)${then}`]);
      assert.deepEqual(applied(context, actions[0]), { [here]: 'django>=4.2.16,<5\n' });
      const capped = contextOf('django<4\n', { django: vulnerable() }, {}, decided);
      assert.match(titles(ask(capped)).join('\n'), /\[requirements\.txt:1 allows only django <4\./u);
      assert.deepEqual(ask(context, { only: [fixAllKind] }), []);
    }
  });

  it('are plain changes where the client has nothing else', () => {
    const abilities = { documentChanges: false, changeAnnotations: false, disabledActions: true };
    const context = contextOf('django==3.2', { django: vulnerable() }, { abilities });
    const [action] = ask(context);
    assert.deepEqual(Object.keys(action?.edit?.changes ?? {}), [here]);
    assert.deepEqual(applied(context, action), { [here]: 'django==4.2.16' });
  });

  it('write the hashes that the index has of the very release', () => {
    const filesOf = (name: string, version: string) => [
      { filename: `${name}-${version}.zip`, sha256: (version === '4.2.16' ? 'a' : 'b').repeat(64), yanked: false },
    ];
    const context = contextOf('Django==3.2 --hash=sha256:00', { django: vulnerable() }, { filesOf });
    assert.deepEqual(
      ask(context).map((action) => applied(context, action)[here]),
      [`Django==4.2.16 --hash=sha256:${'a'.repeat(64)}`, `Django==5.1.3 --hash=sha256:${'b'.repeat(64)}`],
    );
  });

  it('are none for what is clean, skipped, failed or being looked up', () => {
    const lastKnown = vulnerable();
    for (const outcome of [failed({ lastKnown }), vulnerable({}, { verdict: 'clean', findings: [] })]) {
      assert.deepEqual(ask(contextOf('django==3.2', { django: outcome })), []);
    }
    const context = contextOf('django==3.2', {});
    const lines = context.lines.map((line): LineState => ({
      ...line,
      state: { kind: 'pending', before: { version: '3.1', outcome: vulnerable() } },
    }));
    assert.deepEqual(ask({ ...context, lines }), []);
    assert.deepEqual(ask({ ...context, lines }, { only: [fixAllKind] }), []);
  });

  it('are of the kinds that are asked for', () => {
    const context = contextOf('django==3.2', { django: vulnerable() }, { policy: { allowMajor: true } });
    const kinds = (...only: string[]) => ask(context, { only }).map(({ kind }) => kind);
    assert.deepEqual(kinds('quickfix'), ['quickfix', 'quickfix']);
    assert.deepEqual(kinds('refactor', 'quickfix.other'), []);
    for (const asked of ['source', 'source.fixAll', fixAllKind]) assert.deepEqual(kinds(asked), [fixAllKind]);
    assert.deepEqual(kinds('source.organizeImports', 'source.fixAllOthers'), []);
    assert.deepEqual(kinds(''), ['quickfix', 'quickfix', fixAllKind]);
  });

  it('correct a line that cannot be read, where it is plain what it means', () => {
    const context = contextOf('six==1\ndjango=3.2\nimport x\n', {});
    const [action, ...rest] = ask(context, { range: at(1, 3) });
    assert.deepEqual([action?.title, action?.isPreferred, rest], ['Write "==" instead of "="', true, []]);
    assert.deepEqual(applied(context, action), { [here]: 'six==1\ndjango==3.2\nimport x\n' });
    assert.deepEqual(ask(context, { range: at(0) }), []);
    assert.deepEqual(ask(context, { range: at(2) }), []);
    assert.deepEqual(ask(context, { range: at(1), only: ['source'] }), []);
  });

  it('make hostile text harmless', () => {
    const hostile = contextOf('django==3.2', { django: vulnerable({ nearest: '4\u202E\n2', latest: undefined }) });
    const [action] = ask(hostile);
    assert.doesNotMatch(action?.title ?? '', /[\u202E\n]/u);
    assert.equal(action?.edit, undefined);
  });
});

describe('the fix of a whole file', () => {
  const all = (context: CodeActionContext) => ask(context, { only: [fixAllKind] });

  it('changes every vulnerable pin to its nearest safe version and no range', () => {
    const text = 'django==3.2\nflask>=1.0\nsix==1.0\nJinja2==2.0 ; python_version < "3.8"\r\nrequests==2.0,<3\n';
    const range = vulnerable({ change: { kind: 'floor', version: '4.2.16' } }, { verdict: 'possiblyVulnerable' });
    const outcomes = { django: vulnerable(), flask: range, jinja2: vulnerable(), requests: vulnerable() };
    const context = contextOf(text, outcomes, { policy: { allowMajor: true } });
    const [action, ...rest] = all(context);
    assert.deepEqual(rest, []);
    assert.equal(action?.title, 'Change 2 vulnerable pins to their nearest safe versions');
    assert.equal(action.kind, fixAllKind);
    const expected = text.replace('django==3.2', 'django==4.2.16').replace('Jinja2==2.0', 'Jinja2==4.2.16');
    assert.deepEqual(applied(context, action), { [here]: expected });
  });

  it('leaves majors for review, unless the settings allow them', () => {
    const minor = vulnerable({ nearest: '3.3', latest: '3.3' });
    const context = contextOf('django==3.2\nflask==3.2\n', { django: minor, flask: vulnerable() });
    assert.deepEqual(applied(context, all(context)[0]), { [here]: 'django==3.3\nflask==3.2\n' });
  });

  it('offers to stop ignoring at the light bulb, where the client has the command', () => {
    const ignored = { reason: 'not reached', until: null };
    const findings = [finding({ id: 'CVE-1', ignored }), finding({ id: 'CVE-2', ignored }), finding({ id: 'CVE-3' })];
    const stops = (more: ContextChanges, some = findings) =>
      ask(contextOf('django==3.2\n', { django: vulnerable({}, { findings: some }) }, more))
        .filter(({ title }) => title.startsWith('Stop'))
        .map(({ title, command }) => [title, command?.command, command?.arguments] as const);
    const argument = (...ids: readonly string[]) => [{ uri: here, ids, name: 'django', version: '3.2' }];
    assert.deepEqual(stops({ ignoreCommand: 'pinwatch.ignoreAdvisory' }), [
      ['Stop ignoring all 2 advisories', 'pinwatch.stopIgnoring', argument('CVE-1', 'CVE-2')],
      ['Stop ignoring CVE-1', 'pinwatch.stopIgnoring', argument('CVE-1')],
      ['Stop ignoring CVE-2', 'pinwatch.stopIgnoring', argument('CVE-2')],
    ]);
    assert.deepEqual(
      stops({ ignoreCommand: 'pinwatch.ignoreAdvisory' }, findings.slice(0, 1)).map(([title]) => title),
      ['Stop ignoring CVE-1'],
    );
    assert.deepEqual(stops({}), []);
  });

  it('leaves alone what is ignored altogether', () => {
    const findings = [finding({ ignored: { reason: '', until: null } })];
    const context = contextOf('django==3.2\n', { django: vulnerable({}, { findings }) });
    assert.deepEqual(ask(context, { only: [fixAllKind] }), []);
  });

  it('leaves other files alone', () => {
    const constraints = [documentOf('django==3.2\n', 'file:///w/c.txt')];
    const pins = constraintPins(constraints.map(({ file }) => ({ source: 'c.txt', file })));
    assert.deepEqual(
      all(contextOf('django\n', { django: vulnerable() }, { constraints }, { constraints: pins, locked: [] })),
      [],
    );
  });

  it('is none where nothing can be changed', () => {
    assert.deepEqual(all(contextOf('django==3.2', {})), []);
  });

  it('is not for a file that a tool wrote', () => {
    const header = '# This file was autogenerated by uv via the following command:\n#    uv pip compile a.in\n';
    assert.deepEqual(titles(all(contextOf(`${header}django==3.2`, { django: vulnerable() }))), []);
    const sources = [documentOf('django\n', 'file:///w/a.in')];
    const policy = { allowMajor: true };
    assert.deepEqual(titles(all(contextOf(`${header}django==3.2`, { django: vulnerable() }, { sources, policy }))), [
      'Change 1 vulnerable pin to its nearest safe version [requirements.txt is compiled by uv. Compile it again: uv pip compile a.in]',
    ]);
  });
});

describe('code actions in a compiled file', () => {
  const text = [
    '# This file was autogenerated by uv via the following command:',
    '#    uv pip compile app.in -o requirements.txt',
    'django==3.2',
    '    # via -r app.in',
    'sqlparse==0.1',
    '    # via django',
    '',
  ].join('\n');
  const uri = 'file:///w/app.in';
  const outcomes = { django: vulnerable(), sqlparse: vulnerable() };
  const inCompiled = (source?: string) =>
    contextOf(text, outcomes, { sources: source === undefined ? [] : [documentOf(source, uri)] });

  it('change the file it was made from, and never this one', () => {
    const rows: readonly (readonly [source: string, target: string, after: string])[] = [
      ['django\n', '>=4.2.16', 'django>=4.2.16\n'],
      ['django>=3.0,<5 # c\n', '>=4.2.16,<5', 'django>=4.2.16,<5 # c\n'],
      ['x\nDjango==3.2\n', '4.2.16', 'x\nDjango==4.2.16\n'],
    ];
    for (const [source, target, after] of rows) {
      const context = inCompiled(source);
      const actions = ask(context, { range: at(2) });
      assert.deepEqual(titles(actions), [`Change django to ${target} (major) in app.in, then compile again`]);
      assert.equal(actions[0]?.isPreferred, true);
      assert.deepEqual(applied(context, actions[0]), { [uri]: after });
    }
  });

  it('say what asks for a package that the source does not name', () => {
    const actions = ask(inCompiled('django\n'), { range: at(4) });
    assert.deepEqual(titles(actions), [
      'Change sqlparse where it is asked for [Compiled by uv from app.in: compile again with --upgrade-package sqlparse. sqlparse is there because of django.]',
    ]);
  });

  it('say where to change it when the source cannot be read, or bars the version', () => {
    assert.equal(
      titles(ask(inCompiled(), { range: at(2) }))[0],
      'Change django where it is asked for [Compiled by uv from app.in: change it there and compile again.]',
    );
    const barred = ask(inCompiled('django<4'), { range: at(2) });
    assert.deepEqual(titles(barred), [
      'Change django where it is asked for [app.in:1 allows only django <4. The nearest safe version is 4.2.16.]',
      'Change django to 4.2.16 (outside of <4 at app.in:1, major) in app.in, then compile again',
    ]);
    assert.equal(barred[1]?.isPreferred, undefined);
  });
});
