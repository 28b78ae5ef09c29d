import type { Clause, Operator } from '../../../../server/src/core/versions/clause.ts';
import type { Span } from '../../../../server/src/core/text/position.ts';
import assert from 'node:assert/strict';
import { hasOwnIndex } from '../../../../server/src/core/manifests/pip/parse/ownIndex.ts';
import { contentOf } from '../../../../server/src/core/manifests/pip/content.ts';
import { parseFile } from '../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { assessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import type { AssessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import type { Item, NamedRequirement } from '../../../../server/src/core/manifests/pip/model.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';

describe('assessmentTarget', () => {
  it('asks about a pin in its normal form, and shows it as written', () => {
    const text = 'Django_CMS [x] >= 0.9 , == v01.0-RC1';
    assert.deepEqual(target(requirement(text, 'Django_CMS', '>=0.9', '==v01.0-RC1')), {
      kind: 'pin',
      pin: { name: 'django-cms', version: '1.0rc1' },
      token: spanOf(text, 'v01.0-RC1'),
      version: 'v01.0-RC1',
    });
  });

  it('asks about all that a specifier admits, and about every release where there is none', () => {
    const cases: readonly (readonly [Item, string, string])[] = [
      [requirement('flask', 'flask'), '', 'flask'],
      [requirement('flask>=2.0', 'flask', '>=2.0'), '>=2.0', '2.0'],
      [requirement('flask>=2,<3', 'flask', '>=2', '<3'), '>=2,<3', 'flask'],
      [requirement('flask==2.*', 'flask', '==2.*'), '==2.*', '2.*'],
    ];
    for (const [item, text, tokenText] of cases) {
      const found = target(item);
      assert.ok(found?.kind === 'range', item.text);
      assert.deepEqual([found.range.name, found.range.text], ['flask', text]);
      assert.equal(item.text.slice(found.token.start, found.token.end), tokenText);
    }
  });

  it('reads the release of a wheel or source distribution out of its file name', () => {
    const asked = (text: string): string => {
      const [item] = parseFile(`${text}\n`).items;
      const found = item && target(item);
      switch (found?.kind) {
        case 'pin':
          return `${found.pin.name} ${found.pin.version} ${found.decidedBy?.kind ?? ''} ${item?.text.slice(found.token.start, found.token.end) ?? ''}`;
        case 'skipped':
          return found.outcome.reason;
        default:
          return found?.kind ?? 'nothing';
      }
    };
    const files = 'https://files.pythonhosted.org/packages/5a';
    const cases: readonly (readonly [string, string])[] = [
      [`urllib3 @ ${files}/urllib3-1.25.8-py2.py3-none-any.whl`, 'urllib3 1.25.8 fileName urllib3'],
      [`${files}/urllib3-1.25.8-py2.py3-none-any.whl`, 'urllib3 1.25.8 fileName urllib3'],
      ['./wheels/foo-1.0-py3-none-any.whl', 'foo 1.0 fileName foo'],
      ['Foo_Bar @ file:///w/foo_bar-1.0.post1-2-py3-none-any.whl#sha256=1', 'foo-bar 1.0.post1 fileName Foo_Bar'],
      [
        'torch @ https://e.org/cu118/torch-2.0.1%2Bcu118-cp310-cp310-linux_x86_64.whl?x=y',
        'torch 2.0.1+cu118 fileName torch',
      ],
      ['pyyaml @ https://e.org/PyYAML-5.3.tar.gz', 'pyyaml 5.3 fileName pyyaml'],
      ['foo-bar @ https://e.org/foo-bar-1.0rc1.zip ; python_version > "3"', 'foo-bar 1.0rc1 fileName foo-bar'],
      ['https://e.org/foo-1.0.tar.gz#egg=foo', 'foo 1.0 fileName foo'],
      // Not one of them says which release it is.
      ['https://e.org/foo-1.0.tar.gz', 'url'],
      ['./foo-1.0.tar.gz', 'path'],
      ['foo @ https://e.org/bar-1.0-py3-none-any.whl', 'url'],
      ['foo @ https://e.org/bar-1.0.tar.gz', 'url'],
      ['foo @ https://e.org/foo-latest.tar.gz', 'url'],
      ['foo @ https://e.org/archive/v1.0.zip', 'url'],
      ['foo @ https://e.org/foo-1.0.tar.gz#subdirectory=sub', 'url'],
      ['foo @ git+https://e.org/foo-1.0.tar.gz', 'url'],
      ['foo @ git+https://e.org/foo-1.0-py3-none-any.whl', 'url'],
      ['foo @ file:///croot/foo_1700000000000/work', 'url'],
      ['foo @ https://e.org/foo-1.0.whl', 'url'],
      ['-e ./foo-1.0', 'editable'],
      // What is private stays so, wherever it comes from.
      ['acme-core @ https://e.org/acme_core-1.0-py3-none-any.whl', 'private'],
      ['https://e.org/acme_core-1.0-py3-none-any.whl', 'private'],
      ['./acme_core-1.0-py3-none-any.whl', 'private'],
      ['acme-core @ git+https://e.org/acme', 'private'],
    ];
    for (const [text, expected] of cases) {
      assert.equal(asked(text), expected, text);
    }
  });

  it('says of everything else why there is nothing to ask', () => {
    const cases: readonly (readonly [Item, string, string, string])[] = [
      [requirement('flask==1,==2', 'flask', '==1', '==2'), 'contradictory', 'flask', 'No version of flask can fulfil'],
      [requirement('flask===latest', 'flask', '===latest'), 'notPep440', 'latest', 'flask: "latest" is not a PEP 440'],
      [requirement('acme-core==1.0', 'acme-core', '==1.0'), 'private', '1.0', 'acme-core is private by your settings'],
      [requirement('acme-core>=1', 'acme-core', '>=1'), 'private', '1', 'acme-core is private by your settings'],
      [
        {
          ...requirement('flask @ https://e.org/f.zip', 'flask'),
          url: token('flask @ https://e.org/f.zip', 'https://e.org/f.zip'),
        },
        ...(['url', 'flask', 'flask is installed from a URL'] as const),
      ],
      [
        line({
          kind: 'url',
          url: token('https://u:pw@e.org/a.whl?key=1', 'https://u:pw@e.org/a.whl?key=1'),
          hashes: [],
        }),
        ...(['url', 'https://u:pw@e.org/a.whl?key=1', '"https://e.org/a.whl" is installed from a URL'] as const),
      ],
      [
        line({ kind: 'path', path: token('./pkg', './pkg'), archive: false }),
        'path',
        './pkg',
        '"./pkg" is a local path',
      ],
      [
        line({ kind: 'editable', target: token('-e ./pkg', './pkg') }),
        'editable',
        './pkg',
        '"./pkg" is an editable install',
      ],
      [line({ kind: 'editable', target: token('-e .', '.') }), 'editable', '.', '"." is the project in this folder.'],
    ];
    for (const [item, reason, tokenText, message] of cases) {
      const found = target(item);
      assert.ok(found?.kind === 'skipped', item.text);
      assert.equal(found.outcome.reason, reason, item.text);
      assert.equal(item.text.slice(found.token.start, found.token.end), tokenText);
      assert.ok(found.outcome.message.startsWith(message), found.outcome.message);
    }
  });

  it('never lets a name that is private through, pinned or not', () => {
    for (const clauses of [[], ['==1.0'], ['>=1'], ['===x'], ['==1', '==2']]) {
      const found = target(requirement(`ACME.Core${clauses.join(',')}`, 'ACME.Core', ...clauses));
      assert.ok(found?.kind === 'skipped' && found.outcome.reason === 'private');
    }
  });

  it('lets no name through whose line has an index of its own', () => {
    for (const options of [
      '--index-url https://x.example',
      '-i https://x.example',
      '--extra-index-url=https://u:p@x.example',
    ]) {
      const [item] = parseFile(`Flask==1.0 ${options}\nsix==1.0 --hash=sha256:${'0'.repeat(64)}\n`).items;
      const found = item && assessmentTarget(contentOf(item), () => false);
      assert.ok(found?.kind === 'skipped' && found.outcome.reason === 'private', options);
      assert.equal(
        found.outcome.message,
        'Flask has a package index of its own, so it was not sent to any service.',
        options,
      );
    }
    const [hashed, unread] = parseFile(`six==1.0 --hash=sha256:${'0'.repeat(64)}\nacme== -i https://x.example\n`).items;
    assert.equal(hashed && assessmentTarget(contentOf(hashed), () => false)?.kind, 'pin');
    assert.ok(unread && hasOwnIndex(unread));
  });

  it('says of a line that cannot be read that it failed, and why', () => {
    const problems = [{ span: { start: 0, end: 7 }, message: 'flask has no version after "==".', code: 'x' }];
    const { name } = requirement('flask==', 'flask');
    const named = target({ ...line({ kind: 'error', name }, 'flask=='), problems });
    assert.deepEqual(named, {
      kind: 'invalid',
      outcome: { kind: 'failed', reason: 'invalid', message: 'flask has no version after "==".' },
      token: name.span,
    });
    const nameless = target(line({ kind: 'error' }, '==1.0'));
    assert.ok(nameless?.kind === 'invalid');
    assert.deepEqual(nameless.token, { start: 0, end: 5 });
    assert.equal(nameless.outcome.message, '"==1.0" cannot be read.');
    assert.equal(target(line({ kind: 'error' }, '-e git+https://e.org/x'))?.kind, 'invalid');
  });

  it('has nothing for lines that ask for no package', () => {
    assert.equal(target(line({ kind: 'option', options: [] }, '--pre')), undefined);
    assert.equal(target(line({ kind: 'include', target: token('-r a.txt', 'a.txt') })), undefined);
    assert.equal(target(line({ kind: 'constraint', target: token('-c a.txt', 'a.txt') })), undefined);
    assert.equal(target(line({ kind: 'error' }, '--no-such-option')), undefined);
  });
});

