/** Manifests of every kind with an address in every place where a text can stand. */
export function manifestsWith(address: string): Readonly<Record<string, string>> {
  const text = JSON.stringify(address);
  const table = ['git', 'url', 'path', 'file', 'index', 'source', 'version', 'rev', 'branch', 'markers', 'env-markers']
    .map((key) => `"k-${key}" = { version = "==1", ${key === 'version' ? 'x' : key} = ${text} }`)
    .join('\n');
  const entries = `${text} = ${text}\none = ${text}\n${text} = 1\ntwo = { version = ${text} }\nthree = [${text}]\n${table}\n`;
  const list = `[${text}, "a==" , "b @ ${inner(text)}", "c==${inner(text)}", "d ; os_name == '${inner(text)}'", [${text}], { a = ${text} }]`;
  const locked = (key: string): string =>
    [
      `name = ${text}\nversion = "1"`,
      `name = "e"\nversion = ${text}`,
      `name = "f"\nversion = "1"\nmarker = ${text}\nmarkers = ${text}\ngroups = [${text}]\ncategory = ${text}\nindex = ${text}`,
      `name = "g"\nversion = "1"\ndependencies = [{ name = ${text} }, ${text}]`,
      ...['registry', 'git', 'url', 'path', 'directory', 'editable', 'virtual', 'type'].map(
        (source) =>
          `name = "h-${source}"\nversion = "1"\n${source} = ${text}\nsource = { ${source} = ${text}, type = "git" }`,
      ),
      ...['vcs', 'directory', 'archive'].map(
        (source) => `name = "i-${source}"\n${source} = { url = ${text}, path = ${text}, type = ${text} }`,
      ),
      `version = ${text}`,
    ]
      .map((one) => `[[${key}]]\n${one}\n`)
      .join('');
  return {
    'pyproject.toml': `[build-system]
requires = ${list}
build-backend = ${text}
[project]
name = ${text}
dynamic = ["dependencies", ${text}]
[project.optional-dependencies]
${text} = ${list}
x = ${text}
[dependency-groups]
${text} = [{ include-group = ${text} }, { ${text} = ${text} }, "j==1"]
y = ${text}
[tool.uv]
constraint-dependencies = ${list}
override-dependencies = ${text}
[tool.uv.sources]
${text} = { index = ${text} }
b = { git = ${text}, rev = ${text} }
ba = ${text}
bb = { ${text} = ${text} }
[[tool.uv.index]]
name = ${text}
url = ${text}
[tool.poetry.dependencies]
${entries}
[tool.poetry.group.${text}]
dependencies = { m = "1" }
include-groups = [${text}]
[tool.poetry.group]
n = ${text}
[[tool.poetry.source]]
name = ${text}
url = ${text}
[tool.pdm.dev-dependencies]
${text} = ["-e ${inner(text)}", ${text}]
[tool.pdm.resolution.overrides]
${entries}
[tool.hatch.envs.${text}]
dependencies = ${list}
[tool.pixi.feature.${text}.target.${text}.pypi-dependencies]
${entries}
[tool.uv.extra-build-dependencies]
${text} = [${text}, { requirement = ${text} }, { a = ${text} }]
[tool.tox]
requires = ${list}
env.${text}.deps = [${text}, "a==1", { replace = ${text}, of = ${text} }, { x = ${text} }]
[tool.setuptools.dynamic]
dependencies = { file = [${text}] }
optional-dependencies = { ${text} = { file = ${text} } }
`,
    'uv/uv.lock': locked('package'),
    'uv/tool.py.lock': locked('package'),
    'poetry/poetry.lock': locked('package'),
    'pdm/pdm.lock': locked('package'),
    'pylock/pylock.toml': locked('packages'),
    Pipfile: `[[source]]\nname = ${text}\nurl = ${text}\n[packages]\n${entries}[${text}]\n${text} = "*"\no = "*"\n`,
    'Pipfile.lock': JSON.stringify({
      _meta: { sources: [{ name: address, url: address }] },
      default: {
        [address]: { version: '==1' },
        p: { version: address },
        q: { version: `==${address}` },
        r: { version: '==1', index: address, markers: address, extras: [address], os_name: address },
        s: { git: address, ref: address },
        t: address,
      },
      [address]: { u: { version: '==1' }, v: { path: address } },
      w: address,
    }),
    'legacy/pyproject.toml': `[project]
dependencies = ["ba", "bb"]
[tool.uv.sources]
ba = ${text}
bb = { ${text} = ${text} }
[tool.tox]
legacy_tox_ini = '''
[testenv:${address}]
deps =
  ${address}
  a==${address}
${address}
'''
`,
    'tox.toml': `env_run_base.deps = ${list}\nenv.${text} = ${text}\n[env.x]\ndeps = '''\n${address}\n{env:X:${address}}\n'''\n`,
    'hatch.toml': `[envs.${text}]\ndependencies = ${list}\n`,
    'uv.toml': `constraint-dependencies = ${list}\n`,
    'pixi.toml': `[dependencies]\n${entries}[pypi-dependencies]\n${entries}[target.${text}]\npypi-dependencies = ${text}\n`,
    'environment.yml': `name: ${text}
dependencies:
- ${text}
- pip:
  - ${text}
  - ${address}
  - "a @ ${inner(text)}"
  - "b==${inner(text)}"
  - "-r ${inner(text)}"
  - "-c ${inner(text)}"
  - "-e ${inner(text)}"
  - "--index-url ${inner(text)}"
  - "$X ${inner(text)}"
  - [${text}]
- pip: ${text}
`,
    '.pre-commit-config.yaml': `repos:
- repo: ${text}
  rev: ${text}
  hooks:
  - ${text}
  - id: ${text}
    language: python
    additional_dependencies: [a==1, ${text}, "-r ${inner(text)}", "b==${inner(text)}", "c @ ${inner(text)}", [${text}]]
  - id: x
    language: python
    additional_dependencies: ${text}
`,
    Dockerfile: ['', '"', "'"]
      .map(
        (quote) => `FROM ${address}
RUN pip install -i ${quote}${address}${quote} --extra-index-url=${quote}${address}${quote} a==1 ${quote}${address}${quote}
RUN pip install ${quote}b @ ${address}${quote} c==${quote}${address}${quote} ${quote}$X${address}${quote}
RUN pip install -r ${quote}${address}${quote} -e ${quote}${address}${quote} ${quote}${address}${quote}>=1
RUN bash -c "pip install ${address}" && echo ${address} | xargs pip install ${address}
RUN pip install "${address}
`,
      )
      .join(''),
    'x.ipynb': JSON.stringify({
      cells: [
        {
          cell_type: 'code',
          source: [
            `%pip install a==1 ${address}\n`,
            `!pip install b==${address} -r ${address}\n`,
            `!pip install '${address}\n`,
          ],
          outputs: [address],
        },
        { cell_type: 'code', source: `%%bash\npip install "${address}" c` },
      ],
    }),
    'broken/x.ipynb': `{"cells": [{"cell_type": "code", "source": [${JSON.stringify(`!pip install ${address}`)}, ${address}`,
    'tox.ini': `[testenv:${address}]
deps =
  ${address}
  a==1
  ${address}: b
  py38: c==${address}
  d @ ${address}
  -r ${address}
  -c${address}
  {env:X:${address}}
  {[${address}]deps}
deps = e
${address}
[${address}
`,
    'setup.cfg': `[options]
install_requires =
  ${address}
  a==${address}
  b @ ${address}
  c ; os_name == "${address}"
setup_requires = file: ${address}, ${address}
tests_require = attr: ${address}
[options.extras_require]
${address} = ${address}
x = a==1
x = ${address}
${address}
`,
    'x.py': `# /// script\n# dependencies = ${list}\n# [tool.uv]\n# constraint-dependencies = ${text}\n# ///\n`,
    'setup.py': `setup(install_requires=[${text}])\n`,
  };
}

/** What stands between the quotes. */
function inner(text: string): string {
  return text.slice(1, -1);
}
