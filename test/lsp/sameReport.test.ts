import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { serverCommands } from '../../protocol/ids.ts';
import { reportMethod } from '../../protocol/messages/report.ts';
import { run } from '../../server/src/cli/run.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { embeddedRecords, type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { DiskIo } from '../support/diskIo.ts';
import { TestClient } from '../support/lspHarness.ts';
import { type IndexProjects, startPackageIndex } from '../support/packageIndexService.ts';
import { serverScript } from '../support/serverProcess.ts';
import { type Tree, writeTree } from '../support/trees.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const corpus = path.resolve(repository, '../shared/requirements-corpus/files.jsonl.gz');
const realFiles = 200;
const someFiles = 30;

/** Each stands for something that the two fronts could see differently. */
const trees: Readonly<Record<string, Tree>> = {
  'one file': { 'requirements.txt': 'django==3.2.0\nsix==1.16.0\nrequests>=2\n' },
  'no file at all': { 'readme.md': '# nothing\n' },
  'an empty file': { 'requirements.txt': '' },
  'lines that cannot be read': {
    'requirements.txt':
      'django==\n===\n-r\n--nope\n-e .\n./local\nhttps://e.org/x.zip\nsix @ file:///x\ndjango==3.2.*,!=4\nx===y\n',
  },
  'hashes, continuations and comments': {
    'requirements.txt':
      'django==3.2.0 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb # why\n\nsix==1.16.0 ; python_version < "3"\n',
  },
  'several encodings and line ends': {
    'requirements.txt': Buffer.from('\uFEFFdjango==3.2.0\r\nsix==1.16.0\rrequests==2.19.1\n'),
    'requirements-latin.txt': Buffer.from('# -*- coding: latin-1 -*-\n# caf\xe9\ndjango==3.2.0\n', 'latin1'),
    'requirements-wide.txt': Buffer.from('\uFEFFdjango==3.2.0\n', 'utf16le'),
    'requirements-broken.txt': Buffer.from([0x64, 0xff, 0xfe, 0x0a]),
    'requirements-nul.txt': 'django==3.2.0\0\n',
  },
  'folders, nested and hidden': {
    'requirements.txt': 'six==1.16.0\n',
    'b/requirements.txt': 'django==3.2.0\n',
    'a/requirements/dev.txt': 'django==3.2.5\n',
    'a/requirements/sub/prod.in': 'django\n',
    'a.b/requirements.txt': 'django==3.2.0\n',
    '.github/requirements.txt': 'requests==2.19.1\n',
    '.hidden/deep/constraints-x.txt': 'requests==2.19.1\n',
    '.venv/pyvenv.cfg': '',
    '.venv/lib/requirements.txt': 'django==3.2.0\n',
    'node_modules/x/requirements.txt': 'django==3.2.0\n',
    '__pycache__/requirements.txt': 'django==3.2.0\n',
    '.git/requirements.txt': 'django==3.2.0\n',
    'build/requirements.txt': 'django==3.2.0\n',
  },
  'includes here and there': {
    'requirements.txt':
      '-r base.pip\n-c pins/all.txt\n-r sub/more.txt\n--requirement=last.txt\n--constraint other.txt\n',
    'base.pip': 'django\nrequests>=2\n-r sub/../deep.txt\n',
    'deep.txt': 'six\n',
    'pins/all.txt': 'django==3.2.0\n-r below.txt\n',
    'pins/below.txt': 'requests==2.19.1\n',
    'sub/more.txt': '-r ../requirements.txt\n-r more.txt\ndjango>=3\n',
    'last.txt': 'six>=1\n',
    'other.txt': 'six==1.16.0\n',
    'z/requirements.txt': '-r ../sub/more.txt\ndjango\n',
  },
  'includes that are not read': {
    'requirements.txt':
      '-r gone.txt\n-c ../out.txt\n-r /etc/hostname\n-r https://user:secret@e.org/x.txt\n-r HTTP://e.org/y\n-r ftp://e.org/z.txt\n-r folder\n-r bad.bin\n-c folder/../gone.txt\n-r x:y\n-r ~/no.txt\n-r "quoted name.txt"\n-r a\\ b.txt\n-r $HOME/x\n-r ${HOME}/x\n-r file:///etc/hostname\n-c file://elsewhere/x.txt\n-r file:gone.txt\n-r file:///%zz\ndjango==3.2.0\n',
    'folder/inner.txt': 'six\n',
    'bad.bin': Buffer.from([0x64, 0xff, 0xfe, 0x00, 0x0a]),
    'sub/requirements.txt': '-r ftp://e.org/z.txt\n-r ../../out.txt\n-r x:y\n-r ./gone/../gone.txt\n',
  },
  'constraints that decide, conflict and contradict': {
    'requirements.txt': '-c pins/a.txt\n-c pins/b.txt\ndjango\nsix>=2\nrequests\nattrs\njinja2>=2\n',
    'pins/a.txt': 'django==3.2.0\nsix==1.16.0\nrequests==2.19.1\njinja2==2.10\n',
    'pins/b.txt': 'django==3.2\nrequests==2.31.0\nattrs>=20\njinja2==2.10.0\nsix==1.16\n',
    'a/requirements.txt': '-c ../pins/b.txt\n-c ../pins/a.txt\ndjango\njinja2\nsix>=2\n',
    'z/requirements.txt': '-r ../a/base.pip\n',
    'a/base.pip': 'six>=2\n-c ../pins/c.txt\n',
    'b/requirements.txt': '-r ../a/base.pip\n-c ../pins/d.txt\n',
    'pins/c.txt': 'jinja2==2.10\n',
    'pins/d.txt': 'six==1.16.0\n-c e.txt\n',
    'pins/e.txt': 'six==1.16\n-c b.txt\n',
  },
  'ignore files, near and far': {
    'osv-scanner.toml':
      '[[IgnoredVulns]]\nid = "CVE-2021-35042"\nreason = "known"\n\n[[IgnoredVulns]]\nid = "CVE-2000-0001"\n\n[[IgnoredVulns]]\nid = "CVE-2018-18074"\nignoreUntil = 2020-01-01\n',
    'requirements.txt': 'django==3.2.0\nrequests==2.19.1\n',
    'near/osv-scanner.toml':
      '[[PackageOverrides]]\nname = "requests"\necosystem = "PyPI"\nvulnerability.ignore = true\n',
    'near/requirements.txt': 'django==3.2.0\nrequests==2.19.1\n',
    'groups/osv-scanner.toml': '[[PackageOverrides]]\ngroup = "dev"\necosystem = "PyPI"\nignore = true\n',
    'groups/requirements/dev.txt': 'django==3.2.0\n',
    'groups/requirements.txt': 'django==3.2.0\n',
    'uv/pyproject.toml': '[tool.uv.audit]\nignore = ["CVE-2021-35042"]\nignore-until-fixed = ["CVE-2018-18074"]\n',
    'uv/deep/requirements.txt': 'django==3.2.0\nrequests==2.19.1\n',
    'broken/osv-scanner.toml': '[[IgnoredVulns]\n',
    'broken/requirements.txt': 'django==3.2.0\n',
    'unread/osv-scanner.toml': Buffer.from([0xff, 0xfe, 0xff]),
    'unread/requirements.txt': 'django==3.2.0\n',
    'folder/osv-scanner.toml/x': '',
    'folder/requirements.txt': 'django==3.2.0\n',
  },
  'locks and environments': {
    'requirements.txt': 'django\nrequests>=2\nsix\n',
    'uv.lock':
      'version = 1\n\n[[package]]\nname = "django"\nversion = "3.2.0"\nsource = { registry = "https://pypi.org/simple" }\n',
    'poetry/requirements.txt': 'django>=3\nrequests\n',
    'poetry/poetry.lock': '[[package]]\nname = "requests"\nversion = "2.19.1"\n\n[metadata]\nlock-version = "2.0"\n',
    'compiled/requirements.in': 'django>=4\nrequests\n',
    'compiled/requirements.txt':
      '# This file is autogenerated by pip-compile\n#    pip-compile requirements.in\ndjango==3.2.0\n    # via -r requirements.in\nrequests==2.19.1\n    # via -r requirements.in\n',
    'installed/requirements.txt': 'django\n-r sub/base.pip\n',
    'installed/sub/base.pip': 'requests\n',
    'installed/.venv/pyvenv.cfg': '',
    'installed/.venv/lib/python3.12/site-packages/django-3.2.0.dist-info/METADATA':
      'Name: django\nVersion: 3.2.0\nRequires-Dist: jinja2>=2\nRequires-Dist: gone; python_version < "3"\n',
    'installed/.venv/lib/python3.12/site-packages/jinja2-2.10.dist-info/METADATA': 'Name: jinja2\nVersion: 2.10\n',
    'installed/.venv/lib/python3.12/site-packages/broken-2.10.dist-info/RECORD': '',
    'installed/.venv/lib/python3.12/site-packages/pip-20.0.dist-info/METADATA': 'Name: pip\nVersion: 20.0\n',
    'installed/.venv/lib/python3.12/site-packages/requests-2.19.1.dist-info/METADATA':
      'Name: requests\nVersion: 2.19.1\n',
  },
  'names that addresses spell otherwise': {
    "a (1) & 'b', [c]/requirements +@$!;=,.txt":
      '-r ünï côde.txt\n-r per%20cent.txt\n-r per%2Fcent.txt\n-c hash#tag.txt\n-r what?.txt\ndjango\n',
    "a (1) & 'b', [c]/ünï côde.txt": 'django==3.2.0\n',
    "a (1) & 'b', [c]/per%20cent.txt": 'requests==2.19.1\n',
    "a (1) & 'b', [c]/per%2Fcent.txt": 'requests==2.19.1\n',
    "a (1) & 'b', [c]/hash#tag.txt": 'django==3.2.0\n',
    "a (1) & 'b', [c]/what?.txt": 'six==1.16.0\n',
    'back\\slash/requirements.txt': 'django==3.2.0\n-r ..\\x.txt\n',
    'c:/requirements.txt': 'django==3.2.0\n-r base.txt\n',
    'c:/base.txt': 'six==1.16.0\n',
  },
  'links that stay and links that lead out': {
    'requirements.txt':
      '-r link.txt\n-r folder/base.txt\n-r out.txt\n-c outside/secret.txt\n-r round.txt\nsix==1.16.0\n',
    'pins/base.txt': 'django==3.2.0\n-r more.txt\n',
    'pins/more.txt': 'requests==2.19.1\n',
    'pins/requirements.txt': 'django==3.2.0\n',
    'link.txt': { link: 'pins/base.txt' },
    folder: { link: 'pins' },
    'out.txt': { link: '/etc/hostname' },
    outside: { link: '/etc' },
    'round.txt': { link: 'round.txt' },
    'requirements-linked.txt': { link: 'pins/base.txt' },
    'requirements-out.txt': { link: '/etc/hostname' },
    'requirements-gone.txt': { link: 'nowhere.txt' },
    'sub/up': { link: '..' },
  },
  'includes of odd names': {
    'requirements.txt': `-r .\n-r ..\n-r ""\n-r a\0b.txt\n-r ${'n'.repeat(300)}.txt\n-r ${'d/'.repeat(3000)}x\n-r base.txt/\n-r base.txt/x\n-r base.txt\n-r ./base.txt\n-c base.txt\n-r gone.txt\n-r gone.txt\n`,
    'base.txt': 'django==3.2.0\n',
    'REQUIREMENTS-up.TXT': 'six==1.16.0\n',
    'requirements.txt.bak': 'django==3.2.0\n',
    'requirements-folder.txt/x.txt': 'django==3.2.0\n',
  },
  'files that are too large': {
    'requirements.txt': '-r many.pip\n-r large.pip\nsix==1.16.0\n',
    'many.pip': '\n'.repeat(250_001),
    'large.pip': `# ${' '.repeat(10 * 1024 * 1024)}\n`,
    'requirements-large.txt': `# ${' '.repeat(10 * 1024 * 1024)}\n`,
    'requirements-many.txt': '\n'.repeat(250_001),
  },
  'folders that are too deep': {
    [`${'d/'.repeat(25)}requirements.txt`]: 'django==3.2.0\n',
    'requirements.txt': `-r ${'d/'.repeat(25)}requirements.txt\n`,
  },
  'secrets in lines': {
    'requirements.txt':
      '--index-url https://user:secret@e.org/simple\ndjango @ git+https://user:secret@e.org/x\n-r https://e.org/x?token=abcdef0123456789abcdef\ndjango==3.2.0 --index-url https://a:b@e.org\n',
  },
  'a chain of more includes than are followed': Object.fromEntries([
    ['requirements.txt', '-r f0.pip\n'],
    ...Array.from({ length: 510 }, (_, at) => [`f${at}.pip`, `-r f${at + 1}.pip\n`] as const),
  ]),
};

