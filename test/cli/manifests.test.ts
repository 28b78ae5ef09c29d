import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';
import { run } from '../../server/src/cli/run.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { DiskIo } from '../support/diskIo.ts';

interface Row {
  readonly name: string;
  readonly line: number;
  readonly version: string | null;
  readonly verdict: string | null;
  readonly reason: string | null;
  readonly scope?: string;
  readonly via?: readonly string[];
  readonly chain?: readonly string[];
  readonly places?: readonly { readonly path: string; readonly line: number }[];
}

interface Report {
  readonly complete: boolean;
  readonly headline: string;
  readonly files: readonly {
    readonly path: string;
    readonly kind?: string;
    readonly requirements: readonly Row[];
    readonly problems: readonly { readonly line: number; readonly code: string }[];
  }[];
}

const lock = `version = 1
[[package]]
name = "shop"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "flask" }, { name = "jinja2" }]
[[package]]
name = "flask"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "jinja2" }, { name = "werkzeug" }]
[[package]]
name = "jinja2"
version = "2.10"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "werkzeug"
version = "0.16.0"
source = { registry = "https://pypi.org/simple" }
`;

const poetryLock = `[[package]]
name = "flask"
version = "1.0"
files = []
[[package]]
name = "jinja2"
version = "2.10"
files = []
`;

function condaReason(name: unknown): string {
  return `conda: "${String(name)}" is a conda package: advisories are about packages of PyPI only.`;
}

