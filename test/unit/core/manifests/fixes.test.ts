import assert from 'node:assert/strict';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import type { Rewrite } from '../../../../server/src/core/manifests/rewrite.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';

function pin(text: string): Rewrite {
  const version = parseVersion(text);
  assert.ok(version);
  return { kind: 'pin', version };
}
const floor = (version: string): Rewrite => ({ kind: 'floor', version });
const without = (...versions: readonly string[]): Rewrite => ({ kind: 'exclude', versions });
const replaced = (version: string): Rewrite => ({ kind: 'replace', floor: version });

/** The line that the only requirement of a file becomes; in round brackets why there is no edit. */
function fixed(path: string, text: string, to: Rewrite): string {
  const file = kindOfNamed(path).parse(text);
  const index = file.entries.findIndex((_, at) => file.contentOf(at)?.kind === 'index');
  const edit = file.rewrite?.(index, to) ?? { kind: 'disabled', reason: 'only read' };
  if (edit.kind === 'disabled') return `(${edit.reason})`;
  const after = file.edit(edit.changes).text.split('\n');
  const changed = after.filter((line, at) => line !== text.split('\n')[at]);
  assert.equal(after.length, text.split('\n').length);
  assert.equal(changed.length, 1);
  return changed[0]?.trim() ?? '';
}

const list = (requirement: string): string => `[project]\ndependencies = [ # c\n  ${requirement}, # d\n]\n`;
const poetry = (entry: string): string => `[tool.poetry.dependencies]\n${entry}\n`;
const pipfile = (entry: string): string => `[packages]\n${entry}\n`;

const cases: readonly (readonly [path: string, text: string, to: Rewrite, line: string])[] = [
  ['pyproject.toml', list('"a==1.0"'), pin('1.1'), '"a==1.1", # d'],
  ['pyproject.toml', list(`'a[x] >= 1, <3 ; os_name == "nt"'`), floor('2'), `'a[x] >= 2, <3 ; os_name == "nt"', # d`],
  ['pyproject.toml', list('"a"'), floor('2'), '"a>=2", # d'],
  ['pyproject.toml', list('"a>=1"'), without('1.5'), '"a>=1,!=1.5", # d'],
  ['pyproject.toml', list('"a>=1,<2"'), replaced('2.1'), '"a>=2.1", # d'],
  ['pyproject.toml', list('"""a==1.0"""'), pin('1.1'), '"""a==1.1""", # d'],
  // As uv writes markers.
  ['pyproject.toml', list('"a==1.0 ; os_name == \\"nt\\""'), pin('1.1'), '"a==1.1 ; os_name == \\"nt\\"", # d'],
  ['pyproject.toml', list('"a; os_name == \\"nt\\""'), floor('2'), '"a>=2; os_name == \\"nt\\"", # d'],
  [
    'environment.yml',
    "dependencies:\n- pip:\n  - 'a>=1; os_name == ''nt'''\n",
    floor('2'),
    "- 'a>=2; os_name == ''nt'''",
  ],
  [
    'x.ipynb',
    '{"cells": [{"cell_type": "code", "source": "%pip install \'a==1.0; os_name == \\"nt\\"\'"}]}',
    pin('1.1'),
    '{"cells": [{"cell_type": "code", "source": "%pip install \'a==1.1; os_name == \\"nt\\"\'"}]}',
  ],
  ['pyproject.toml', list('"\\u0061==1.0"'), pin('1.1'), '"\\u0061==1.1", # d'],
  ['Dockerfile', 'RUN pip install a"[x]"\'==1.0\'\n', pin('1.1'), 'RUN pip install a"[x]"\'==1.1\''],
  [
    'pyproject.toml',
    list('"a\\u003d=1.0"'),
    pin('1.1'),
    '(a cannot be rewritten safely where it stands: change it by hand.)',
  ],
  [
    'pyproject.toml',
    list('"a==1.0+cu1"'),
    pin('1.1'),
    '(a is pinned to a local build (+cu1): choose one of 1.1 by hand.)',
  ],
  ['pyproject.toml', poetry('a = "^1.2" # c'), floor('1.5.3'), 'a = "^1.5.3" # c'],
  ['pyproject.toml', poetry("a = '~1.2'"), floor('1.2.9'), "a = '~1.2.9'"],
  ['pyproject.toml', poetry('a = "~1"'), floor('1.4'), 'a = ">=1.4,<2"'],
  ['pyproject.toml', poetry('a = "1.0"'), pin('1.1'), 'a = "1.1"'],
  ['pyproject.toml', poetry('a = "==1.0"'), pin('1.1'), 'a = "==1.1"'],
  ['pyproject.toml', poetry('a = "*"'), floor('2'), 'a = ">=2"'],
  [
    'pyproject.toml',
    poetry('a = {version = "^1.2", extras = ["x"]}'),
    floor('1.3'),
    'a = {version = "^1.3", extras = ["x"]}',
  ],
  ['pyproject.toml', poetry('a = "^1.2"'), without('1.5'), 'a = "^1.2,!=1.5"'],
  ['pyproject.toml', poetry('a = "^1.2"'), replaced('2.1'), 'a = ">=2.1"'],
  ['Pipfile', pipfile('a = "==1.0"'), pin('1.1'), 'a = "==1.1"'],
  ['Pipfile', pipfile('a = "1.0"'), pin('1.1'), 'a = "1.1"'],
  ['Pipfile', pipfile('a = "*"'), floor('2'), 'a = ">=2"'],
  ['Pipfile', pipfile('a = {version = ">=1", index = "pypi"}'), floor('2'), 'a = {version = ">=2", index = "pypi"}'],
  ['pixi.toml', '[pypi-dependencies]\na = ">=1,<3"\n', floor('2'), 'a = ">=2,<3"'],
  ['setup.cfg', '[options]\ninstall_requires =\n  a==1.0  # c\n', pin('1.1'), 'a==1.1  # c'],
  ['tox.ini', '[testenv]\ndeps =\n  py38: a>=1\n', floor('2'), 'py38: a>=2'],
  ['tox.toml', '[env_run_base]\ndeps = ["a==1.0", "b"]\n', pin('1.1'), 'deps = ["a==1.1", "b"]'],
  [
    'pyproject.toml',
    '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps =\n  py38: a>=1 # c\n"""\n',
    floor('2'),
    'py38: a>=2 # c',
  ],
  ['pyproject.toml', '[tool.cibuildwheel]\ntest-requires = "a==1.0 b"\n', pin('1.1'), 'test-requires = "a==1.1 b"'],
  ['pyproject.toml', '[tool.poetry.requires-plugins]\na = "^1.2"\n', floor('1.3'), 'a = "^1.3"'],
  ['hatch.toml', '[envs.x]\ndependencies = ["a"]\n', floor('2'), 'dependencies = ["a>=2"]'],
  ['environment.yml', 'dependencies:\n- pip:\n  - "a==1.0" # c\n', pin('1.1'), '- "a==1.1" # c'],
  [
    '.pre-commit-config.yaml',
    'repos:\n- hooks:\n  - additional_dependencies: [a==1.0]\n',
    pin('1.1'),
    '- additional_dependencies: [a==1.1]',
  ],
  ['Dockerfile', 'RUN pip install a==1.0 "b"\n', pin('1.1'), 'RUN pip install a==1.1 "b"'],
  ['Dockerfile', 'RUN pip install "a>=1"\n', floor('2'), 'RUN pip install "a>=2"'],
  // Without quotes the shell would write to a file.
  [
    'Dockerfile',
    'RUN pip install a\n',
    floor('2'),
    '(a cannot be rewritten safely where it stands: change it by hand.)',
  ],
  [
    'x.ipynb',
    '{"cells": [{"cell_type": "code", "source": ["%pip install a==1.0"]}]}',
    pin('1.1'),
    '{"cells": [{"cell_type": "code", "source": ["%pip install a==1.1"]}]}',
  ],
  ['x.py', '# /// script\n# dependencies = ["a"]\n# ///\n', floor('2'), '# dependencies = ["a>=2"]'],
  ['uv.lock', '[[package]]\nname = "a"\nversion = "1"\n', pin('2'), '(only read)'],
];