describe('editor and command line', function () {
  this.timeout(120_000);
  let root: string;
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [embeddedRecords, demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-same-')));
    // Neither looks above the folder.
    writeTree(root, {
      'out.txt': 'django==3.2.0\n',
      'osv-scanner.toml': '[[IgnoredVulns]]\nid = "CVE-2021-35042"\n',
      'uv.lock': 'version = 1\n\n[[package]]\nname = "six"\nversion = "1.16.0"\n',
      'pyproject.toml': '[tool.uv.audit]\nignore = ["CVE-2018-18074"]\n',
    });
  });
  afterEach(() => {
    service.reset();
    rmSync(root, { recursive: true });
  });

  /** `folders`: what both look at; with several the paths begin with their names. */
  async function agree(folders: readonly string[], index = 'none'): Promise<readonly string[]> {
    const start = folders.length > 1 ? root : path.join(root, folders[0] ?? '');
    const plain = (text: string): string => text.replaceAll(`${JSON.stringify(start).slice(1, -1)}/`, '');
    const editor = (await editorReports(folders, index)).map(plain);
    const cli = (await cliReports(folders, start, index)).map(plain);
    const [ours, theirs] = [comparable(editor[0] ?? ''), comparable(cli[0] ?? '')];
    assert.deepEqual(
      ours.files.map((file) => file.path),
      theirs.files.map((file) => file.path),
    );
    theirs.files.forEach((file, at) => assert.deepEqual(ours.files[at], file));
    assert.deepEqual(ours, theirs);
    assert.deepEqual(editor.slice(1), cli.slice(1));
    return cli;
  }

  async function editorReports(folders: readonly string[], index: string): Promise<readonly string[]> {
    const client = await TestClient.start(nodeEnvironment('1.2.3', serverScript), {
      folders: folders.map((folder) => pathToFileURL(path.join(root, folder)).href),
      settings: { osv: { url: service.url }, index: { url: index } },
    });
    try {
      await client.execute(serverCommands.rescan);
      const texts: string[] = [];
      for (const format of formats) {
        texts.push((await client.request<{ readonly text: string }>(reportMethod, { format })).text);
      }
      return texts;
    } finally {
      await client.stop();
    }
  }

  async function cliReports(folders: readonly string[], start: string, index: string): Promise<readonly string[]> {
    const before = process.cwd();
    process.chdir(start);
    try {
      const io = new DiskIo();
      const outputs = formats.flatMap((format) => ['--output', `${format}=${format}`]);
      const paths = folders.length > 1 ? folders : ['.'];
      // The editor reports what is installed, too.
      const installed = existsSync('installed/.venv') ? ['--environment', 'installed/.venv'] : [];
      await run(['scan', ...paths, ...installed, '--osv-url', service.url, '--index-url', index, ...outputs], io);
      return formats.map((format) => io.written.get(format) ?? `nothing: ${io.err}`);
    } finally {
      process.chdir(before);
    }
  }

  for (const [name, tree] of Object.entries(trees)) {
    it(`report the same on ${name}`, async () => {
      writeTree(path.join(root, 'project'), tree);
      mkdirSync(path.join(root, 'project'), { recursive: true });
      await agree(['project']);
    });
  }

  it('report the same on what is installed', async () => {
    const site = 'installed/.venv/lib/python3.12/site-packages';
    writeTree(path.join(root, 'project'), {
      'installed/requirements.txt': 'flask[async]>=1\n',
      'installed/.venv/pyvenv.cfg': 'version = 3.12.3\n',
      [`${site}/flask-1.0.dist-info/METADATA`]:
        'Name: flask\nVersion: 1.0\nRequires-Dist: jinja2>=2\nRequires-Dist: six; extra == "async"\n',
      [`${site}/jinja2-2.10.dist-info/METADATA`]:
        'Name: jinja2\nVersion: 2.10\nRequires-Dist: django; python_version < "3"\n',
      [`${site}/six-1.16.0.dist-info/METADATA`]: 'Name: six\nVersion: 1.16.0\n',
      [`${site}/django-3.2.0.dist-info/METADATA`]: 'Name: django\nVersion: 3.2.0\n',
    });
    const [json = ''] = await agree(['project']);
    const { files } = JSON.parse(json) as {
      readonly files: readonly {
        readonly path: string;
        readonly requirements: readonly { readonly name: string; readonly via?: readonly string[] }[];
      }[];
    };
    assert.deepEqual(
      files.map((file) => [file.path, file.requirements.map(({ name, via }) => [name, via])]),
      [
        ['installed/requirements.txt', [['flask', []]]],
        [
          'installed/.venv',
          [
            ['django', []],
            ['jinja2', ['flask']],
            ['six', ['flask']],
          ],
        ],
      ],
    );
  });

  it('report the same on includes by file URLs', async () => {
    const project = path.join(root, 'a project');
    const url = (name: string): string => pathToFileURL(path.join(project, name)).href;
    writeTree(project, {
      'sub/requirements.txt': `-r ${url('base.pip')}\n-c ${url('é pins.txt')}\n-r ${url('gone.txt')}\n-r FILE:${url('x.pip').slice(5)}?a#b\ndjango\n`,
      'base.pip': '-r x.pip\ndjango\n',
      'é pins.txt': 'django==3.2.0\n',
      'x.pip': 'six\n',
    });
    await agree(['a project']);
  });

  it('report the same where nobody answers', async () => {
    writeTree(path.join(root, 'project'), { 'requirements.txt': 'django==3.2.0\nsix>=1\n' });
    service.faults.set('all', { kind: 'status', status: 400 });
    await agree(['project']);
  });

  it('report the same on files that never end', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    writeTree(path.join(root, 'project'), {
      'requirements.txt': 'django==3.2.0\n-r pipe.txt\n-c zero.txt\n',
      'zero.txt': { link: '/dev/zero' },
    });
    const pipes = ['pipe.txt', 'osv-scanner.toml', 'uv.lock', 'dev-requirements.txt'];
    execFileSync(
      'mkfifo',
      pipes.map((pipe) => path.join(root, 'project', pipe)),
    );
    await agree(['project']);
  });

  for (const [name, from, folders] of [
    ['the workspace of the host tests', 'test/fixtures/workspace', ['.']],
    ['each of two roots', 'test/fixtures/two-roots', ['api']],
    ['the other of two roots', 'test/fixtures/two-roots', ['worker']],
    ['a root that comes late', 'test/fixtures/two-roots', ['late']],
    ['several roots', 'test/fixtures/two-roots', ['api', 'late', 'worker']],
    ['the sample', 'sample', ['.']],
  ] as const) {
    it(`report the same on ${name}`, async () => {
      cpSync(path.join(repository, from), path.join(root, 'project'), { recursive: true });
      root = path.join(root, 'project');
      try {
        await agree(folders);
      } finally {
        root = path.dirname(root);
      }
    });
  }

  it(`report the same on ${realFiles} real files`, async function () {
    if (!writeRealFiles(path.join(root, 'project'), realFiles)) this.skip();
    await agree(['project']);
  });

  it(`report the same on ${realFiles} real files with rules and ignores`, async function () {
    const project = path.join(root, 'project');
    if (!writeRealFiles(project, realFiles)) this.skip();
    writeTree(project, {
      'pinwatch.toml': rules,
      'osv-scanner.toml': '[[PackageOverrides]]\nname = "requests"\necosystem = "PyPI"\nvulnerability.ignore = true\n',
    });
    const [json = ''] = await agree(['project']);
    const { summary } = JSON.parse(json) as RealReport;
    assert.deepEqual(codesOf(json), ['policy-package']);
    assert.ok(summary.policy > 10 && summary.ignored > 10, JSON.stringify(summary));
    // What follows takes a request for each project and each licence.
    for (let at = someFiles; at < realFiles; at++) rmSync(path.join(project, String(at)), { recursive: true });
    const [unruled = ''] = await cliReports(['project'], project, 'none');
    const index = await startPackageIndex(projectsOf(JSON.parse(unruled) as RealReport));
    try {
      writeTree(project, { 'pinwatch.toml': `${rules}${indexRules}` });
      const [judged = ''] = await agree(['project'], index.url);
      assert.deepEqual(codesOf(judged), [
        'license-unknown',
        'policy-archived',
        'policy-license',
        'policy-package',
        'policy-yanked',
        'release-unknown',
      ]);
      assert.equal((JSON.parse(judged) as RealReport).unjudged, undefined);
    } finally {
      await index.close();
    }
  });
});

