import assert from 'node:assert/strict';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { saidIn } from './saidIn.ts';

const wrong = '! manifest.requirement';

/** What has not the shape that its format wants, and what is said of it. */
const cases: readonly (readonly [what: string, path: string, text: string, said: readonly string[]])[] = [
  [
    'a text or a table in place of a list',
    'pyproject.toml',
    `[project]
dependencies = "a"
[build-system]
requires = { a = "1" }
[project.optional-dependencies]
x = "b"
[tool.uv]
dev-dependencies = "c"
[tool.rye]
dev-dependencies = 1
[tool.flit.metadata]
requires = "d"
requires-extra = { y = "e" }
[tool.pdm.dev-dependencies]
z = "f"
[tool.hatch.envs.e]
dependencies = "g"
[tool.hatch.build]
dependencies = "h"
`,
    Array<string>(10).fill(wrong),
  ],
  [
    'a list or a text in place of a table',
    'pyproject.toml',
    `dependency-groups = ["a"]
[[project]]
dependencies = ["b"]
[[build-system]]
requires = ["c"]
[tool]
uv = "d"
poetry = ["e"]
pdm.dev-dependencies = ["f"]
pdm.resolution.overrides = ["g"]
hatch.envs = ["h"]
pixi.pypi-dependencies = ["i"]
flit.metadata = "j"
`,
    Array<string>(10).fill(wrong),
  ],
  [
    'what is neither a text nor a table in what conda installs',
    'environment.yml',
    'name: x\ndependencies:\n  - [a]\n  - null\n  - numpy\n',
    [wrong, 'numpy (conda) unread'],
  ],
  [
    'what is no text in a list of texts',
    'pyproject.toml',
    '[project]\ndependencies = ["a", ["b"], { name = "c" }, 1]\ndynamic = "dependencies"\n',
    ['a (dependencies)', wrong, wrong, wrong, wrong],
  ],
  [
    'tables of Poetry that are none',
    'pyproject.toml',
    `[tool.poetry]
dev-dependencies = ["a"]
[tool.poetry.group]
x = ["b"]
y.dependencies = ["c"]
z.dependencies.d = 1
`,
    Array<string>(4).fill(wrong),
  ],
  [
    'what setuptools is to read and cannot',
    'pyproject.toml',
    `[project]
dynamic = ["dependencies", "optional-dependencies"]
[tool.setuptools.dynamic]
dependencies = ["a"]
optional-dependencies.x = { file = [1] }
`,
    [wrong, wrong],
  ],
  [
    'sources of uv that are none',
    'pyproject.toml',
    `[project]
dependencies = ["a==1", "b==1", "c==1", "d==1", "e==1", "f==1", "g==1", "h==1", "i==1"]
[tool.uv.sources]
a = "https://example.org"
b = 1
c = { gti = "https://example.org" }
d = { git = 1 }
e = [{ index = "x" }, "y"]
f = []
g = { workspace = "yes" }
h = { git = "https://example.org", brunch = "x" }
i = { workspace = false }
`,
    [
      ...'abcdefg'.split('').flatMap((name) => [`${name} (dependencies) unread`, wrong]),
      'h (dependencies) url',
      'i==1 (dependencies)',
      ...Array<string>(9).fill(wrong),
    ],
  ],
  ['sources of uv in a list', 'pyproject.toml', '[tool.uv]\nsources = ["a"]\n', [wrong]],
  [
    'Pythons and platforms of Poetry that cannot be read',
    'pyproject.toml',
    `[tool.poetry.dependencies]
a = { version = "1", python = "three" }
b = { version = "1", platform = "any of them" }
c = { version = "1", python = 3.9 }
d = { version = "1", platform = ["linux"], markers = 1 }
e = { version = "1", python = "*", platform = "!=win32,!=cygwin" }
f = { version = "1", platform = "linux || darwin", markers = "os_name == 'posix'" }
`,
    [
      ...['a==1', 'b==1', 'c==1', 'd==1'].flatMap((one) => [
        `${one} (dependencies)`,
        '! manifest.marker',
        ...(one === 'd==1' ? ['! manifest.marker'] : []),
      ]),
      'e==1 ; sys_platform != "win32" and sys_platform != "cygwin" (dependencies)',
      'f==1 ; os_name == "posix" and (sys_platform == "linux" or sys_platform == "darwin") (dependencies)',
    ],
  ],
  [
    'versions and addresses that are no texts',
    'pyproject.toml',
    '[tool.poetry.dependencies]\na = { version = 1 }\nb = { git = 1 }\nc = [{ path = ["x"] }, { version = "1" }]\n',
    [
      'a (dependencies) unread',
      wrong,
      'b (dependencies) unread',
      wrong,
      'c (dependencies) unread',
      wrong,
      'c==1 (dependencies)',
    ],
  ],
  [
    'versions and markers of a Pipfile that are no texts',
    'Pipfile',
    '[packages]\na = { version = 1 }\nb = { file = {} }\nc = { version = "*", sys_platform = 1 }\n',
    ['a (dependencies) unread', wrong, 'b (dependencies) unread', wrong, 'c (dependencies)', '! manifest.marker'],
  ],
  [
    'what Pixi has in place of texts',
    'pixi.toml',
    '[pypi-dependencies]\na = { version = 1 }\nb = { version = "*", env-markers = 1 }\n',
    ['a (dependencies) unread', wrong, 'b (dependencies)', '! manifest.marker'],
  ],
  [
    'what PDM overrides without a version',
    'pyproject.toml',
    '[tool.pdm.resolution.overrides]\na = 1\nb = "1.0"\n',
    [wrong, 'b==1.0 (override)'],
  ],
  [
    'targets, features and packages of Pixi that are none',
    'pixi.toml',
    `target.x = ["a"]
feature.y = "b"
feature.z.target = 1
environments.e = ["y"]
[pypi-dependencies]
c = 1
`,
    [wrong, wrong, wrong, wrong],
  ],
  [
    'packages of a lock without a name',
    'uv.lock',
    '[[package]]\nversion = "1"\n[[package]]\nname = 1\n[[package]]\nname = "a"\nversion = "1"\n',
    [wrong, wrong, 'a==1 (lock)'],
  ],
  ['a lock of uv that is a table', 'uv.lock', '[package]\nname = "a"\nversion = "1"\n', [wrong]],
  ['packages of Poetry without a name', 'poetry.lock', 'package = [{ version = "1" }, "a"]\n', [wrong, wrong]],
  ['packages of PDM without a name', 'pdm.lock', 'package = "a"\n', [wrong]],
  ['packages of PEP 751 without a name', 'pylock.toml', '[[packages]]\nversion = "1"\n', [wrong]],
  [
    'a lock of uv from before it said "package"',
    'uv.lock',
    '[[distribution]]\nname = "a"\nversion = "1"\nsource = { registry = "https://pypi.org/simple" }\n',
    ['a==1 (lock)'],
  ],
  ['a lock of Pipenv that is a list', 'Pipfile.lock', '[{"default": {}}]', [wrong]],
  [
    'sections and packages of Pipenv that are none',
    'Pipfile.lock',
    '{"_meta": 1, "default": ["a"], "develop": {"b": "==1", "c": {"version": "==1"}}, "docs": null}',
    [wrong, wrong, wrong, 'c==1 (lock)'],
  ],
  ['a Pipfile with lists', 'Pipfile', 'packages = ["a"]\n[dev-packages]\nb = ["1"]\n', [wrong, wrong]],
  [
    'a key that an ini file has twice',
    'tox.ini',
    '[testenv]\ndeps = a\ndeps = b\n[testenv]\ndescription = c\n',
    ['! manifest.syntax', 'b (env:testenv)'],
  ],
  [
    'a key of tox.ini with capitals',
    'tox.ini',
    '[testenv]\nDeps = a\n[tox]\nrequires = b\n',
    ['a (env:testenv)', 'b (env:tox)'],
  ],
  [
    'keys of setup.cfg with dashes and capitals',
    'setup.cfg',
    '[options]\ninstall-requires = a\nSetup_Requires =\n  b\ntests-require = c\n',
    ['a (dependencies)', 'b (build)', 'c (group:test)'],
  ],
  [
    'a line that a backslash joins with none',
    'setup.cfg',
    '[options]\ninstall_requires =\n  a\n  b \\\n',
    ['a (dependencies)', 'b (dependencies)'],
  ],
  ['an address in place of an extra', 'setup.cfg', '[options.extras_require]\nhttps://t0ken@h/x = a\n', [wrong]],
  [
    'one key of setup.cfg in two manners',
    'setup.cfg',
    '[options]\ninstall_requires = a\ninstall-requires = b\n',
    ['a (dependencies)', 'b (dependencies)'],
  ],
  [
    'scripts that a shell runs',
    'Dockerfile',
    `RUN bash -c "pip install a==1"
RUN set -e; sudo -E bash -euo pipefail -c 'cd x && pip install b' && pip install c
RUN ["/bin/sh", "-lc", "pip install d"]
RUN su - user -c "sh -c 'pip install e'"
RUN bash -c "pip install 'f"
RUN echo bash -c "pip install g"
RUN bash x.sh pip -c y
`,
    ['a==1 (run)', 'b (run)', 'c (run)', 'd (run)', 'e (run)', 'pip (run) unread'],
  ],
  [
    'shells in shells, as long as somebody may follow',
    'Dockerfile',
    `RUN ["sh", "-c", "sh -c 'sh -c \\"sh -c \\\\\\"sh -c pip\\\\\\"\\"'"]
`,
    ['pip (run) unread'],
  ],
  ['what xargs hands to pip', 'Dockerfile', 'RUN cat a.txt | xargs -n 1 pip install\n', ['xargs (run) unread']],
  [
    'a pip list that is none',
    'environment.yml',
    'dependencies:\n- pip: a==1\n- pip: |\n    b==1\n- pip: {c: 1}\n- pip:\n- pip: ~\n- pip: null\n',
    [wrong, wrong, wrong],
  ],
  ['dependencies of conda that are no list', 'environment.yml', 'dependencies:\n  pip:\n  - a==1\n', [wrong]],
  ['dependencies in a text', 'environment.yml', 'dependencies: |\n  - pip:\n    - a==1\n', [wrong]],
  ['a file of another kind with such a name', 'env.yml', 'dependencies:\n  chart: 1\n', []],
  [
    'hooks of pre-commit that are no tables, and lists that are none',
    '.pre-commit-config.yaml',
    `repos:
- a
- repo: x
  hooks: y
- repo: x
  hooks:
  - z
  - id: mypy
    additional_dependencies: a==1
  - id: own
    language: python
    additional_dependencies: [[b], c]
  - id: eslint
    additional_dependencies: "@x/y@1"
`,
    [wrong, wrong, wrong, wrong, wrong, 'c (hook:own)'],
  ],
  ['repositories that are no list', '.pre-commit-config.yaml', 'repos: x\n', [wrong]],
  [
    'the list of the first versions of pre-commit, and what hooks have in common',
    '.pre-commit-config.yaml',
    `- repo: x
  hooks:
  - &common
    id: a
    language: python
    additional_dependencies: [b==1]
  - <<: *common
    id: c
  - <<: *common
    id: d
    additional_dependencies: [e]
`,
    ['b==1 (hook:a)', 'b==1 (hook:c)', 'e (hook:d)'],
  ],
  ['a script whose list is none', 'x.py', '# /// script\n# dependencies = "a"\n# ///\n', [wrong]],
  [
    'keys and names that no package has',
    'Pipfile',
    '[packages]\n"" = "*"\n"../a" = "*"\n"b\\nc" = "*"\n"https://u:t0ken@h/x" = "*"\n',
    ['', '../a', 'b\nc', 'https://u:t0ken@h/x'].flatMap((name) => [`${name} *  (dependencies) unread`, wrong]),
  ],
  [
    'names in a lock that no package has',
    'Pipfile.lock',
    '{"default": {"a b": {"version": "==1"}}}',
    ['a b ==1  (lock) unread', wrong],
  ],
];