function target(item: Item): AssessmentTarget | undefined {
  return assessmentTarget(contentOf(item), (name) => name.startsWith('acme-'));
}

const base = { problems: [], pipLineCount: 1, extras: [], hashes: [], configSettings: [], ignoredOptions: [] };

function line<T extends object>(parts: T, text = textOf(parts)): T & typeof base & { text: string; span: Span } {
  return { ...base, text, span: { start: 0, end: text.length }, ...parts };
}

/** The text of the first token. The span of a token that starts later is kept right by blanks before it. */
function textOf(parts: object): string {
  const found = Object.values(parts).find((value): value is { text: string; span: Span } => typeof value === 'object');
  assert.ok(found);
  return ' '.repeat(found.span.start) + found.text;
}

function token(text: string, part: string): { readonly text: string; readonly span: Span } {
  return { text: part, span: spanOf(text, part) };
}

function spanOf(text: string, part: string): Span {
  const start = text.lastIndexOf(part);
  assert.notEqual(start, -1, `${part} in ${text}`);
  return { start, end: start + part.length };
}

function requirement(text: string, name: string, ...clauses: readonly string[]): NamedRequirement {
  return {
    ...line({ kind: 'requirement' as const }, text),
    name: { ...token(text, name), normalized: normalizeName(name) },
    extras: [],
    ...(clauses.length === 0
      ? {}
      : {
          specifier: {
            text: clauses.join(','),
            span: { start: 0, end: 0 },
            clauses: clauses.map((clause) => toClause(text, clause)),
          },
        }),
    hashes: [],
    configSettings: [],
    ignoredOptions: [],
  };
}

function toClause(text: string, clause: string): Clause {
  const operator = /^(===|~=|==|!=|<=|>=|<|>)/.exec(clause)?.[0] as Operator;
  const version = clause.slice(operator.length);
  const span = spanOf(text, version);
  return { operator, operatorSpan: span, version, versionSpan: span, wildcard: version.endsWith('.*') };
}