/** Whether there are any: real ones, each in a folder of its own. */
function writeRealFiles(project: string, count: number): boolean {
  if (!existsSync(corpus)) {
    console.log('skipped: there are no real requirements files beside the repository');
    return false;
  }
  const rows = gunzipSync(readFileSync(corpus))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly id: string; readonly path: string; readonly text: string });
  const every = Math.floor(rows.length / count);
  const chosen = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter((_, at) => at % every === 0);
  for (const [at, { path: name, text }] of chosen.slice(0, count).entries()) {
    writeTree(path.join(project, String(at)), { [path.basename(name)]: text });
  }
  return true;
}

interface RealReport {
  readonly files: readonly {
    readonly requirements: readonly {
      readonly normalizedName: string;
      readonly version: string | null;
      readonly policy: readonly { readonly code: string }[];
    }[];
  }[];
  readonly summary: { readonly policy: number; readonly ignored: number };
  readonly unjudged?: readonly string[];
}

function codesOf(json: string): readonly string[] {
  const { files } = JSON.parse(json) as RealReport;
  const found = files.flatMap(({ requirements }) => requirements.flatMap(({ policy }) => policy));
  return [...new Set(found.map(({ code }) => code))].sort();
}

const rules = `fail-on = "high"
exclude = ["1?/**"]
[[ignore]]
id = "CVE-2021-35042"
reason = "not reached"
[policy.packages]
deny = ["numpy <1.20", "pillow"]
`;
const indexRules = `[policy]
yanked = "error"
archived = "warning"
[policy.licenses]
allow = ["MIT", "BSD-*"]
except = ["requests"]
level = "warning"
`;
const licences = ['License-Expression: MIT', 'License-Expression: GPL-3.0-only', 'License: something', 'License: BSD'];