describe('pinwatch scan of manifests', () => {
  let service: OsvService;
  let root: string;

  before(async () => {
    service = await startOsvService();
  });
  after(() => service.close());
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-manifests-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }

  async function scan(...args: readonly string[]): Promise<{ readonly code: number; readonly io: DiskIo }> {
    const io = new DiskIo();
    const code = await run(['scan', '--osv-url', service.url, '--no-cache', ...args], io);
    return { code, io };
  }

  async function json(...args: readonly string[]): Promise<{ readonly code: number; readonly report: Report }> {
    const { code, io } = await scan('--format', 'json', ...args);
    return { code, report: JSON.parse(io.out) as Report };
  }

  it('finds each kind in a folder, but for what says nothing of packages', async () => {
    put('pyproject.toml', '[project]\ndependencies = ["flask==1.0"]\n');
    put('docker/Dockerfile', 'RUN pip install django==3.2.0\n');
    put('tools/a.py', '# /// script\n# dependencies = ["jinja2==2.10"]\n# ///\n');
    put('tools/b.py', 'import jinja2\n');
    put('sub/pyproject.toml', '[tool.black]\nline-length = 100\n');
    put('sub/setup.py', 'setup(install_requires=["a"])\n');
    put('sub/env.yaml', 'services: [{{ x }}]\n');
    const { code, report } = await json(root);
    assert.equal(code, 1);
    assert.deepEqual(
      report.files.map(({ path: file, kind, requirements }) => [
        path.relative(root, file),
        kind,
        requirements.map(({ name, verdict, reason, scope }) => [name, verdict ?? reason?.split(':')[0], scope]),
      ]),
      [
        ['docker/Dockerfile', 'Dockerfile', [['django', 'vulnerable', 'run']]],
        ['pyproject.toml', 'pyproject', [['flask', 'vulnerable', 'dependencies']]],
        ['sub/setup.py', 'setup.py', [['install_requires', 'dynamic', 'dependencies']]],
        ['tools/a.py', 'script', [['jinja2', 'vulnerable', 'script']]],
      ],
    );
  });

  const apart: Readonly<Record<string, string>> = {
    'tox.ini': '[testenv:a]\ndeps = django>=3\n[testenv:b]\ndeps =\n  django==5.2.8\n',
    'b/tox.ini': '[testenv]\ndeps =\n  old: django<4\n  new: django>=4\n',
    '.pre-commit-config.yaml':
      'repos:\n- hooks:\n  - id: a\n    additional_dependencies: [django>=3]\n  - id: b\n    additional_dependencies: [django==5.2.8]\n',
    Dockerfile: 'RUN pip install "django>=3"\nFROM python\nRUN pip install django==5.2.8\n',
    'pyproject.toml': '[build-system]\nrequires = ["django>=3"]\n[project]\ndependencies = ["django==5.2.8"]\n',
  };
  for (const [name, text] of Object.entries(apart)) {
    it(`takes nothing together that is installed apart in ${name}`, async () => {
      put(name, text);
      const { report } = await json(path.join(root, name));
      const rows = report.files[0]?.requirements ?? [];
      assert.equal(rows.length, 2);
      assert.deepEqual(rows[0] && [rows[0].verdict, rows[0].reason, rows[0].version], [
        'possiblyVulnerable',
        null,
        null,
      ]);
      assert.equal(rows[1]?.reason, null);
    });
  }

  it('fixes what is installed apart by itself', async () => {
    put('tox.ini', '[testenv:a]\ndeps = django==3.2.0\n[testenv:b]\ndeps = django==4.2.0\n');
    await scan('--fix', root);
    const text = readFileSync(path.join(root, 'tox.ini'), 'utf8');
    assert.match(text, /^\[testenv:a\]\ndeps = django==[\d.]+\n\[testenv:b\]\ndeps = django==4\.2\.\d+\n$/u);
    assert.doesNotMatch(text, /django==\d\.\d\.0\n/u);
  });

  it('counts packages of conda as not assessed, each in JSON and in one line for people', async () => {
    put(
      'environment.yml',
      'dependencies:\n- python=3.9\n- numpy=1.21\n- pip\n- pip:\n  - six==1.16.0\n- _libgcc_mutex=0.1=main\n',
    );
    const { code, report } = await json(root);
    assert.equal(code, 0);
    assert.equal(report.headline, '4 of 5 requirements not assessed; nothing found in the other 1');
    assert.deepEqual(
      report.files[0]?.requirements.map(({ name, line, reason, scope }) => [name, line, reason, scope]),
      [
        ...[
          ['python=3.9', 2],
          ['numpy=1.21', 3],
          ['pip', 4],
        ].map(([name, line]) => [name, line, condaReason(name), 'conda']),
        ['six', 6, null, 'pip'],
        ['_libgcc_mutex=0.1=main', 7, condaReason('_libgcc_mutex=0.1=main'), 'conda'],
      ],
    );
    const { io } = await scan('--strict', root);
    assert.match(
      io.out,
      /environment\.yml:2:3: 4 conda packages were not assessed: python=3\.9, numpy=1\.21, pip, _libgcc_mutex=0\.1=main\n/u,
    );
    assert.doesNotMatch(io.out, /is a conda package/u);
    assert.equal((await scan('--strict', root)).code, 3);
    assert.match((await scan('--format', 'markdown', root)).io.out, /4 conda packages were not assessed/u);
    assert.doesNotMatch((await scan('--format', 'cyclonedx', root)).io.out, /pkg:pypi\/(?:numpy|python|pip)/u);
  });

  it('finds an environment that has packages of conda alone, and does not call it clean', async () => {
    put('environment.yml', 'name: a\ndependencies:\n- numpy=1.21\n');
    const { code, report } = await json(root);
    assert.equal(code, 3);
    assert.equal(report.headline, 'incomplete, nothing was assessed (1 of 1 requirement not assessed)');
    assert.match((await scan(root)).io.out, /numpy=1\.21 was not assessed \(conda: "numpy=1\.21" is a conda package/u);
  });

  const indexless = {
    'requirements.txt': '--no-index\n--find-links wheels\ndjango==3.2.0\nflask>=0.1\n',
    'pyproject.toml': '[tool.uv]\nno-index = true\n[project]\ndependencies = ["django==3.2.0"]\n',
  };

  for (const name of ['requirements.txt', 'pyproject.toml'] as const) {
    it(`offers no version of a public index in ${name} that turns it off, and still finds`, async () => {
      put(name, indexless[name]);
      const { code, io } = await scan(path.join(root, name));
      assert.equal(code, 1);
      assert.match(io.out, /django 3\.2\.0 has \d+ known/u);
      assert.match(io.out, /Fix: none fits\. \S+:\d turns the package index off, so Pinwatch does not know/u);
      assert.doesNotMatch(io.out, /Fix: (?:django|flask)/u);
      const { io: fixing } = await scan('--fix', path.join(root, name));
      assert.match(fixing.out + fixing.err, /turns the package index off/u);
      assert.equal(readFileSync(path.join(root, name), 'utf8'), indexless[name]);
    });
  }

  it('has one row for what is declared in one file and locked in another, and says with whom the rest comes', async () => {
    put('pyproject.toml', '[project]\ndependencies = [\n  "flask==1.0",\n  "jinja2",\n]\n');
    put('uv.lock', lock);
    const { report } = await json(root);
    assert.deepEqual(
      report.files.map(({ requirements }) =>
        requirements.map(({ name, version, via, chain, places }) => [
          name,
          version,
          via ?? null,
          chain ?? null,
          places?.map((place) => `${path.relative(root, place.path)}:${place.line}`) ?? null,
        ]),
      ),
      [
        [
          ['flask', '1.0', ['shop'], null, ['uv.lock:8']],
          ['jinja2', '2.10', ['flask', 'shop'], null, ['uv.lock:13']],
        ],
        [['werkzeug', '0.16.0', ['flask'], ['flask'], null]],
      ],
    );
    const { io } = await scan(root);
    assert.match(io.out, /werkzeug 0\.16\.0 \(comes with flask\) has 1 known/u);
    assert.match(io.out, /Fix: werkzeug 3\.0\.6 or later, with: uv lock --upgrade-package werkzeug/u);
  });

  it('names in each format a package of a lock whose version is missing', async () => {
    put(
      'uv.lock',
      'version = 1\n[[package]]\nname = "idna"\nversion = 3\nsource = { registry = "https://pypi.org/simple" }\n',
    );
    for (const format of ['text', 'concise', 'markdown', 'json', 'sarif', 'github', 'junit', 'cyclonedx']) {
      const { code, io } = await scan('--format', format, '--index-url', 'none', root);
      assert.equal(code, 3, format);
      assert.match(io.out, /does not say which version of idna is installed/u, format);
      assert.doesNotMatch(io.out, /not read/u, format); // it counts once
    }
  });

  it('says with whom a package of a compiled file comes, and how to raise it', async () => {
    const made = (tool: string, command: string): string =>
      `# This file was autogenerated by ${tool} via the following command:\n#    ${command}\n`;
    const pins = 'flask==1.0\n    # via -r app.in\nwerkzeug==0.16.0\n    # via flask\n';
    put('a/requirements.txt', made('uv', 'uv pip compile app.in -o requirements.txt') + pins);
    put('b/requirements.txt', made('pip-compile', 'pip-compile -o requirements.txt app.in') + pins);
    put(
      'c/requirements.txt',
      `# These requirements were autogenerated by pipenv\n${pins.replace('    # via -r app.in\n', '')}`,
    );
    const { io } = await scan('--index-url', 'none', root);
    assert.match(io.out, /requirements\.txt:5:11: werkzeug 0\.16\.0 \(comes with flask\) has 1 known/u);
    const fixes = io.out.split('\n').filter((line) => /^ +Fix: /u.test(line));
    const again = 'change it there and compile again.';
    const upgrade = 'compile again with --upgrade-package werkzeug.';
    const unknown =
      'It is not known whether something has to be raised first: no file that declares its packages was read.';
    const bound =
      'Or add "werkzeug>=3.0.6" to a constraints file (-c) of what it is compiled from: the tool says whether all that asks for it allows that.';
    assert.deepEqual(
      fixes.map((line) => line.trim()),
      [
        `Fix: flask 2.2.5. Compiled by uv from app.in: ${again}`,
        `Fix: werkzeug 3.0.6. Compiled by uv from app.in: ${upgrade} ${unknown} ${bound}`,
        `Fix: flask 2.2.5. Compiled by pip-compile from app.in: ${again}`,
        `Fix: werkzeug 3.0.6. Compiled by pip-compile from app.in: ${upgrade} ${unknown} ${bound}`,
        `Fix: flask 2.2.5. Compiled by pipenv from Pipfile: ${again}`,
        `Fix: werkzeug 3.0.6. Compiled by pipenv from Pipfile: ${again} ${unknown}`,
      ],
    );
  });

  it('fixes what is declared and says what to lock again', async () => {
    put('pyproject.toml', '[project]\ndependencies = [\n  "flask==1.0", # web\n  "jinja2>=2",\n]\n');
    put('uv.lock', lock);
    const { io } = await scan('--fix', '--index-url', 'none', root);
    assert.equal(
      readFileSync(path.join(root, 'pyproject.toml'), 'utf8'),
      '[project]\ndependencies = [\n  "flask==2.2.5", # web\n  "jinja2>=3.1.6",\n]\n',
    );
    assert.equal(readFileSync(path.join(root, 'uv.lock'), 'utf8'), lock);
    assert.match(
      io.err,
      /flask is not fixed yet\. It is locked by .*uv\.lock\. Lock again: uv lock --upgrade-package flask/u,
    );
    assert.match(io.err, /1 file changed: 0 fixed, 2 fixed once compiled or locked again, 1 unchanged\n/u);
    assert.match(
      io.err,
      /is in a lock, which Pinwatch only reads\. Run: uv lock --upgrade-package werkzeug\. If flask does not allow a safe version, raise flask first\. Or add "werkzeug>=3\.0\.6" to constraint-dependencies of \[tool\.uv\]/u,
    );
  });

  it('names no fix that the declaration does not allow, in the words of Poetry either', async () => {
    put('pyproject.toml', '[tool.poetry.dependencies]\nflask = "~1.0"\njinja2 = ">=2"\n');
    put('poetry.lock', poetryLock);
    const { io } = await scan(root);
    const why = 'pyproject.toml:2 allows only flask >=1.0,<1.1. The nearest safe version is 2.2.5.';
    assert.ok(io.out.includes(`    Fix: none fits. ${path.join(root, why)}`), io.out);
    assert.match(io.out, / {4}Fix: jinja2 3\.1\.6 or later, with: poetry update jinja2/u);
    const fixed = await scan('--fix', '--dry-run', '--index-url', 'none', root);
    assert.ok(fixed.io.err.includes(why), fixed.io.err);
  });

  it('never calls clean what it cannot read', async () => {
    put('pyproject.toml', '[project]\ndynamic = ["dependencies"]\n');
    assert.equal((await json(root)).code, 3);
    put('pyproject.toml', '[project]\ndependencies = [\n "six==1.16.0",\n "flask==1.\n]\n');
    const { code, report } = await json(root);
    assert.equal(code, 3);
    assert.equal(report.complete, false);
    assert.deepEqual(
      report.files[0]?.problems.map(({ line, code: what }) => [line, what]),
      [[4, 'manifest.syntax']],
    );
    put('pyproject.toml', '[tool.black]\nline-length = 100\n');
    assert.equal((await json(root)).code, 4);
  });

  it('takes the project in its own lock, and the members of a workspace, for no requirements', async () => {
    const member = '[[package]]\nname = "Shop_Core"\nversion = "1"\nsource = { editable = "packages/core" }\n';
    const six = '[[package]]\nname = "six"\nversion = "1.16.0"\nsource = { registry = "https://pypi.org/simple" }\n';
    const [head = ''] = lock.split('[[package]]\nname = "flask"');
    put('uv.lock', `${head}${member}${six}[manifest]\nmembers = ["shop", "shop-core"]\n`);
    const { code, report } = await json('--strict', root);
    assert.deepEqual(
      [code, report.complete, report.files[0]?.requirements.map(({ name }) => name)],
      [0, true, ['six']],
    );
    const local = member.replace('Shop_Core', 'other').replace('packages/core', '../other');
    put('uv.lock', `${head}${local}${six}`);
    assert.equal((await json('--strict', root)).code, 3, 'a folder elsewhere is a requirement');
    put('uv.lock', head);
    assert.equal((await json('--strict', root)).code, 4, 'and a lock of nothing else has none');
  });

  describe('where scopes are chosen', () => {
    const pyproject = `[build-system]
requires = ["setuptools==80.0.0"]
[project]
dependencies = ["six==1.16.0"]
[project.optional-dependencies]
web = ["flask==1.0"]
[dependency-groups]
dev = ["jinja2==2.10"]
docs = ["django==3.2.0"]
`;
    const names = ({ files }: Report): readonly string[] =>
      files.flatMap(({ requirements }) => requirements.map(({ name }) => name));
    const scoped = async (...scopes: readonly string[]): Promise<readonly string[]> =>
      names((await json(...scopes.flatMap((one) => ['--scope', one]), root)).report);

    it('checks these alone, and counts what it left out in the last line', async () => {
      put('pyproject.toml', pyproject);
      put('requirements.txt', 'attrs==23.1.0\n');
      assert.deepEqual(await scoped('main'), ['six', 'attrs']);
      assert.deepEqual(await scoped('dev'), ['jinja2', 'django']);
      assert.deepEqual(await scoped('optional', 'build'), ['setuptools', 'flask']);
      assert.deepEqual(await scoped('docs'), ['django']);
      assert.deepEqual(await scoped('group:docs', 'web'), ['flask', 'django']);
      const { code, io } = await scan('--strict', '--scope', 'main', root);
      assert.equal(code, 0);
      assert.match(
        io.out,
        /no known vulnerabilities \(2 of 2 assessed\); 4 requirements left out by --scope: build 1, optional:web 1, group:dev 1, group:docs 1/u,
      );
      const { report } = await json('--scope', 'main', root);
      assert.deepEqual((report as { leftOut?: object }).leftOut, {
        build: 1,
        'optional:web': 1,
        'group:dev': 1,
        'group:docs': 1,
      });
    });

    it('takes from a lock what the chosen ones bring in, and what nobody can say', async () => {
      put('pyproject.toml', '[project]\ndependencies = ["jinja2==2.10"]\n[dependency-groups]\ndev = ["flask==1.0"]\n');
      put(
        'uv.lock',
        `${lock}[[package]]\nname = "six"\nversion = "1.16.0"\nsource = { registry = "https://pypi.org/simple" }\n`,
      );
      assert.deepEqual(await scoped('main'), ['jinja2', 'six']);
      assert.deepEqual(await scoped('dev'), ['flask', 'jinja2', 'werkzeug', 'six']);
      const { report } = await json('--scope', 'main', root);
      assert.deepEqual((report as { leftOut?: object }).leftOut, { 'group:dev': 1, lock: 1 });
    });

    it('never looks clean where nothing is left, or where a scope is none', async () => {
      put('pyproject.toml', pyproject);
      const { code, io } = await scan('--scope', 'main', '--scope', 'dcos', root);
      assert.equal(code, 3);
      assert.match(io.err, /No requirement is in the scope "dcos"/u);
      for (const format of reportFormatIds) {
        const { code: same, io: told } = await scan('--scope', 'main', '--scope', 'dcos', '--format', format, root);
        const shown = told.out.replaceAll('\\', '').replaceAll('&quot;', '"');
        assert.equal(same, 3);
        assert.match(
          shown,
          format === 'json' ? /"unknownScopes":/u : /No requirement is in the scope "dcos"\.?/u,
          format,
        );
        assert.match(shown, /no requirement in the scope "dcos"/u, format);
        assert.doesNotMatch(shown, /files? not read/u, format);
      }
      put('pyproject.toml', '[dependency-groups]\ndev = ["jinja2==2.10"]\n');
      const empty = await scan('--scope', 'main', root);
      assert.equal(empty.code, 4);
      assert.match(empty.io.out, /nothing to scan; 1 requirement left out by --scope: group:dev 1/u);
      assert.equal((await scan('--scope', '', root)).code, 2);
      assert.equal((await scan('--scope', 'main', '--fix', root)).code, 2);
    });
  });

  it('reads what an image reads, and names what is not beside the Dockerfile', async () => {
    put('Dockerfile', 'COPY req/base.txt /tmp/\nRUN pip install -r /tmp/base.txt -r /etc/hostname -r gone.txt\n');
    put('req/base.txt', 'flask==1.0\n');
    const { code, report } = await json(path.join(root, 'Dockerfile'));
    assert.equal(code, 1);
    assert.equal(report.complete, true);
    assert.deepEqual(
      report.files.map(({ requirements, problems }) => [
        requirements.map(({ name }) => name),
        problems.map(({ code: what }) => what),
      ]),
      [
        [[], ['ignored.include', 'ignored.include']],
        [['flask'], []],
      ],
    );
    put('Dockerfile', 'RUN pip install -r gone.txt\n');
    assert.equal((await json(path.join(root, 'Dockerfile'))).code, 4);
    put('Dockerfile', 'RUN pip install -r gone.txt six==1.16.0\n');
    const partly = await json(path.join(root, 'Dockerfile'));
    assert.equal(partly.code, 0);
    assert.equal(partly.report.headline, '1 file of an image not read; nothing found in the other 1');
    assert.equal((await json(path.join(root, 'Dockerfile'), '--strict')).code, 3);
  });

  it('reads what an image that is built farther up reads, never outside of the project, and says which of two it read', async () => {
    const places = async (...paths: readonly string[]): Promise<unknown> =>
      (await json(...paths)).report.files.map(({ path: file, requirements, problems }) => [
        path.relative(root, file),
        requirements.map(({ name }) => name),
        problems.map(({ code }) => code),
      ]);
    put('app/services/a/docker/Dockerfile', 'COPY requirements.txt .\nRUN pip install -r requirements.txt\n');
    put('requirements.txt', 'django==3.2.0\n');
    assert.deepEqual(await places(path.join(root, 'app')), [
      ['app/services/a/docker/Dockerfile', [], ['ignored.include']],
    ]);
    put('app/base.txt', 'six==1.16.0\n');
    put('app/services/a/docker/Dockerfile', 'COPY . /code\nRUN pip install -r /code/base.txt\n');
    assert.deepEqual(await places(path.join(root, 'app')), [['app/base.txt', ['six'], []]]);
    put('app/services/a/base.txt', 'flask==1.0\n');
    assert.deepEqual(await places(path.join(root, 'app')), [['app/services/a/base.txt', ['flask'], []]]);
    put('app/requirements.txt', '-r base.txt\n');
    assert.deepEqual(await places(path.join(root, 'app')), [
      ['app/requirements.txt', [], []],
      ['app/base.txt', ['six'], []],
      ['app/services/a/docker/Dockerfile', [], ['ignored.otherInclude']],
      ['app/services/a/base.txt', ['flask'], []],
    ]);
    const { io } = await scan(path.join(root, 'app'));
    assert.match(
      io.out,
      /base\.txt is read from \S+services\/a\/base\.txt; an image that is built in another folder may take \S+app\/base\.txt/u,
    );
  });

  it('checks what is installed, direct and transitive', async () => {
    const install = (name: string, version: string, more = ''): void =>
      put(
        `.venv/lib/python3.12/site-packages/${name}-${version}.dist-info/METADATA`,
        `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${more}\nName: not this\n`,
      );
    put('.venv/pyvenv.cfg', 'home = /usr\n');
    install('Flask', '1.0', "Requires-Dist: Werkzeug (>=0.14)\nRequires-Dist: Jinja2 ; extra == 'never'\n");
    install('Werkzeug', '0.16.0');
    install('Jinja2', '2.10');
    put('.venv/lib/python3.12/site-packages/mine-1.dist-info/METADATA', 'Name: mine\nVersion: 1\n\n');
    put(
      '.venv/lib/python3.12/site-packages/mine-1.dist-info/direct_url.json',
      '{"url": "file:///x", "dir_info": {"editable": true}}',
    );
    put('requirements.txt', 'six==1.16.0\n');
    const environment = path.join(root, '.venv');
    const { code, report } = await json('--environment', environment, path.join(root, 'requirements.txt'));
    assert.equal(code, 1);
    const installed = report.files.find(({ kind }) => kind === 'environment');
    assert.equal(installed?.path, environment);
    assert.deepEqual(
      installed.requirements.map(({ name, verdict, reason, via, scope }) => [
        name,
        verdict ?? reason?.split(':')[0],
        via,
        scope,
      ]),
      [
        ['Flask', 'vulnerable', [], 'installed'],
        ['Jinja2', 'vulnerable', [], 'installed'],
        ['mine', 'editable', [], 'installed'],
        ['Werkzeug', 'vulnerable', ['flask'], 'installed'],
      ],
    );
    put('.venv/lib/python3.12/site-packages/broken-1.dist-info/RECORD', '');
    assert.equal((await json('--fail-on', 'none', '--environment', environment, root)).code, 3);
    assert.equal((await scan('--environment', path.join(root, 'nowhere'))).code, 2);
  });

  it('sends no package from a lock or a compiled file that the project gives an index of its own', async () => {
    put(
      'pyproject.toml',
      `[project]
dependencies = ["mine", "flask"]
[tool.uv.sources]
mine = { index = "own" }
[[tool.uv.index]]
name = "own"
url = "https://own.example/simple"
`,
    );
    put(
      'requirements.txt',
      '# This file was autogenerated by uv via the following command:\n#    uv pip compile pyproject.toml\nmine==1.0\nflask==1.0\n',
    );
    put('poetry.lock', poetryLock.replace('"jinja2"', '"mine"'));
    for (const folder of [root, path.join(root, 'requirements.txt'), path.join(root, 'poetry.lock')]) {
      const { report } = await json(folder);
      const mine = report.files.flatMap(({ requirements }) => requirements.filter(({ name }) => name === 'mine'));
      assert.ok(mine.length > 0);
      for (const { reason } of mine) assert.match(reason ?? '', /^private: mine has a package index of its own/u);
    }
  });

  it('says what is wrong with a folder that is no environment, and what to name', async () => {
    put('.venv/pyvenv.cfg', 'home = /usr\n');
    put('requirements.txt', 'six==1.16.0\n');
    const wrong = async (folder: string): Promise<string> => {
      const { code, io } = await scan('--environment', folder, root);
      assert.equal(code, 2, folder);
      assert.doesNotMatch(io.err, /no file or folder/u);
      return io.err;
    };
    assert.match(
      await wrong(path.join(root, '.venv')),
      /has a pyvenv\.cfg, but no site-packages folder\. Create it again\./u,
    );
    mkdirSync(path.join(root, '.venv/lib/python3.12/site-packages'), { recursive: true });
    assert.match(
      await wrong(root),
      /is no environment: it has no pyvenv\.cfg and no site-packages folder\. Name ".*\.venv"/u,
    );
    assert.match(
      await wrong(path.join(root, '.venv', 'lib')),
      /Name a virtual environment or a site-packages folder\./u,
    );
    assert.match(await wrong(path.join(root, 'requirements.txt')), /is a file\. Name a virtual environment/u);
    const { code, io } = await scan('--environment', path.join(root, 'nowhere'), root);
    assert.equal(code, 2);
    assert.match(io.err, /there is no file or folder ".*nowhere"/u);
  });

  it('does not name an environment as skipped whose packages it reads, however that is named', async () => {
    put('.venv/pyvenv.cfg', 'home = /usr\n');
    put('.venv/lib/python3.12/site-packages/six-1.16.0.dist-info/METADATA', 'Name: six\nVersion: 1.16.0\n\n');
    put('requirements.txt', 'six==1.16.0\n');
    for (const below of ['', 'lib/python3.12/site-packages']) {
      const { report } = await json('--environment', path.join(root, '.venv', below), root);
      assert.equal((report as { skippedPaths?: unknown }).skippedPaths, undefined, below);
    }
  });

  it('says who asks for what is installed as markers and the extras of the manifests have it', async () => {
    const install = (name: string, version: string, ...requires: readonly string[]): void =>
      put(
        `.venv/lib/python3.12/site-packages/${name}-${version}.dist-info/METADATA`,
        `Name: ${name}\nVersion: ${version}\n${requires.map((one) => `Requires-Dist: ${one}\n`).join('')}\n`,
      );
    put('.venv/pyvenv.cfg', 'home = /usr\nversion = 3.12.3\n');
    install('Flask', '1.0', 'Werkzeug; python_version < "3.8"', 'Jinja2; extra == "templates"', 'six; extra == "no"');
    install('Werkzeug', '0.16.0');
    install('Jinja2', '2.10');
    install('six', '1.16.0');
    put('requirements.txt', 'flask[Templates]>=1\n');
    const environment = path.join(root, '.venv');
    const { report } = await json('--environment', environment, path.join(root, 'requirements.txt'));
    assert.deepEqual(
      report.files.map(({ requirements }) => requirements.map(({ name, via }) => [name, via])),
      [
        [['flask', []]],
        [
          ['Jinja2', ['flask']],
          ['six', []],
          ['Werkzeug', []],
        ],
      ],
    );
  });

  it('takes from .venv who requires whom in a Pipfile.lock, and says where nothing does', async () => {
    put('Pipfile', '[packages]\nflask = "*"\n');
    put(
      'Pipfile.lock',
      '{"default": {\n"flask": {"version": "==1.0"},\n"jinja2": {"version": "==2.10"},\n"six": {"version": "==1.16.0"}}}\n',
    );
    const alone = await scan(root);
    assert.equal(alone.io.out.split('Pipfile.lock does not record who requires whom.').length, 2, alone.io.out);
    put('.venv/pyvenv.cfg', 'version = 3.12.3\n');
    put(
      '.venv/lib/python3.12/site-packages/flask-1.0.dist-info/METADATA',
      'Name: flask\nVersion: 1.0\nRequires-Dist: jinja2>=2\n',
    );
    const { io } = await scan(root);
    assert.match(io.out, /Pipfile\.lock:3:\d+: jinja2 2\.10 \(comes with flask\) has 3 known/u);
    assert.doesNotMatch(io.out, /does not record/u);
  });

  it('writes who requires whom into CycloneDX', async () => {
    put('uv.lock', lock);
    const { io } = await scan('--format', 'cyclonedx', root);
    const { dependencies } = JSON.parse(io.out) as { readonly dependencies: readonly object[] };
    assert.deepEqual(dependencies, [
      { ref: 'pkg:pypi/flask@1.0', dependsOn: ['pkg:pypi/jinja2@2.10', 'pkg:pypi/werkzeug@0.16.0'] },
    ]);
  });
});
