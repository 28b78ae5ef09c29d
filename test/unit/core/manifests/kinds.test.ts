import assert from 'node:assert/strict';
import { nameOf } from '../../../../server/src/core/manifests/manifest.ts';
import { installedKind, kindOf, kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { saidIn } from './saidIn.ts';

const cases: readonly (readonly [what: string, path: string, text: string, said: readonly string[]])[] = [
  [
    'the tables of the standards',
    'pyproject.toml',
    `[build-system]
requires = ["hatchling>=1"]
[project]
dependencies = [
  "flask==1.0", # a comment with "quotes" and ]
  'jinja2>=2,<4 ; python_version >= "3.8"',
  "a[b,c] @ https://example.org/a.whl",
]
[project.optional-dependencies]
img = ["pillow"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
`,
    [
      'hatchling>=1 (build)',
      'flask==1.0 (dependencies)',
      'jinja2>=2,<4 ; python_version >= "3.8" (dependencies)',
      'a[b,c] (dependencies) url',
      'pillow (optional:img)',
      'pytest (group:dev)',
      'ruff (group:lint)',
    ],
  ],
  [
    'groups that include each other or nothing',
    'pyproject.toml',
    '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "A"}]\nc = [{include-group = "x"}, {y = 1}]\nd = 1\n',
    ['! manifest.cycle', '! manifest.cycle', '! manifest.group', '! manifest.group', '! manifest.group'],
  ],
  [
    'what uv takes from elsewhere',
    'pyproject.toml',
    `[project]
dependencies = ["a", "b", "c", "d", "e>=1"]
[tool.uv]
constraint-dependencies = ["a<9"]
[tool.uv.sources]
a = { git = "https://example.org/a", rev = "1" }
B = { workspace = true }
c = { index = "inner" }
d = { path = "../d" }
e = [{ git = "https://example.org/e", marker = "sys_platform == 'win32'" }, { index = "public" }]
[[tool.uv.index]]
name = "public"
url = "https://pypi.org/simple"
`,
    [
      'a (dependencies) url',
      'b (dependencies) editable',
      'c (dependencies) own index',
      'd (dependencies) path',
      'e>=1 (dependencies)',
      'a<9 (constraint)',
    ],
  ],
  [
    'the constraints of Poetry',
    'pyproject.toml',
    `[tool.poetry.dependencies]
python = "^3.8"
caret = "^1.2.3"
zero = "^0.2.3"
zeros = "^0.0.3"
tilde = "~1.2"
tilde1 = "~1"
bare = "1.2.3"
wild = "1.2.*"
any = "*"
both = ">=1 <2"
either = "^1 || ^2"
apart = "<1 || >2"
epoch = "^1!2.3"
bad = "^x.y"
table = { version = "^2", extras = ["z"], markers = "os_name == 'nt'" }
git = { git = "https://example.org/g.git", tag = "1" }
own = { version = "1", source = "inner" }
many = [{ version = "^1", python = "<3" }, { version = "^2", python = ">=3" }]
[tool.poetry.group.dev.dependencies]
pytest = "^7"
`,
    [
      'caret>=1.2.3,<2 (dependencies)',
      'zero>=0.2.3,<0.3 (dependencies)',
      'zeros>=0.0.3,<0.0.4 (dependencies)',
      'tilde>=1.2,<1.3 (dependencies)',
      'tilde1>=1,<2 (dependencies)',
      'bare==1.2.3 (dependencies)',
      'wild==1.2.* (dependencies)',
      'any (dependencies)',
      'both>=1,<2 (dependencies)',
      'either>=1,<3 (dependencies)',
      'apart (dependencies) unread',
      'epoch>=1!2.3,<1!3 (dependencies)',
      'bad (dependencies) unread',
      '! manifest.requirement',
      'table[z]>=2,<3 ; os_name == "nt" (dependencies)',
      'git (dependencies) url',
      'own==1 (dependencies) own index',
      'many>=1,<2 ; python_version < "3" (dependencies)',
      'many>=2,<3 ; python_version >= "3" (dependencies)',
      'pytest>=7,<8 (group:dev)',
    ],
  ],
  [
    'PDM, Hatch, Pixi and Flit',
    'pyproject.toml',
    `[tool.pdm.dev-dependencies]
test = ["pytest", "-e file:///\${PROJECT_ROOT}/lib#egg=lib"]
[tool.hatch.envs.docs]
dependencies = ["sphinx==5"]
extra-dependencies = ["furo"]
[tool.pixi.pypi-dependencies]
requests = ">=2"
local = { path = ".", editable = true }
[tool.pixi.feature.x.pypi-dependencies]
numpy = "*"
[tool.flit.metadata]
requires = ["attrs"]
`,
    [
      'pytest (group:test)',
      'lib (group:test) editable',
      'sphinx==5 (env:docs)',
      'furo (env:docs)',
      'requests>=2 (dependencies)',
      'local (dependencies) editable',
      'numpy (feature:x)',
      'attrs (dependencies)',
    ],
  ],
  [
    'dependencies that something else fills in',
    'pyproject.toml',
    '[project]\ndynamic = ["dependencies", "version"]\n',
    ['dependencies (dependencies) unread'],
  ],
  [
    'dependencies that setuptools reads from files',
    'pyproject.toml',
    '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["requirements.txt"] }\n',
    ['requirements.txt (dependencies) include'],
  ],
  [
    'a lock of uv',
    'uv.lock',
    `version = 1
[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
[[package]]
name = "flask"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "mine"
version = "2"
source = { registry = "https://inner.example/simple" }
[[package]]
name = "g"
version = "3"
source = { git = "https://example.org/g#abc" }
`,
    ['app (lock) editable', 'flask==1.0 (lock)', 'mine==2 (lock) own index', 'g (lock) url'],
  ],
  [
    'a lock of Poetry',
    'poetry.lock',
    '[[package]]\nname = "A_b"\nversion = "1.0"\ngroups = ["main", "dev"]\n\n[package.dependencies]\nc = "*"\n\n[[package]]\nname = "c"\nversion = "2"\n[package.source]\ntype = "directory"\nurl = "c"\n',
    ['A_b==1.0 (lock)', 'c (lock) path'],
  ],
  [
    'a lock of PDM',
    'pdm.lock',
    '[[package]]\nname = "a"\nversion = "1"\nmarker = "os_name == \'nt\'"\ndependencies = ["b>=1"]\n[[package]]\nname = "b"\nversion = "2"\nurl = "https://x/b.whl"\n',
    ['a==1 ; os_name == "nt" (lock)', 'b (lock) url'],
  ],
  [
    'a lock of PEP 751',
    'pylock.dev.toml',
    '[[packages]]\nname = "a"\nversion = "1"\n[[packages]]\nname = "b"\n[packages.directory]\npath = "b"\n',
    ['a==1 (lock)', 'b (lock) path'],
  ],
  [
    'a Pipfile',
    'Pipfile',
    '[packages]\na = "*"\nb = "1.0"\nc = {version = ">=1", markers = "os_name == \'nt\'", sys_platform = "== \'x\'"}\nd = {git = "https://x/d"}\n[dev-packages]\ne = "~=1.0"\n[docs]\nf = "=1"\n',
    [
      'a (dependencies)',
      'b==1.0 (dependencies)',
      'c>=1 ; os_name == "nt" and sys_platform == "x" (dependencies)',
      'd (dependencies) url',
      'e~=1.0 (group:dev)',
      'f (group:docs) unread',
      '! manifest.requirement',
    ],
  ],
  [
    'a lock of Pipenv',
    'Pipfile.lock',
    '{"_meta": {"sources": []}, "default": {"a": {"version": "==1.0", "markers": null}, "b": {"git": "https://x/b", "ref": "1"}}, "develop": {"c": {"version": "==2"}}}',
    ['a==1.0 (lock)', 'b (lock) url', 'c==2 (lock)'],
  ],
  [
    'setup.cfg',
    'setup.cfg',
    '[options]\ninstall_requires =\n  # none\n  a==1.0  # why\n  b>=1; python_version < "3"\nsetup_requires = c; d\n[options.extras_require]\ndocs = file: docs.txt\n',
    [
      'a==1.0 (dependencies)',
      'b>=1 ; python_version < "3" (dependencies)',
      'c (build)',
      'd (build)',
      'docs.txt (optional:docs) include',
    ],
  ],
  [
    'tox.ini',
    'tox.ini',
    '[testenv]\ndeps =\n  pytest\n  py38,lint: mock>=1\n  -r{toxinidir}/requirements.txt\n  {env:X}\n[testenv:docs]\ndeps = sphinx\n',
    [
      'pytest (env:testenv)',
      'mock>=1 (env:testenv)',
      'requirements.txt (env:testenv) include',
      '{env:X} (env:testenv) unread',
      'sphinx (env:docs)',
    ],
  ],
  [
    'tox.toml',
    'tox.toml',
    `requires = ["tox>=4.20"]
[env_run_base]
deps = ["pytest>=7 ; python_version < '3.9'", "-r requirements.txt", "-c {tox_root}/c.txt", '']
[env.lint]
deps = [
  { replace = "ref", of = ["env_run_base", "deps"], extend = true },
  "ruff==0.1", # why
  { replace = "if", condition = "env.X", then = ["a"], else = ["b"], extend = true },
  { replace = "posargs", default = ["c"], extend = true },
]
[env."3.12"]
deps = """
  mock==1.0
  x==2{env:Y}  # a comment
"""
[env.bad]
deps = [1, ["d"], {}, { x = 1 }]
[env.none]
deps = 1
[env]
text = "e"
`,
    [
      'tox>=4.20 (env:tox)',
      'pytest>=7 ; python_version < "3.9" (env:env_run_base)',
      'requirements.txt (env:env_run_base) include',
      'c.txt (env:env_run_base) constraint',
      'ruff==0.1 (env:lint)',
      'a (env:lint)',
      'b (env:lint)',
      'replace = "posargs" (env:lint) unread',
      'c (env:lint)',
      'mock==1.0 (env:3.12)',
      'x==2{env:Y} (env:3.12) unread',
      ...Array<string>(5).fill('! manifest.requirement'),
    ],
  ],
  [
    'tox in pyproject.toml',
    'pyproject.toml',
    `[project]
dependencies = ["flask"]
[tool.tox]
requires = ["tox-uv"]
env_run_base = { deps = ["pytest"] }
`,
    ['flask (dependencies)', 'tox-uv (env:tox)', 'pytest (env:env_run_base)'],
  ],
  [
    'an ini file of tox in pyproject.toml',
    'pyproject.toml',
    `[tool.tox]
legacy_tox_ini = """
[tox]
requires = tox>4
[testenv]
deps =
  py38: pytest==7
  \\u0061ttrs
  {[docs]deps}
  mock
[docs]
deps = sphinx
broken
"""
`,
    [
      'tox>4 (env:tox)',
      'pytest==7 (env:testenv)',
      'attrs (env:testenv)',
      'mock (env:testenv)',
      'sphinx (env:docs)',
      '! manifest.syntax',
    ],
  ],
  [
    'tox in setup.cfg',
    'setup.cfg',
    '[options]\ninstall_requires = a\n[tox:tox]\nrequires = b\n[testenv:x]\ndeps = c\n[other]\ndeps = d\n',
    ['a (dependencies)', 'b (env:tox)', 'c (env:x)'],
  ],
  ['sections of setup.cfg that tox does not read', 'setup.cfg', '[testenv]\ndeps = a\n', []],
  [
    'what uv adds to the builds of packages',
    'pyproject.toml',
    `[tool.uv]
build-constraint-dependencies = ["setuptools==60"]
[tool.uv.extra-build-dependencies]
flash-attn = ["torch>=2", { requirement = "numpy", match-runtime = true }, { x = 1 }]
deep = "setuptools"
`,
    [
      'setuptools==60 (build-constraint)',
      'torch>=2 (build)',
      'numpy (build)',
      '! manifest.requirement',
      '! manifest.requirement',
    ],
  ],
  [
    'uv.toml',
    'uv.toml',
    'constraint-dependencies = ["a<2"]\noverride-dependencies = ["b==1"]\n[extra-build-dependencies]\nc = ["d"]\n',
    ['a<2 (constraint)', 'b==1 (override)', 'd (build)'],
  ],
  [
    'hatch.toml',
    'hatch.toml',
    '[envs.test]\ndependencies = ["a==1"]\n[build.targets.wheel]\ndependencies = ["b"]\n',
    ['a==1 (env:test)', 'b (build)'],
  ],
  [
    'the packages of conda and its pip list',
    'environment.yml',
    'dependencies:\n- numpy=1.0\n- pip\n- pip:\n  - a==1.0  # why\n  - "b>=1"\n  - -r more.txt\n  - git+https://x/c#egg=c\n',
    [
      'numpy=1.0 (conda) unread',
      'pip (conda) unread',
      'a==1.0 (pip)',
      'b>=1 (pip)',
      'more.txt (pip) include',
      'c (pip) url',
    ],
  ],
  [
    'packages of conda in all their forms, and no pip list',
    'environment.yml',
    `name: x
channels: [conda-forge]
dependencies:
  - python=3.9
  - conda-forge::numpy >=1.21  # why
  - "pandas[version='>=1.0']"
  - _libgcc_mutex=0.1=main
  - sel(win): pywin32
  - ~
`,
    [
      'python=3.9 (conda) unread',
      'conda-forge::numpy >=1.21 (conda) unread',
      "pandas[version='>=1.0'] (conda) unread",
      '_libgcc_mutex=0.1=main (conda) unread',
      'sel(win) (conda) unread',
    ],
  ],
  [
    'what Pixi takes from conda',
    'pixi.toml',
    `[dependencies]
python = ">=3.11"
numpy = { version = "1.*", channel = "conda-forge" }
[host-dependencies]
cmake = "*"
[feature.x.target.linux-64.dependencies]
gcc = "12"
[feature.x.pypi-dependencies]
flask = "*"
[package.build-dependencies]
ninja = "*"
`,
    [
      'python >=3.11 (dependencies) unread',
      'numpy 1.* (dependencies) unread',
      'cmake * (build) unread',
      'gcc 12 (feature:x/target:linux-64) unread',
      'flask (feature:x)',
      'ninja * (build) unread',
    ],
  ],
  [
    'what conda installs in an image',
    'Dockerfile',
    `RUN conda install -y -c conda-forge numpy=1.21 "scipy>=1" && pip install a==1
RUN /opt/conda/bin/mamba --yes create -n x python=3.9 --file specs.txt $MORE
RUN conda env update -f environment.yml; conda clean -a; conda run -n x pip install b
`,
    [
      'numpy=1.21 (run) unread',
      'scipy>=1 (run) unread',
      'a==1 (run)',
      'python=3.9 (run) unread',
      '$MORE (run) unread',
      'b (run)',
    ],
  ],
  [
    'what conda installs in a notebook',
    'x.ipynb',
    '{"cells": [{"cell_type": "code", "source": ["%conda install -y numpy\\n", "!mamba install scipy"]}]}',
    ['numpy (cell) unread', 'scipy (cell) unread'],
  ],
  [
    'what hooks of Hatch fill in',
    'pyproject.toml',
    `[project]
dynamic = ["dependencies", "optional-dependencies"]
[tool.hatch.metadata.hooks.uv-dynamic-versioning]
dependencies = ["a>=1", "core=={{ version }}"]
[tool.hatch.metadata.hooks.requirements_txt]
files = ["requirements.txt"]
optional-dependencies.x = ["x.txt"]
`,
    [
      'a>=1 (dependencies)',
      'core=={{ version }} (dependencies) unread',
      'requirements.txt (dependencies) include',
      'x.txt (optional:x) include',
    ],
  ],
  [
    'plugins and builds of tools',
    'pyproject.toml',
    `[tool.hatch.env]
requires = ["hatch-pip-compile"]
[tool.pdm]
plugins = ["pdm-bump==0.9", "-e file:///x#egg=y"]
[tool.poetry.requires-plugins]
poetry-plugin-export = ">=1.8"
[tool.poetry.build-constraints]
a = { setuptools = "<70" }
[tool.cibuildwheel]
test-requires = ["pytest>=6"]
linux.test-requires = "mock==1  hypothesis[cli]>=6"
[[tool.cibuildwheel.overrides]]
select = "*"
test-requires = ["b", 1]
before-build = "git status && pip install 'c>=1'"
[tool.cibuildwheel.windows]
before-all = ["pip install d", "echo e"]
[tool.pixi.pypi-options.dependency-overrides]
h5netcdf = ">=1"
`,
    [
      'hatch-pip-compile (build)',
      'pdm-bump==0.9 (build)',
      'y (build) editable',
      'poetry-plugin-export>=1.8 (build)',
      'setuptools<70 (build-constraint)',
      'pytest>=6 (env:cibuildwheel)',
      'mock==1 (env:cibuildwheel)',
      'hypothesis[cli]>=6 (env:cibuildwheel)',
      'b (env:cibuildwheel)',
      '! manifest.requirement',
      'c>=1 (env:cibuildwheel)',
      'd (env:cibuildwheel)',
      'h5netcdf>=1 (override)',
    ],
  ],
  [
    'extras of the project itself',
    'pyproject.toml',
    `[build-system]
requires = ["My.Tool[build]"]
[project]
name = "my-tool"
dependencies = ["my_tool[fast]", "a"]
[project.optional-dependencies]
fast = ["b>=1"]
all = ["My.Tool[fast]; python_version >= '3.9'", "my-tool", "my-tool[fast]>=2", "my-tool[fast] @ https://example.org/t.whl"]
[dependency-groups]
dev = ["my-tool[all]", "c"]
`,
    [
      'My.Tool[build] (build)',
      'a (dependencies)',
      'b>=1 (optional:fast)',
      'my-tool (optional:all)',
      'my-tool[fast]>=2 (optional:all)',
      'my-tool[fast] (optional:all) url',
      'c (group:dev)',
    ],
  ],
  [
    'extras of a project of Poetry, and of a member of its own workspace',
    'pyproject.toml',
    `[tool.poetry]
name = "tool"
[tool.uv.sources]
tool = { workspace = true }
other = { workspace = true }
[dependency-groups]
dev = ["tool[x]", "other[x]"]
`,
    ['other[x] (group:dev) editable'],
  ],
  [
    'extras of the project itself in setup.cfg',
    'setup.cfg',
    `[metadata]
name = My_Tool
[options.extras_require]
fast = b>=1
all =
    my-tool[fast]
    my-tool
    c[fast]
`,
    ['b>=1 (optional:fast)', 'my-tool (optional:all)', 'c[fast] (optional:all)'],
  ],
  [
    'what Hatch fills in',
    'hatch.toml',
    `[envs.test]
dependencies = ["a~={matrix:a}", "{env:MORE}", "b @ {root:uri}/b", "c==1"]
extra-dependencies = ["d{matrix:d:==1}"]
[envs.test.overrides]
matrix.a.dependencies = ["e=={matrix:a}"]
`,
    [
      'a~={matrix:a} (env:test) unread',
      '{env:MORE} (env:test) unread',
      'b (env:test) url',
      'c==1 (env:test)',
      'd{matrix:d:==1} (env:test) unread',
      'dependencies (env:test) unread',
    ],
  ],
  [
    'an extra in the name of Pipenv',
    'Pipfile',
    `[packages]
"a[x, y]" = "==1"
"b[x]" = {version = "*", extras = ["z", "x"]}
"c[" = "==1"
"d[x]" = {git = "https://example.org/d"}
`,
    [
      'a[x,y]==1 (dependencies)',
      'b[x,z] (dependencies)',
      'c[ ==1  (dependencies) unread',
      '! manifest.requirement',
      'd[x] (dependencies) url',
    ],
  ],
  [
    'environments of Pixi with targets, and packages with conditions',
    'pixi.toml',
    `[environments.test.pypi-dependencies]
a = "==1"
[environments.test.target.linux-64.pypi-dependencies]
b = "==2"
[environments.test.target.linux-64.dependencies]
c = "1.*"
[package.build-dependencies]
make = "*"
"if(linux)" = { patchelf = "1.*" }
[package.host-dependencies."if(matches(python, '>=3.10'))"]
d = { version = "1" }
[package.extra-dependencies.test]
e = "*"
[package.extra-dependencies.test."if(win)"]
f = "2"
[package.run-exports.weak]
g = "*"
`,
    [
      'a==1 (env:test)',
      'b==2 (env:test/target:linux-64)',
      'c 1.* (env:test/target:linux-64) unread',
      'make * (build) unread',
      'patchelf 1.* (build) unread',
      'd 1 (build) unread',
      'e * (build) unread',
      'f 2 (build) unread',
      'g * (build) unread',
    ],
  ],
  [
    'workspace members that a hook of Hatch asks for',
    'pyproject.toml',
    `[project]
dynamic = ["dependencies"]
[tool.hatch.metadata.hooks.uv-dynamic-versioning]
dependencies = ["core", "a"]
[tool.uv.sources]
core = { workspace = true }
`,
    ['core (dependencies) editable', 'a (dependencies)'],
  ],
  [
    'what commands of tox install',
    'tox.ini',
    `[testenv]
deps = z
commands_pre =
  old: pip install a==1
  - {envpython} -m pip install -U "b>=2" 'c[x]<3' d>=4,<5 # note
commands =
  pip install git+https://example.org/f.git\\#egg=f \\
    g==5 -r {toxinidir}/more.txt {env:H} "i ; python_version<'3.9'"
  python -m pytest -k "pip install x"
  {envbindir}/pip uninstall -y y
[testenv:b]
commands_post = uv pip install j & k
`,
    [
      'z (env:testenv)',
      'a==1 (env:testenv)',
      'b>=2 (env:testenv)',
      'c[x]<3 (env:testenv)',
      'd>=4,<5 (env:testenv)',
      'f (env:testenv) url',
      'g==5 (env:testenv)',
      'more.txt (env:testenv) include',
      '{env:H} (env:testenv) unread',
      'i ; python_version < "3.9" (env:testenv)',
      'j (env:b)',
      '& (env:b) unread',
      '! requirement.invalid-name',
      'k (env:b)',
    ],
  ],
  [
    'what commands in tox.toml install',
    'tox.toml',
    `[env_run_base]
commands_pre = [["uv", "pip", "install", "--target", "{env_tmp_dir}", "a>=1", { replace = "posargs" }]]
[env.b]
commands = [["pytest"], ["pip", "install", "-r", "{tox_root}{/}more.txt"], "pip install x"]
`,
    ['a>=1 (env:env_run_base)', 'more.txt (env:b) include'],
  ],
  [
    'what an environment of Hatch installs before and behind',
    'hatch.toml',
    `[envs.test]
pre-install-commands = ["pip install -q -r more.txt 'a>=1'", "echo pip install x"]
post-install-commands = ["python -m pip install b==1 && pip install \\"c"]
`,
    ['more.txt (env:test) include', 'a>=1 (env:test)', 'pip (env:test) unread'],
  ],
  [
    'what Python in a notebook runs',
    'x.ipynb',
    JSON.stringify({
      cells: [
        {
          cell_type: 'code',
          source: [
            'import os, subprocess, sys\n',
            'os.system("pip install -q a \\"b>=1\\"")\n',
            'if True:\n',
            "    out = subprocess.run([sys.executable, '-m', 'pip', 'install',  # quietly\n",
            "        'c==1', f'd=={version}', *more], check=True)\n",
            'subprocess.check_call("pip install e "\n',
            '    \'"f<2"\', shell=True)\n',
            "get_ipython().system('pip install g')\n",
            '# os.system("pip install h")\n',
            'print("os.system(\'pip install i\')")\n',
            'text = """\n',
            'os.system("pip install j")\n',
            '"""\n',
            '%shell pip install k && echo l\n',
            'subprocess.run(["echo", "pip", "install", "m"])\n',
          ],
        },
        { cell_type: 'code', source: '%%shell\npip install n\n' },
      ],
    }),
    [
      'a (cell)',
      'b>=1 (cell)',
      'c==1 (cell)',
      'd=={version} (cell) unread',
      '*more (cell) unread',
      'e (cell)',
      'f<2 (cell)',
      'g (cell)',
      'k (cell)',
      'n (cell)',
    ],
  ],
  ['a list of texts that is not of conda', 'staging-env.yaml', 'dependencies: [database, cache]\n', []],
  [
    'a Dockerfile',
    'Dockerfile',
    `FROM python
RUN apt-get install x && pip install --no-cache-dir a==1.0 "b>=1" \\
  # a comment
  c $D
RUN ["pip", "install", "e"]
RUN <<EOF
python -m pip install -i https://x f
EOF
RUN echo pip install g; pip download h
`,
    ['a==1.0 (run)', 'b>=1 (run)', 'c (run)', '$D (run) unread', 'e (run)', 'f (run)'],
  ],
  [
    'the files that a Dockerfile copies or mounts',
    'Dockerfile',
    `COPY --chown=a:b req/a.txt req/b.txt /tmp/
ADD ["c d.txt", "/x/"]
COPY src/ /app
RUN --mount=type=bind,source=e.txt,target=/f.txt pip install -r /tmp/a.txt -c /tmp/b.txt -r /app/sub/g.txt -r ./h.txt -r /i.txt
`,
    [
      'req/a.txt (run) include',
      'req/b.txt (run) constraint',
      'src/sub/g.txt (run) include',
      './h.txt (run) include',
      '/i.txt (run) include',
    ],
  ],
  [
    'the files that a Dockerfile copies under another name, or from another stage',
    'Dockerfile',
    `COPY docs/requirements.txt /tmp/docs.txt
COPY req/base.txt .
COPY --from=builder /x/base.txt /y/base.txt
RUN pip install -r /tmp/docs.txt -r /y/base.txt
`,
    ['docs/requirements.txt (run) include', 'req/base.txt (run) include'],
  ],
  [
    'a redirection that was meant to be a version',
    'Containerfile',
    'RUN pip install a>=1\n',
    ['a (run)', '! ignored.redirect'],
  ],
  [
    'a notebook',
    'x.ipynb',
    JSON.stringify({
      cells: [
        {
          cell_type: 'code',
          source: ['%pip install a==1.0\n', '!{sys.executable} -m pip install b\n', 'print("!pip install c")'],
        },
        { cell_type: 'markdown', source: '!pip install d' },
        { cell_type: 'code', source: '%%bash\npip install "e>=1"\n' },
      ],
    }),
    ['a==1.0 (cell)', 'b (cell)', 'e>=1 (cell)'],
  ],
  [
    'a script',
    'x.py',
    '#!/usr/bin/env python\n# /// script\n# dependencies = [\n#   "a==1.0",\n# ]\n# ///\nx = ["b"]\n',
    ['a==1.0 (script)'],
  ],
  [
    'a script with two blocks',
    'x.py',
    '# /// script\n# a = 1\n# ///\n\n# /// script\n# b = 1\n# ///\n',
    ['! manifest.script'],
  ],
  ['setup.py', 'setup.py', 'setup(install_requires=["a"])', ['install_requires (dependencies) unread']],
  [
    'hooks of pre-commit that are written in Python',
    '.pre-commit-config.yaml',
    `repos:
- repo: x
  hooks:
  - id: mypy
    additional_dependencies: [types-a==1.0, "b[c]"]
  - id: eslint
    additional_dependencies: [eslint@1.0, "@x/y@2"]
  - id: own
    language: python
    additional_dependencies:
    - d
`,
    ['types-a==1.0 (hook:mypy)', 'b[c] (hook:mypy)', 'd (hook:own)'],
  ],
  [
    'pixi.toml',
    'pixi.toml',
    '[dependencies]\npython = "*"\n[pypi-dependencies]\na = "==1.0"\n',
    ['python * (dependencies) unread', 'a==1.0 (dependencies)'],
  ],
  [
    'what stands around a string that is being typed',
    'pyproject.toml',
    '[project]\ndependencies = [\n "a==1",\n "b>=,\n "c",\n]\n[project.optional-dependencies]\nx = ["d"]\n',
    ['a==1 (dependencies)', '! manifest.syntax', 'c (dependencies)', 'd (optional:x)'],
  ],
  [
    'a conflict of a merge in a lock',
    'uv.lock',
    '[[package]]\nname = "a"\nversion = "1"\n<<<<<<< HEAD\n[[package]]\nname = "b"\nversion = "2"\n=======\n>>>>>>> x\n',
    ['a==1 (lock)', '! manifest.syntax', 'b==2 (lock)', '! manifest.syntax', '! manifest.syntax'],
  ],
  [
    'lists of other sections of tox.ini, and one that is not there',
    'tox.ini',
    '[base]\ndeps = six\n[testenv]\ndeps =\n  {[base]deps}\n  {[gone]deps}\n',
    ['six (env:base)', '{[gone]deps} (env:testenv) unread'],
  ],
  [
    'packages that a lock of Poetry takes from a repository',
    'poetry.lock',
    '[[package]]\nname = "a"\nversion = "1"\n[package.source]\ntype = "git"\nurl = "https://x/a"\nresolved_reference = "abc"\n',
    ['a (lock) url'],
  ],
  [
    'a lock of uv whose main index is not the public one',
    'uv.lock',
    ['a', 'b', 'c']
      .map((name) => {
        const index = name === 'c' ? 'https://pypi.org/simple' : 'https://inner.example/simple';
        return `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "${index}" }\n`;
      })
      .join(''),
    ['a==1 (lock)', 'b==1 (lock)', 'c==1 (lock)'],
  ],
  [
    'markers of a Pipfile, alone and with alternatives',
    'Pipfile',
    `[packages]
a = {version = "*", sys_platform = "== 'win32'"}
b = {version = "*", markers = "os_name == 'nt' or os_name == 'x'", sys_platform = "== 'win32'"}
`,
    [
      'a ; sys_platform == "win32" (dependencies)',
      'b ; (os_name == "nt" or os_name == "x") and sys_platform == "win32" (dependencies)',
    ],
  ],
  [
    'the indexes of a lock of Pipenv',
    'Pipfile.lock',
    JSON.stringify({
      _meta: {
        sources: [
          { name: 'pypi', url: 'https://pypi.org/simple' },
          { name: 'inner', url: 'https://inner.example/simple' },
        ],
      },
      default: {
        a: { version: '==1' },
        b: { version: '==1', index: 'pypi' },
        c: { version: '==1', index: 'inner' },
      },
    }),
    ['a==1 (lock)', 'b==1 (lock)', 'c==1 (lock) own index'],
  ],
  [
    'what Pixi says of a package, and what cannot be read of it',
    'pixi.toml',
    `[pypi-dependencies]
a = ">>1"
b = { version = "==1", env-markers = "sys_platform == 'win32'" }
`,
    ['a (dependencies) unread', '! manifest.requirement', 'b==1 ; sys_platform == "win32" (dependencies)'],
  ],
  [
    'what a lock does not say the version of',
    'poetry.lock',
    '[[package]]\nname = "a"\n[[package]]\nname = "b"\nversion = "new"\n',
    ['a (lock) unread', 'b (lock) unread'],
  ],
  [
    'operators that Poetry knows, and others',
    'pyproject.toml',
    `[tool.poetry.dependencies]
a = "==1.*"
b = "==1.2"
c = ">1.2"
d = "<>1"
e = "===1"
f = "^1.*"
`,
    [
      'a==1.* (dependencies)',
      'b==1.2 (dependencies)',
      'c>1.2 (dependencies)',
      'd (dependencies) unread',
      '! manifest.requirement',
      'e===1 (dependencies)',
      'f (dependencies) unread',
      '! manifest.requirement',
    ],
  ],
];

describe('kinds of manifests', () => {
  for (const [what, path, text, said] of cases) {
    it(`read ${what}`, () => {
      assert.deepEqual(saidIn(path, text), said);
    });
  }

  it('show that a text goes on where a message quotes its beginning', () => {
    const messageOf = (line: string): string | undefined => {
      const content = kindOfNamed('tox.ini').parse(`[testenv]\ndeps = ${line}\n`).contentOf(0);
      return content?.kind === 'unread' ? content.message : undefined;
    };
    const known = 'is filled in by tox: only a run of it knows.';
    assert.equal(messageOf(`{env:${'x'.repeat(74)}}`), `"{env:${'x'.repeat(74)}}" ${known}`);
    assert.equal(messageOf(`{env:${'x'.repeat(75)}}`), `"{env:${'x'.repeat(74)}…" ${known}`);
    assert.equal(messageOf(`{env:${'x'.repeat(73)}😀}`), `"{env:${'x'.repeat(73)}…" ${known}`);
  });

  it('name lists of Hatch by their keys where they are none', () => {
    const text = '[envs.a]\ndependencies = "b"\npre-install-commands = "pip install c"\n';
    const { entries } = kindOfNamed('hatch.toml').parse(text);
    assert.deepEqual(
      entries.flatMap(({ problems }) => problems.map(({ message }) => message)),
      ['envs.a.dependencies', 'envs.a.pre-install-commands'].map(
        (key) => `${key} has to be a list, so it is not read.`,
      ),
    );
  });

  it('are known by the name of the file', () => {
    const none = { include: [], exclude: [] };
    const names = {
      'a/pyproject.toml': 'pyproject',
      'uv.lock': 'uv.lock',
      'tools/report.py.lock': 'script.lock',
      'report.lock': undefined,
      'x/poetry.lock': 'poetry.lock',
      'pdm.dev.lock': 'pdm.lock',
      'pylock.toml': 'pylock',
      'pylock.a.b.toml': undefined,
      Pipfile: 'Pipfile',
      'Pipfile.lock': 'Pipfile.lock',
      'setup.cfg': 'setup.cfg',
      'setup.py': 'setup.py',
      'tool.py': 'script',
      'tox.ini': 'tox.ini',
      'tox.toml': 'tox.toml',
      'pixi.toml': 'pixi',
      'hatch.toml': 'hatch',
      'uv.toml': 'uv',
      '.pre-commit-config.yaml': 'pre-commit',
      'docker/app.Dockerfile': 'Dockerfile',
      'Containerfile.dev': 'Dockerfile',
      'n.ipynb': 'notebook',
      'environment-dev.yml': 'environment.yml',
      'conda.yaml': 'environment.yml',
      'ci/requirements/py39.yml': 'environment.yml',
      'conda-lock.yml': undefined,
      'requirements.txt': 'pip',
      'requirements/dev.pip': 'pip',
      'dev.pip': undefined,
      'package.json': undefined,
    };
    for (const [name, id] of Object.entries(names)) assert.equal(kindOf(name, none)?.id, id, name);
  });

  it('quote no secret in what they say', () => {
    const secret = 'https://user:sekret123@example.org/x';
    const texts: Readonly<Record<string, string>> = {
      'pyproject.toml': `[project]\ndependencies = ["${secret}"]\n[tool.poetry.dependencies]\na = "${secret}"\n`,
      Dockerfile: `RUN pip install "git+${secret}/$X" ${secret}/{a} ${secret}>=1\n`,
      'tox.ini': `[testenv]\ndeps = git+${secret}/{env:X}\n`,
      Pipfile: `[packages]\na = "${secret}"\n`,
    };
    for (const [path, text] of Object.entries(texts)) {
      const file = kindOfNamed(path).parse(text);
      const messages = file.entries.flatMap(({ problems }, index) => {
        const content = file.contentOf(index);
        return [...problems.map(({ message }) => message), content?.kind === 'unread' ? content.message : ''];
      });
      assert.ok(messages.length > 0);
      assert.doesNotMatch(messages.join(), /sekret/u, path);
    }
  });

  it('outline the files that they name, and the packages', () => {
    const { outline } = kindOfNamed('tox.ini').parse('[testenv]\ndeps =\n  -r more.txt\n  six==1.0\n');
    assert.deepEqual(
      outline.map(({ kind, name, detail, nameRange }) => [kind, name, detail, nameRange.start]),
      [
        ['file', 'more.txt', '', { line: 2, character: 5 }],
        ['package', 'six', '==1.0', { line: 3, character: 2 }],
      ],
    );
  });

  it('keep the entries that an edit does not touch', () => {
    const before = kindOfNamed('pyproject.toml').parse('[project]\ndependencies = ["a==1", "b==1", "c==1"]\n');
    assert.equal(before.entries.length, 3);
    const at = before.text.indexOf('b==1') + 4;
    const after = before.edit([{ start: at, end: at, text: '0' }]);
    assert.deepEqual(
      [0, 1, 2].map((index) => after.contentOf(index) === before.contentOf(index)),
      [true, false, true],
    );
  });

  it('read what is installed: with extras, from elsewhere, or not at all', () => {
    const file = installedKind.parse(
      JSON.stringify({
        packages: [
          { name: 'a', version: '1', requires: ['b[x]', 'd[none]'] },
          { name: 'b', version: '1', requires: ['c ; extra == "x" and os_name == "posix"', 'e ; extra == "y"'] },
          { name: 'c', version: '1', source: 'url', location: 'https://example.org/c.whl' },
          { name: 'd', version: '1', source: 'editable', location: '/d' },
          { name: 'e', version: '1' },
        ],
        unread: ['f'],
      }),
    );
    assert.deepEqual(
      file.entries.map(({ problems }, index) => [
        nameOf(file.contentOf(index))?.text ?? problems[0]?.code,
        file.contentOf(index)?.kind,
        file.viaOf?.(index).packages,
      ]),
      [
        ['a', 'index', []],
        ['b', 'index', ['a']],
        ['c', 'url', ['b']],
        ['d', 'editable', ['a']],
        ['e', 'index', []],
        ['manifest.requirement', undefined, []],
      ],
    );
  });

  it('say who requires whom', () => {
    const text =
      '[[package]]\nname = "app"\nversion = "0"\nsource = { editable = "." }\ndependencies = [{ name = "a" }]\n' +
      '[[package]]\nname = "a"\nversion = "1"\ndependencies = [{ name = "b" }]\n' +
      '[[package]]\nname = "b"\nversion = "1"\ndependencies = [{ name = "a" }, { name = "b" }]\n';
    const file = kindOfNamed('uv.lock').parse(text);
    assert.deepEqual(
      file.entries.map((_, index) => file.viaOf?.(index).packages),
      [[], ['app', 'b'], ['a']],
    );
  });

  const hostile: Readonly<Record<string, string>> = {
    'lists in lists': `a = ${'['.repeat(50_000)}`,
    'tables in tables': `a = ${'{a='.repeat(50_000)}`,
    'open strings': '"""\n'.repeat(20_000) + '"\n'.repeat(20_000),
    'one long key': `${'a.'.repeat(50_000)}b = 1`,
    blanks: `a = [${' '.repeat(200_000)}`,
    headers: '[a]\n'.repeat(20_000),
    dashes: '- '.repeat(20_000),
    flow: `a: ${'[{a: '.repeat(20_000)}`,
    anchors: `${'a: &a [*a, *a]\n'.repeat(10_000)}`,
    objects: '{"a":'.repeat(50_000),
    quotes: `RUN pip install ${`'`.repeat(99_999)}`,
    continued: `RUN pip install ${'a \\\n'.repeat(20_000)}`,
    'documents that nothing ends': 'RUN <<A\nx\n'.repeat(20_000),
    'lists that are named again': `x: &x [${'a==1,'.repeat(20_000)}]\ndependencies:\n${'- pip: *x\n'.repeat(20_000)}`,
    'hooks that are named again':
      `x: &x [${'a==1,'.repeat(20_000)}]\nrepos:\n- hooks:\n` +
      '  - {language: python, additional_dependencies: *x}\n  - {additional_dependencies: *x}\n'.repeat(20_000),
    'tables that are merged again': `a: &a {<<: [*a]}\nrepos:\n- hooks:\n${'  - {<<: [{<<: [{}, {}, {}]}, {}]}\n'.repeat(10_000)}`,
    'one package again and again':
      Array.from({ length: 20_000 }, (_, at) => `[[package]]\nname = "p${at}"\ndependencies = [{ name = "q" }]\n`).join(
        '',
      ) + '[[package]]\nname = "q"\nversion = "1"\n'.repeat(20_000),
    'one source again and again':
      `[project]\ndependencies = [${'"a",'.repeat(20_000)}]\n[tool.uv.sources]\n` +
      `a = [${'{ index = "x", extra = "y" },'.repeat(20_000)}]\n`,
    'one line that goes on': `[options]\ninstall_requires =\n${'  a \\\n'.repeat(20_000)}`,
    comments: `# /// script\n${'# x\n'.repeat(50_000)}`,
  };
  for (const [what, text] of Object.entries(hostile)) {
    it(`end, whatever they hold: ${what}`, function () {
      this.timeout(20_000);
      for (const path of [
        ...['pyproject.toml', 'uv.lock', 'Pipfile', 'Pipfile.lock', 'setup.cfg', 'tox.ini', 'environment.yml', 'x.py'],
        ...['.pre-commit-config.yaml', 'Dockerfile', 'x.ipynb'],
      ]) {
        assert.ok(kindOfNamed(path).parse(text).entries.length < 50_100, path);
      }
    });
  }
});