describe('what is not of the shape that its format wants', () => {
  for (const [what, path, text, said] of cases) {
    it(`is a problem of its place: ${what}`, () => {
      assert.deepEqual(saidIn(path, text), said);
    });
  }

  it('is reported at its place, with what had to be there', () => {
    const file = kindOfNamed('pyproject.toml').parse('[project]\ndependencies = "a"\n');
    assert.deepEqual(
      file.entries.flatMap(({ problems, span }, index) => [
        file.slice(file.starts[index] ?? 0, (file.starts[index] ?? 0) + span.end),
        ...problems.map(({ message }) => message),
      ]),
      ['"a"', 'dependencies has to be a list, so it is not read.'],
    );
  });

  for (const [path, text, ...messages] of [
    ['pyproject.toml', '[tool.uv]\nindex = 5\n', 'tool.uv.index has to be a list, so it is not read.'],
    ['uv.toml', 'index = 5\n', 'index has to be a list, so it is not read.'],
    [
      'pyproject.toml',
      '[[tool.uv.index]]\nname = 5\nurl = []\n',
      'tool.uv.index.name has to be text, so it is not read.',
      'tool.uv.index.url has to be text, so it is not read.',
    ],
    [
      'pyproject.toml',
      '[tool.uv]\noverride-dependencies = [5]\n',
      'An entry of override-dependencies has to be text, so it is not read.',
    ],
    [
      'pyproject.toml',
      '[tool.uv]\nconstraint-dependencies = "x"\n',
      'constraint-dependencies has to be a list, so it is not read.',
    ],
    ['pyproject.toml', '[tool.uv]\nsources = []\n', 'tool.uv.sources has to be a table, so it is not read.'],
    ['pyproject.toml', '[tool.uv]\nno-index = "yes"\n', 'no-index has to be true or false, so it is not read.'],
    ['pyproject.toml', '[tool.uv]\npip = 5\n', 'pip has to be a table, so it is not read.'],
    ['pyproject.toml', '[tool.poetry.source]\nname = "a"\n', 'tool.poetry.source has to be a list, so it is not read.'],
    [
      'pyproject.toml',
      '[tool.pdm]\nsource = [5]\n',
      'An entry of tool.pdm.source has to be a table, so it is not read.',
    ],
    ['pyproject.toml', '[tool]\ncibuildwheel = 5\n', 'cibuildwheel has to be a table, so it is not read.'],
    ['pyproject.toml', '[tool.hatch]\nenv = 5\n', 'env has to be a table, so it is not read.'],
    ['pyproject.toml', '[tool.pixi]\npypi-options = 5\n', 'pypi-options has to be a table, so it is not read.'],
    ['pyproject.toml', '[dependency-groups]\ndev = "x"\n', 'The group dev has to be a list of requirements.'],
    ['Pipfile', 'source = 5\n', 'source has to be a list, so it is not read.'],
    ['Pipfile.lock', '{"_meta": {"sources": 5}}', '_meta.sources has to be a list, so it is not read.'],
    ['x.ipynb', '[]', 'The notebook has to be a table, so it is not read.'],
    ['x.ipynb', '{"cells": 5}', 'cells has to be a list, so it is not read.'],
    ['x.ipynb', '{"cells": [5]}', 'An entry of cells has to be a table, so it is not read.'],
    ['x.ipynb', '{"cells": [{"cell_type": "code", "source": 5}]}', 'source has to be a list, so it is not read.'],
    ['environment.yml', 'name: x\ndependencies: 5\n', 'dependencies has to be a list, so it is not read.'],
    ['s.py', '# /// script\n# tool = 5\n# ///\n', 'tool has to be a table, so it is not read.'],
  ] as const) {
    it(`is reported in words: ${JSON.stringify(text)}`, () => {
      const { entries } = kindOfNamed(path).parse(text);
      assert.deepEqual(
        entries.flatMap(({ problems }) => problems.map(({ message }) => message)),
        messages,
      );
    });
  }

  it('is none where build targets of Hatch name files "dependencies"', () => {
    const text = '[tool.hatch.build.targets.wheel.force-include]\ndependencies = "pkg/dependencies"\n';
    assert.deepEqual(saidIn('pyproject.toml', text), []);
  });
});