describe('fixes of manifests', () => {
  for (const [path, text, to, line] of cases) {
    it(`${to.kind} in ${path}: ${line}`, () => {
      assert.equal(fixed(path, text, to), line);
    });
  }

  it('complete versions behind the operators of each format', () => {
    const at = (path: string, text: string) => {
      const offset = text.indexOf('|');
      const file = kindOfNamed(path).parse(text.replace('|', ''));
      const line = text.slice(0, offset).split('\n').length - 1;
      const token = file.versionAt?.({ line, character: offset - text.lastIndexOf('\n', offset - 1) - 1 });
      return token && [token.name, token.operator, token.text, token.typed, token.range.start.character];
    };
    assert.deepEqual(at('pyproject.toml', list('"a==1.|0"')), ['a', '==', '1.0', '1.', 6]);
    assert.deepEqual(at('pyproject.toml', list('"a[x]>=|"')), ['a', '>=', '', '', 9]);
    assert.deepEqual(at('pyproject.toml', poetry('a = "^1.|"')), ['a', '>=', '1.', '1.', 6]);
    assert.deepEqual(at('Pipfile', pipfile('a = {version = "~=1|"}')), ['a', '~=', '1', '1', 18]);
    assert.equal(at('uv.lock', '[[package]]\nname = "a"\nversion = "1|"\n'), undefined);
    assert.equal(at('pyproject.toml', '[project]\nversion = "1|"\n'), undefined);
  });

  it('complete names at the beginning of a requirement', () => {
    const file = kindOfNamed('pyproject.toml').parse(list('"dja"'));
    assert.deepEqual(file.nameAt?.({ line: 2, character: 5 }), {
      range: { start: { line: 2, character: 3 }, end: { line: 2, character: 6 } },
      text: 'dja',
      typed: 'dj',
    });
    assert.equal(file.nameAt?.({ line: 0, character: 2 }), undefined);
  });
});