/** A project of the index for each package that is pinned, with its versions: some of each licence, yanked, archived. */
function projectsOf({ files }: RealReport): IndexProjects {
  const versions = new Map<string, Set<string>>();
  for (const { normalizedName: name, version } of files.flatMap(({ requirements }) => requirements)) {
    if (version === null) continue;
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  const projects = [...versions].map(([name, all], at) => {
    const listed = [...all].map((version) => ({
      filename: `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`,
      metadata: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\n${licences[at % licences.length] ?? ''}\n\n`,
      ...(at % 7 === 0 ? { yanked: 'broken' } : {}),
    }));
    return [name, at % 11 === 0 ? { files: listed, status: 'archived' } : listed] as const;
  });
  return Object.fromEntries(projects);
}

const formats = ['json', 'text'] as const;

interface Comparable extends Record<string, unknown> {
  readonly files: readonly { readonly path: string }[];
}

/** A JSON report without statistics, times and the id that the command line gives a scan. */
function comparable(text: string): Comparable {
  const { statistics, source, scanId, ...report } = JSON.parse(text) as Comparable;
  assert.ok(statistics !== undefined);
  assert.ok(scanId === undefined || typeof scanId === 'string');
  const { dataAgeDays, ...rest } = source as Record<string, unknown>;
  assert.ok(dataAgeDays === undefined || typeof dataAgeDays === 'number');
  return { ...report, source: rest };
}
